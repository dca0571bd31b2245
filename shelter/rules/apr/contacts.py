"""Q9: how often people were met before they engaged, by what the first contact says of where they stayed."""

from collections import Counter

from shelter.rules.apr.members import Member
from shelter.rules.apr.report import Cell, Cells, Report

_OUTREACH = 4
_ON_THE_STREET = frozenset({116, 101, 118})
_UNKNOWN = frozenset({37, 8, 9, 99})
_ROWS = ((1, "1"), (5, "5"), (9, "9"))


def _is_met(member: Member) -> bool:
    by_night = member.is_by_night and member.rules.contact_kinds_by_night
    return member.is_adult_or_head and (member.project.kind == _OUTREACH or by_night)


def _met(member: Member) -> tuple[str, int] | None:
    """(column, how many contacts), or None if nobody met her."""
    asked, last = member.enrollment, member.period.last
    engaged = asked.engaged if asked.engaged is not None and asked.engaged <= last else None
    until = min(day for day in (member.left, engaged, last) if day is not None)
    contacts = sorted((one.day, at, one) for at, one in enumerate(asked.contacts) if member.entry <= one.day <= until)
    number = len(contacts)
    column = "unknown"
    if contacts:
        situation = contacts[0][2].situation
        unknown = situation is None or situation in _UNKNOWN
        column = "street" if situation in _ON_THE_STREET else "unknown" if unknown else "elsewhere"
    if engaged is not None and not any(day == engaged for day, *_ in contacts):
        number += 1
    return (column, number) if number else None


def _spread(found: list[tuple[str, int]]) -> Counter[tuple[str, str]]:
    cells: Counter[tuple[str, str]] = Counter()
    for column, number in found:
        row = next((name for most, name in _ROWS if number <= most), "more")
        for key in (column, "total"):
            cells[row, key] += 1
            cells["total", key] += 1
    return cells


def contacted(report: Report) -> Cells:
    return _spread([found for one in report.people if _is_met(one) and (found := _met(one))])


def engaged(report: Report) -> Cells:
    last = report.period.last
    people = [one for one in report.people if _is_met(one)]
    with_date = [one for one in people if one.enrollment.engaged is not None and one.enrollment.engaged <= last]
    cells: dict[tuple[str, str], Cell] = dict(_spread([found for one in with_date if (found := _met(one))]))
    met = contacted(report)
    for column in ("total", "elsewhere", "street", "unknown"):
        part, whole = cells.get(("total", column)), met.get(("total", column))
        rate = int(part or 0) / int(whole) if whole else 0
        cells["rate", column] = f"    {rate:.4f}"
    return cells
