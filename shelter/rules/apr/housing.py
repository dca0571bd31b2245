"""Moving in, prior homelessness, and the days between."""

from datetime import date

from shelter.rules.apr.members import Member

HOUSING = frozenset({3, 13})
RAPID, SUPPORTIVE = 13, 3


def decide_moves(members: list[Member]) -> None:
    for member in members:
        member.moved_in = _moved_in(member)


def _moved_in(member: Member) -> date | None:
    """Her own date; else her head's where both lived there then, and her own entry where she came later."""
    own = _valid(member, member.enrollment.moved_in)
    head = member.head
    if own is not None or head is None or head is member:
        return own
    theirs = _valid(head, head.enrollment.moved_in)
    if theirs is None or not _within(head, theirs):
        return None
    if member.entry > theirs:
        return member.entry
    gone = member.enrollment.leaving
    return theirs if gone is None or gone.day >= theirs else None


def _within(head: Member, day: date) -> bool:
    gone = head.enrollment.leaving
    return day >= head.entry and (gone is None or day <= gone.day)


def _valid(member: Member, day: date | None) -> date | None:
    if day is None or day > member.period.last:
        return None
    if member.rules.move_in_within_stay and not _within(member, day):
        return None
    return day


def homeless_since(member: Member) -> date | None:
    """Since when she was without a home, by her own word or, for a child who came with her head, by the head's."""
    own, head = member.enrollment.street_since, member.head
    shares = head is not None and member.is_child and member.entry == head.entry
    if head is None or not shares:
        return own
    theirs = head.enrollment.street_since
    return theirs if member.rules.child_takes_heads_street else own or theirs


def counts_move_in(member: Member) -> bool:
    """Whether this project is one whose people move into housing."""
    return member.project.kind in HOUSING or (
        member.project.kind == 7 and 35 in member.project.funders and member.rules.other_counts_with_housing
    )


def days_to_move_in(member: Member) -> int | None:
    day = member.moved_in
    if day is None or not counts_move_in(member):
        return None
    return (day - member.entry).days if member.period.first <= day <= member.period.last else None


def days_homeless(member: Member) -> int | None:
    """From the start of homelessness to moving in (or, elsewhere, to entry); None where it cannot be said."""
    since = homeless_since(member)
    until = member.moved_in if counts_move_in(member) else member.entry
    if since is None or until is None or since > until:
        return None
    return (until - since).days
