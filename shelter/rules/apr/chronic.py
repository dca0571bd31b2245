"""Chronic homelessness at the start of a stay: yes, no, unknown (she does not know or would not say), missing."""

from datetime import date

from shelter.rules.apr.members import Member

YES, NO, UNKNOWN, MISSING = "yes", "no", "unknown", "missing"
ORDER = (YES, NO, UNKNOWN, MISSING)
_SHELTERS = frozenset({0, 1, 4, 8})
_REFUSED = (8, 9)
_YEAR = 365
_FOUR_TIMES, _TWELVE_MONTHS = 4, (112, 113)


def decide(members: list[Member]) -> None:
    """Everybody's own answer, then what her household makes of it."""
    for member in members:
        member.chronic = _own(member)
    for member in members:
        member.shared_chronic = _shared(member)


def _own(member: Member) -> str:
    asked = member.enrollment
    disabled = _answer(_disabling(member))
    if disabled != YES:
        return disabled
    if not _came_from_the_street(member):
        if asked.situation is None:
            return MISSING
        for short in (asked.under_threshold, asked.street_before):
            if short in (0, None):
                return NO if short == 0 else MISSING
    return _how_long(member.entry, asked.street_since, asked.times, asked.months)


def _came_from_the_street(member: Member) -> bool:
    situation = member.enrollment.situation
    return member.project.kind in _SHELTERS or (situation is not None and situation in member.rules.homeless)


def _disabling(member: Member) -> int | None:
    if member.rules.disabilities_are_disabling and any(
        one.stage == 1 and one.lasting == 1 and one.response in (1, 2, 3) for one in member.enrollment.disabilities
    ):
        return 1
    return member.enrollment.disabling


def _answer(code: int | None) -> str:
    if code in (0, 1):
        return YES if code else NO
    return UNKNOWN if code in _REFUSED else MISSING


def _how_long(entry: date, since: date | None, times: int | None, months: int | None) -> str:
    if since is not None and (entry - since).days >= _YEAR:
        return YES
    if times != _FOUR_TIMES:
        return NO if times in (1, 2, 3) else _answer(times)
    if months in _TWELVE_MONTHS:
        return YES
    return _answer(months) if months in (*_REFUSED, 99, None) else NO


def _shared(member: Member) -> str:
    head = member.head
    if head is None:
        return member.chronic
    began = head.entry
    whole = member.rules.chronic_by_any_member
    if member.entry == began and any(
        one.chronic == YES and one.entry == began and (one is head or one.is_adult or whole) for one in member.household
    ):
        return YES
    if member.is_child and (head.chronic in (UNKNOWN, MISSING) or member.chronic in (UNKNOWN, MISSING)):
        return head.chronic
    return member.chronic
