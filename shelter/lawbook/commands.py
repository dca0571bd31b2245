"""What a legal supervisor asks of the law book: a rule, a fee or a type of matter, new or in a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shelter.rules.deadlines.rule import Unit
from shelter.rules.matters import Form, Stage


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A new version of a rule, from a day on. What is not named stays as in the version before.

    `made_from` is the latest version that whoever changes it has seen; None for a rule that is new.
    """

    rule: str
    count: int
    unit: str
    roll: str
    mail_days: int
    act_by: int | None
    alerts: tuple[int, ...]
    printed_date_required: bool
    advice: str
    source: str
    certainty: str
    effective_from: date
    effective_until: date | None = None
    made_from: int | None = None


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule of this agency's own; `counts` says how it counts and names no rule yet."""

    label: str
    kind: str
    trigger: str
    matters: tuple[str, ...]
    last_day: str
    received: bool
    jurisdictional: bool
    counts: ChangeRule


@dataclass(frozen=True, slots=True)
class KeepFee:
    """A line of the fee table, new where `code` is empty."""

    code: str
    way: str
    label: str
    forms: tuple[str, ...]
    matters: tuple[str, ...]
    dollars: int | None
    indexed: bool
    waivable: bool
    advice: str
    source: str
    certainty: str
    effective_from: date
    effective_until: date | None = None


@dataclass(frozen=True, slots=True)
class KeepType:
    """A type of matter, new where `code` is empty; one that is there keeps what is not named."""

    code: str
    label: str
    classification: str
    protected: bool
    stages: tuple[Stage, ...]
    forms: tuple[Form, ...]
    notices: tuple[str, ...]
    people: tuple[str, ...]
    gather: tuple[str, ...]
    rules: tuple[str, ...]
    advice: str
    source: str
    certainty: str
    effective_from: date


@dataclass(frozen=True, slots=True)
class KeepCertifier:
    """A sort of agency that certifies, new where `code` is empty: which law, and how long it has to answer.

    `days` and `urgent` are by what is asked for; what is not named has no clock. `urgent_word` is put behind the name
    of a clock that is shorter, in the language of whoever writes it.
    """

    code: str
    label: str
    days: Mapping[str, int]
    urgent: Mapping[str, int]
    unit: Unit
    urgent_word: str
    remind_after: int
    advice: str
    source: str
    certainty: str
    effective_from: date
    effective_until: date | None = None
