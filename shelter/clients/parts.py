"""The record in parts as people fill it: what each part asks, how far it has come, and what is sent to save it."""

from dataclasses import dataclass, field, fields
from datetime import date, time
from enum import StrEnum


class Progress(StrEnum):
    """What the person at the desk says about a part; she decides when it is done."""

    NOT_STARTED = ""
    IN_PART = "part"
    DONE = "done"
    LATER = "later"


class Part(StrEnum):
    """The parts of the intake, in the order in which they are offered."""

    FIRST = "first"
    NAMES = "names"
    BIRTH = "birth"
    CONTACT = "contact"
    HOUSEHOLD = "household"
    REFERRAL = "referral"
    DANGERS = "dangers"
    NUMBERS = "numbers"
    READBACK = "readback"


@dataclass(frozen=True, slots=True)
class Told:
    """A birth date as it was told; `precision` is exact, approximate, declined or not_asked."""

    precision: str = "not_asked"
    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class FirstMeeting:
    """Enough for a bed. The words of the desk card; names, pronouns and languages stand in the identity too."""

    working_name: str = ""
    pronouns: str = ""
    languages: tuple[str, ...] = ()
    room_needs: tuple[str, ...] = ()
    allergies: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    legal_name: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Born:
    birth: Told = field(default_factory=Told)
    minor_consent: str = ""
    minor_consent_note: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    referral_source: str = ""
    referral_note: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """`ssn` None keeps the number that is there, which no form ever shows."""

    a_number: str = ""
    ssn: str | None = None


Answers = FirstMeeting | Names | Born | Referral | Numbers
ASKED: dict[Part, type[Answers]] = {
    Part.FIRST: FirstMeeting,
    Part.NAMES: Names,
    Part.BIRTH: Born,
    Part.REFERRAL: Referral,
    Part.NUMBERS: Numbers,
}


def questions(part: Part) -> tuple[str, ...]:
    """The names of the questions of a part; what was skipped is kept under them."""
    return tuple(one.name for one in fields(ASKED[part])) if part in ASKED else ()


@dataclass(frozen=True, slots=True)
class Begin:
    """A new client: the first meeting, at one of the worker's sites (id)."""

    site: bytes
    answers: FirstMeeting


@dataclass(frozen=True, slots=True)
class SavePart:
    """One part of her record; `version` and `desk_version` are those the form was made from."""

    code: str
    part: Part
    version: int
    answers: Answers | None
    skipped: dict[str, str] = field(default_factory=dict)
    progress: Progress = Progress.IN_PART
    desk_version: int = 0


@dataclass(frozen=True, slots=True)
class SaveContact:
    """What she said about one channel."""

    code: str
    version: int
    channel: str
    allowed: str
    value: str = ""
    hours_from: time | None = None
    hours_to: time | None = None
    say: str = ""
    code_word: str = ""
    language: str = ""
    shared_with: str = ""
    skipped: str = ""
    confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class SaveDanger:
    """Somebody who endangers her; `id` is empty for a new one, `at_door` gives the desk an alert."""

    code: str
    version: int
    id: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    relationship: str = ""
    description: str = ""
    vehicle: str = ""
    order_in_force: str = ""
    respond: str = "call_on_call"
    at_door: bool = True
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddMember:
    """Somebody who came with her: a client of her own, opened by the same people."""

    code: str
    answers: FirstMeeting
    relationship: str
    birth: Told
    minor_consent: str = ""
    minor_consent_note: str = ""
    skipped: dict[str, str] = field(default_factory=dict)
