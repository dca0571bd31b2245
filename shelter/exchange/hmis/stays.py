"""Nights in a place, made from enrollments: only in projects that have nights, one range per unbroken run of
them.

Nothing is refused here. A person in two places at once, an exit before the entry and the like are listed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from shelter.exchange.hmis.households import move_in_dates
from shelter.exchange.hmis.layout import Nights
from shelter.exchange.hmis.plan import PlannedEnrollment, PlannedProject, PlannedStay
from shelter.exchange.hmis.problems import Problems, Reason

_DAY = timedelta(days=1)
Span = tuple[date, date | None]


def planned_stays(
    enrollments: Sequence[PlannedEnrollment],
    projects: Mapping[str, PlannedProject],
    bed_nights: Mapping[str, Collection[date]],
    problems: Problems,
) -> tuple[PlannedStay, ...]:
    """All stays in the order of the enrollments, by project type (project_types.toml)."""
    heads = move_in_dates(enrollments)
    stays: list[PlannedStay] = []
    for enrollment in enrollments:
        nights = projects[enrollment.project_key].nights
        if nights is Nights.NONE or _has_no_dates(enrollment):
            continue
        if nights is Nights.BED_NIGHTS:
            spans = list(merged(bed_nights.get(enrollment.key, ())))
            _list_nights_outside(enrollment, bed_nights.get(enrollment.key, ()), problems)
        elif nights is Nights.FROM_MOVE_IN:
            spans = _whole(_moved_in(enrollment, heads), enrollment.exit)
        else:
            spans = _whole(enrollment.entry, enrollment.exit)
        if not spans and (nights is not Nights.FROM_MOVE_IN or enrollment.move_in is not None):
            problems.add("Enrollment", enrollment.row.line, "EntryDate", Reason.NO_NIGHT)
        stays.extend(_stay(enrollment, span, nights) for span in spans)
    _list_overlaps(stays, {one.key: one.row.line for one in enrollments}, problems)
    return tuple(stays)


def merged(nights: Collection[date]) -> Iterator[Span]:
    """Single nights as ranges [first night, morning after the last)."""
    start: date | None = None
    last = date.min
    for night in sorted(set(nights)):
        if start is not None and night - last > _DAY:
            yield start, last + _DAY
            start = None
        start, last = start or night, night
    if start is not None:
        yield start, last + _DAY


def list_doubtful_dates(enrollment: PlannedEnrollment, today: date, problems: Problems) -> None:
    """Days of entry and exit that cannot be read, lie in the future or stand in the wrong order."""
    line, entry, leaving = enrollment.row.line, enrollment.entry, enrollment.exit
    exit_line = enrollment.exit_row.line if enrollment.exit_row is not None else line
    if entry is None:
        problems.add("Enrollment", line, "EntryDate", Reason.ENTRY_MISSING)
    elif entry > today:
        problems.add("Enrollment", line, "EntryDate", Reason.ENTRY_IN_FUTURE)
    if leaving is None:
        if enrollment.has_exit:
            problems.add("Exit", exit_line, "ExitDate", Reason.EXIT_MISSING)
        return
    if leaving > today:
        problems.add("Exit", exit_line, "ExitDate", Reason.EXIT_IN_FUTURE)
    if entry is not None and leaving < entry:
        problems.add("Exit", exit_line, "ExitDate", Reason.EXIT_BEFORE_ENTRY)


def _has_no_dates(enrollment: PlannedEnrollment) -> bool:
    """No nights can be told: no entry, or an exit on a day that cannot be read (she must not seem to be there
    still)."""
    return enrollment.entry is None or (enrollment.has_exit and enrollment.exit is None)


def _whole(start: date | None, end: date | None) -> list[Span]:
    if start is None or (end is not None and end <= start):
        return []
    return [(start, end)]


def _moved_in(enrollment: PlannedEnrollment, heads: Mapping[tuple[str, str], PlannedEnrollment]) -> date | None:
    """Her own move-in date, else her head's; never before her own entry (3.20 is asked of the head only)."""
    moved_in = enrollment.move_in
    head = heads.get((enrollment.household_key or "", enrollment.project_key))
    if moved_in is None and head is not None:
        moved_in = head.move_in
    if moved_in is None or enrollment.entry is None:
        return None
    return max(moved_in, enrollment.entry)


def _stay(enrollment: PlannedEnrollment, span: Span, nights: Nights) -> PlannedStay:
    return PlannedStay(enrollment.key, enrollment.person_key, enrollment.project_key, span[0], span[1], nights)


def _list_nights_outside(enrollment: PlannedEnrollment, nights: Collection[date], problems: Problems) -> None:
    for night in nights:
        is_before = enrollment.entry is not None and night < enrollment.entry
        is_after = enrollment.exit is not None and night >= enrollment.exit
        if is_before or is_after:
            problems.add("Enrollment", enrollment.row.line, "EntryDate", Reason.NIGHT_OUTSIDE)


def _list_overlaps(stays: Sequence[PlannedStay], lines: Mapping[str, int], problems: Problems) -> None:
    """List every stay that begins before all earlier ones of the same person have ended."""
    by_person: dict[str, list[PlannedStay]] = {}
    for stay in stays:
        by_person.setdefault(stay.person_key, []).append(stay)
    for theirs in by_person.values():
        until = date.min
        for stay in sorted(theirs, key=lambda one: (one.start, one.end or date.max)):
            if stay.start < until:
                problems.add("Enrollment", lines[stay.enrollment_key], "EntryDate", Reason.STAYS_OVERLAP)
            until = max(until, stay.end or date.max)
