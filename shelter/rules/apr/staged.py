"""Tables that ask the same at the start, at the annual assessment and at the exit: keys as (row, column)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from shelter.rules.apr import money
from shelter.rules.apr.facets import TOTAL, code
from shelter.rules.apr.members import Member
from shelter.rules.apr.records import Disability, Income
from shelter.rules.apr.stages import STAGES, Stage, disabilities_at, income_at

Staged = Callable[[Member], Iterable[tuple[str, str]]]
_CENTS = 100
_BRACKETS = (150, 250, 500, 1000, 1500, 2000)
_REFUSED = (8, 9)
_KNOWN = (0, 1)
_ALCOHOL, _DRUGS, _BOTH = 1, 2, 3
_SUBSTANCES = 10
_CONDITIONS = {9: "mental", 7: "chronic", 8: "hiv", 6: "developmental", 5: "physical"}
_SUBSTANCE_NAMES = {_ALCOHOL: "alcohol", _DRUGS: "drug", _BOTH: "both"}


def asked_at(member: Member) -> Iterator[tuple[Stage, Income | None]]:
    """The stages at which she is asked, with the record that answers."""
    for stage in STAGES:
        if stage == "annual" and (member.is_leaver or member.required is None):
            continue
        if stage == "exit" and not member.is_leaver:
            continue
        yield stage, income_at(member, stage)


def _outside(member: Member) -> Iterator[tuple[str, str]]:
    """Totals, and stayers without an assessment: not yet due, or due and not made."""
    yield TOTAL, "start"
    if member.is_leaver:
        yield TOTAL, "exit"
        return
    yield TOTAL, "annual"
    if member.required is None:
        yield "not yet", "annual"
    elif income_at(member, "annual") is None:
        yield "not made", "annual"


def _brackets(member: Member) -> Iterator[tuple[str, str]]:
    yield from _outside(member)
    for stage, record in asked_at(member):
        if record is not None or stage != "annual":
            yield _bracket(record, member.rules.income_cleaned), stage


def _bracket(record: Income | None, cleaned: bool) -> str:
    said = money.answer(record, cleaned=cleaned)
    if said in _REFUSED:
        return "refused"
    known = money.total(record) if record is not None and said in _KNOWN else None
    if known is None:
        return "unasked"
    if known <= 0:
        return "0"
    return next((str(limit) for limit in _BRACKETS if known <= limit * _CENTS), "more")


def _sources(member: Member) -> Iterator[tuple[str, str]]:
    at_start = income_at(member, "start")
    for stage, record in asked_at(member):
        if record is None:
            continue
        for source in record.sources:
            yield source, stage
        if stage != "start" and _is_known(member, at_start) and _is_known(member, record):
            yield "both times", stage


def _is_known(member: Member, record: Income | None) -> bool:
    return money.answer(record, cleaned=member.rules.income_cleaned) in _KNOWN


def _kinds(member: Member) -> Iterator[tuple[str, str]]:
    """Only earned, only other, both or none."""
    yield from _outside(member)
    at_start = income_at(member, "start")
    for stage, record in asked_at(member):
        if record is None and stage == "annual":
            continue
        row = _kind(record, member.rules.income_cleaned)
        yield row, stage
        if row in ("earned", "other", "both"):
            yield "some", stage
        if stage != "start" and _is_known(member, at_start) and _is_known(member, record):
            yield "both times", stage


def _kind(record: Income | None, cleaned: bool) -> str:
    bracket = _bracket(record, cleaned)
    if record is None or bracket in ("refused", "unasked"):
        return "refused" if bracket == "refused" else "unasked"
    if bracket == "0":
        return "none"
    earned = money.earned(record)
    other = (money.total(record) or 0) - earned
    return "both" if earned > 0 and other > 0 else "earned" if earned > 0 else "other"


def _leaves_with_head(member: Member) -> bool:
    head = member.head
    return member.is_head or (head is not None and head.left == member.left)


def _benefits(member: Member) -> Iterator[tuple[str, str]]:
    for stage, record in asked_at(member):
        if record is None or (stage == "exit" and not _leaves_with_head(member)):
            continue
        for benefit in record.benefits:
            yield benefit, stage


def _benefit_counts(member: Member) -> Iterator[tuple[str, str]]:
    stages: dict[str, Income | None] = dict(asked_at(member))
    if not member.is_leaver:
        stages.setdefault("annual", None)
    for stage, record in stages.items():
        if stage == "exit" and not _leaves_with_head(member):
            continue
        yield TOTAL, stage
        yield _benefit_count(record, member.rules.income_cleaned), stage


def _benefit_count(record: Income | None, either: bool) -> str:
    """Until FY2022 "one or more" needs the answer and a source; since then either will do."""
    if record is None:
        return "unasked"
    said = record.any_benefits
    if said == 0 and not (either and record.benefits):
        return "none"
    if (said == 1 and record.benefits) or (either and (said == 1 or record.benefits)):
        return "some"
    return "refused" if said in _REFUSED else "unasked"


def _insurance(member: Member) -> Iterator[tuple[str, str]]:
    if not member.is_leaver and member.required is None:
        yield "not yet", "annual"
    for stage, record in asked_at(member):
        held = record.insurance if record else frozenset()
        for source in held:
            yield source, stage
        if held:
            yield "one" if len(held) == 1 else "several", stage
            continue
        said = record.any_insurance if record else None
        yield "none" if said in _KNOWN else "refused" if said in _REFUSED else "unasked", stage


def conditions(records: list[Disability]) -> set[str]:
    found = {_CONDITIONS[one.kind] for one in records if one.kind in _CONDITIONS and one.response == 1}
    for one in records:
        if one.kind == _SUBSTANCES and one.response in _SUBSTANCE_NAMES:
            found.add(_SUBSTANCE_NAMES[one.response])
    return found


def _conditions_by_stage(member: Member) -> Iterator[tuple[str, str]]:
    """At the start; the latest of stayers; at the exit of leavers."""
    for row in conditions(disabilities_at(member, "start")):
        yield row, "start"
    later = disabilities_at(member, "exit" if member.is_leaver else "latest")
    for row in conditions(later):
        yield row, "leaver" if member.is_leaver else "stayer"


def _schooling(member: Member) -> Iterator[tuple[str, str]]:
    """Whether she goes to school, and how her last schooling ended."""
    for number, column in ((1, "start"), (3, "exit")):
        held = [one for one in member.enrollment.schooling if one.stage == number]
        record = max(held, key=lambda one: one.day or date.min) if held else None
        yield TOTAL, column
        yield f"attending {code(record.attending if record else None)}", column
        if record is not None and record.attending == 0:
            yield f"recent {code(record.recent)}", column


STAGED: dict[str, Staged] = {
    "benefit counts": _benefit_counts,
    "benefits": _benefits,
    "brackets": _brackets,
    "conditions by stage": _conditions_by_stage,
    "insurance": _insurance,
    "kinds of income": _kinds,
    "schooling": _schooling,
    "sources": _sources,
}


def condition_rows(member: Member, stage: str) -> Iterable[str]:
    at = disabilities_at(member, "start" if stage == "start" else "exit" if stage == "exit" else "latest")
    return conditions(at)


def condition_count(member: Member, stage: str) -> Iterable[str]:
    """How many hold; with none, what she said of a disabling condition at all."""
    held = set(condition_rows(member, stage))
    if "both" in held:
        held |= {"alcohol", "drug"} if member.rules.both_substances_are_two else set()
        held -= {"both"} if member.rules.both_substances_are_two else set()
    if held:
        return (str(min(len(held), 3)), TOTAL)
    said = member.enrollment.disabling
    row = {0: "0", 1: "some", 8: "refused", 9: "refused"}.get(said if said is not None else 99, "unasked")
    return (row, TOTAL)
