"""The rules that count an agency's answer, made from the days that a legal supervisor writes for it."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import asdict as fields_of

from shelter.lawbook.commands import KeepCertifier
from shelter.rules.broken import Broken
from shelter.rules.certifiers import KINDS, Certifier
from shelter.rules.deadlines import Rule, RuleBook

Numbered = Callable[[str], int]
"""The next version number of a rule, which nobody was given yet."""

_MATTERS = {kind: (matter,) for kind, matter in zip(KINDS, ("u_visa", "t_visa", "continued_presence"), strict=True)}
_FORMS = dict(zip(KINDS, ("I-918B", "I-914B", "CP"), strict=True))
"""What is asked for, by the name that it has in every language."""


def counted_by(
    command: KeepCertifier, code: str, before: Certifier | None, book: RuleBook, next_version: Numbered
) -> dict[str, object]:
    """`clock`, `urgent` and `counted` of a version. A rule that counts the same already gets no new version.

    Raises `Broken` for a clock that is longer where it is urgent.
    """
    for kind, days in command.urgent.items():
        if kind in command.days and days > command.days[kind]:
            raise Broken("law.urgent_longer", field=f"urgent_{kind}")
    clock = _named(command.days, before.clock if before else {}, f"{code}.")
    urgent = _named(command.urgent, before.urgent if before else {}, f"{code}.urgent_")
    wanted = [(clock[kind], kind, days, "") for kind, days in command.days.items()]
    wanted += [(urgent[kind], kind, days, f", {command.urgent_word}") for kind, days in command.urgent.items()]
    counted = []
    for rule_id, kind, days, more in wanted:
        known = book.versions(rule_id)[-1] if rule_id in book.known else None
        if known is None or not _same(known, days, command):
            label = f"{command.label}: {_FORMS[kind]}{more}"
            counted.append(_rule(known, rule_id, kind, days, label, command, next_version(rule_id)))
    return {"clock": clock, "urgent": urgent, "counted": tuple(counted)}


def _named(days: Mapping[str, int], before: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {kind: before.get(kind, f"{prefix}{kind}") for kind in KINDS if kind in days}


def _same(known: Rule, days: int, command: KeepCertifier) -> bool:
    return (known.count, known.unit) == (days, command.unit) and known.holds_on(command.effective_from)


def _rule(
    known: Rule | None, rule_id: str, kind: str, days: int, label: str, command: KeepCertifier, version: int
) -> dict[str, Any]:
    """The fields of a version; whether they make a rule is checked with the agency as a whole."""
    first = {"id": rule_id, "label": label, "kind": "answer", "trigger": "certification_asked", "roll": "forward"}
    return {
        **(fields_of(known) if known else first | {"matters": _MATTERS[kind]}),
        "version": version,
        "count": days,
        "unit": command.unit,
        "mail_days": 0,
        "act_by": None,
        "alerts": _alerts(days),
        "source": command.source,
        "certainty": command.certainty,
        "effective_from": command.effective_from,
        "effective_until": command.effective_until,
    }


def _alerts(days: int) -> tuple[int, ...]:
    """A week before where there is one, and on the day itself."""
    return (7, 0) if days > 14 else (2, 0) if days > 2 else (0,)  # days of a calendar
