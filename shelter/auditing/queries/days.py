"""The trail by day and colleague: what is odd first, then everything; by code, never by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shelter.accounts.queries import names_of
from shelter.auditing.queries.counting import Counted, counted
from shelter.auditing.queries.reading import days_asked
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.oddities import Oddity, oddities_of
from shelter.settings.queries import limit
from shelter.trail.record import note_read

LINES = 500
"""Lines on one page, unless one day alone has more: its lines are at most its colleagues by what they do."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Doing:
    """One colleague doing one kind of thing on one day. `staff` is empty for what nobody who was signed in did.

    `whys` are the clauses that allowed it; none where it was a list of whom her role reaches.
    """

    day: date
    staff: bytes
    who: str
    act: str
    whys: tuple[str, ...]
    times: int
    people: int
    last: datetime
    odd: tuple[Oddity, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the trail, both included, and one page of them: what is odd, the gravest first, and everything.

    A page holds whole days, from `begins` to `ends`. `older` is the last day of the page of those before, `newer` the
    first of the page of those after; None where there is none.
    """

    first: date
    last: date
    begins: date
    ends: date
    odd: list[Doing]
    all: list[Doing]
    older: date | None
    newer: date | None


def period(
    actor: Actor,
    first: date | None = None,
    last: date | None = None,
    *,
    until: date | None = None,
    since: date | None = None,
) -> Period:
    """The newest of the last seven days, or of those asked for; the page that ends `until`, or begins `since`, a day.

    Raises `Broken` for days out of order or for more than a month.
    """
    require(actor, Act.AUDIT_READ)
    first, last = days_asked(first, last)
    note_read(actor, Act.AUDIT_READ, [])
    pages: dict[date, list[Counted]] = {}
    for day in _days(first, last, until, since):
        some = counted(day)
        if pages and sum(map(len, pages.values())) + len(some) > LINES:
            break
        pages[day] = some
    found = _doings(actor, pages)
    begins, ends = min(pages), max(pages)
    return Period(
        first,
        last,
        begins,
        ends,
        odd=sorted((one for one in found if one.odd), key=_gravest),
        all=found,
        older=begins - _DAY if begins > first else None,
        newer=ends + _DAY if ends < last else None,
    )


def _days(first: date, last: date, until: date | None, since: date | None) -> Iterator[date]:
    """Forwards from `since`, else backwards; one at least."""
    if since is not None:
        begins = min(max(since, first), last)
        return (begins + _DAY * number for number in range((last - begins).days + 1))
    ends = max(min(until or last, last), first)
    return (ends - _DAY * number for number in range((ends - first).days + 1))


def _gravest(one: Doing) -> tuple[int, int, str]:
    return list(Oddity).index(one.odd[0]), -one.day.toordinal(), one.who.casefold()


def _doings(actor: Actor, pages: dict[date, list[Counted]]) -> list[Doing]:
    names = names_of(actor, {one.actor for some in pages.values() for one in some if one.actor})
    many = limit("audit_many_people")
    doings = [
        Doing(
            day=day,
            staff=one.actor,
            who=names.get(one.actor, ""),
            act=one.act,
            whys=one.clauses,
            times=one.times,
            people=one.people,
            last=one.last,
            odd=oddities_of(one.looks, one.people, many),
        )
        for day, some in pages.items()
        for one in some
    ]
    return sorted(doings, key=lambda one: (-one.day.toordinal(), one.who.casefold(), one.act))
