"""Q19: how incomes changed, and who of those with a disabling condition has one."""

from collections import defaultdict
from collections.abc import Callable

from shelter.rules.apr import money
from shelter.rules.apr.members import Member
from shelter.rules.apr.records import Income
from shelter.rules.apr.report import Cell, Cells, Report, share
from shelter.rules.apr.stages import Stage, income_at

_KNOWN = (0, 1)
_YEAR = 365
_CENTS = 100
_OTHERS = frozenset({"Unemployment", "VADisabilityNonService", "GA", "Alimony", "OtherIncomeSource"})
_ALL_ROWS = {*money.SOURCES, "others", "none", "everybody"}
_PARTS: dict[str, Callable[[Income], int]] = {
    "earned": money.earned,
    "other": lambda record: (money.total(record) or 0) - money.earned(record),
    "any": lambda record: money.total(record) or 0,
}
_CHANGES = ("lost", "less", "same", "more", "gained", "never")
_GOOD = ("more", "gained")


def of_stayers(report: Report) -> Cells:
    return _changes(report, "annual", _stays_a_year)


def of_leavers(report: Report) -> Cells:
    return _changes(report, "exit", lambda member: member.is_leaver)


def _stays_a_year(member: Member) -> bool:
    head = member.head
    return not member.is_leaver and head is not None and not head.is_leaver and head.days >= _YEAR


def _changes(report: Report, later: Stage, belongs: Callable[[Member], bool]) -> Cells:
    cleaned = report.rules.income_cleaned
    pairs = []
    for member in report.people:
        if not member.is_adult or not belongs(member):
            continue
        first, second = income_at(member, "start"), income_at(member, later)
        if first is not None and second is not None and _known(first, cleaned) and _known(second, cleaned):
            pairs.append((first, second))
    cells: dict[tuple[str, str], Cell] = {}
    for name, part in _PARTS.items():
        cells |= _of_part(name, [(part(first), part(second)) for first, second in pairs])
    return cells


def _known(record: Income, cleaned: bool) -> bool:
    return money.answer(record, cleaned=cleaned) in _KNOWN and money.total(record) is not None


def _change(first: int, second: int) -> str:
    if first <= 0:
        return "gained" if second > 0 else "never"
    if second <= 0:
        return "lost"
    return "less" if second < first else "same" if second == first else "more"


def _of_part(name: str, pairs: list[tuple[int, int]]) -> dict[tuple[str, str], Cell]:
    changes: dict[str, list[int]] = defaultdict(list)
    for first, second in pairs:
        changes[_change(first, second)].append(second - first)
    good = [change for kind in _GOOD for change in changes[kind]]
    average = f"{name} change"
    cells: dict[tuple[str, str], Cell] = {(name, kind): len(changes[kind]) for kind in _CHANGES}
    cells |= {(average, kind): dollars(changes[kind]) for kind in _CHANGES}
    cells |= {(average, "never"): None, (average, "total"): None, (average, "share"): None}
    cells |= {(name, "total"): len(pairs), (name, "good"): len(good), (average, "good"): dollars(good)}
    if name == "any":
        cells[average, "total"] = dollars([second - first for first, second in pairs])
    return cells | {(name, "share"): share(len(good), len(pairs))}


def dollars(changes: list[int]) -> Cell:
    average = sum(changes) / len(changes) / _CENTS if changes else 0
    return f"${average:.2f}" if average else 0


# -- Q19b and Q27i -----------------------------------------------------------------------------


def with_conditions(report: Report) -> Cells:
    return _by_condition(report, lambda member: member.is_adult)


def of_youth_with_conditions(report: Report) -> Cells:
    return _by_condition(report, lambda member: member.is_youth and member.is_adult_or_head)


def _by_condition(report: Report, belongs: Callable[[Member], bool]) -> Cells:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    rows: set[str] = set()
    for member in report.people:
        if not belongs(member) or not member.is_leaver or member.enrollment.disabling not in _KNOWN:
            continue
        record = income_at(member, "exit")
        if record is None or record.any_income not in _KNOWN:
            continue
        held = _held(record)
        rows |= held
        for row in held:
            counts[row, f"{member.household_kind} {'with' if member.enrollment.disabling else 'without'}"] += 1
    return _shared(counts, rows)


def _held(record: Income) -> set[str]:
    held = set(record.sources) | {"everybody"}
    if record.sources & _OTHERS:
        held.add("others")
    if record.any_income == 0:
        held.add("none")
    return held


def _shared(counts: dict[tuple[str, str], int], rows: set[str]) -> Cells:
    """Nobody is left blank, as the funder's own files have it."""
    cells: dict[tuple[str, str], Cell] = {}
    for row in rows | _ALL_ROWS:
        for kind in ("AO", "AC", "CO", "UK"):
            held, free = counts.get((row, f"{kind} with"), 0), counts.get((row, f"{kind} without"), 0)
            for column, count in (("with", held), ("without", free), ("total", held + free)):
                cells[row, f"{kind} {column}"] = count or None
            blank = row == "everybody" or not held + free
            cells[row, f"{kind} share"] = None if blank else share(held, held + free)
    return cells
