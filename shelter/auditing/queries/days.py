"""The trail by day and colleague: what is odd first, then everything; by code, never by name."""

from dataclasses import dataclass
from datetime import date, datetime

from shelter.accounts.queries import names_of
from shelter.auditing.queries.reading import MOST_LINES, Row, days_asked, rows, seqs
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.oddities import Oddity, oddities_of
from shelter.settings.queries import limit
from shelter.trail.beside import people_of, told_by
from shelter.trail.record import note_read


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
    """Days of the trail, both included: what is odd, the gravest first, and everything, the newest day first.

    `unshown` is how many lines of everything are not in `all`; no odd one is left out.
    """

    first: date
    last: date
    odd: list[Doing]
    all: list[Doing]
    unshown: int


def period(actor: Actor, first: date | None = None, last: date | None = None) -> Period:
    """The last seven days, or those asked for. Raises `Broken` for days out of order or for more than a month."""
    require(actor, Act.AUDIT_READ)
    first, last = days_asked(first, last)
    note_read(actor, Act.AUDIT_READ, [])
    found = _doings(actor, first, last)
    odd = sorted((one for one in found if one.odd), key=_gravest)
    return Period(first, last, odd, found[:MOST_LINES], max(0, len(found) - MOST_LINES))


def _gravest(one: Doing) -> tuple[int, int, str]:
    return list(Oddity).index(one.odd[0]), -one.day.toordinal(), one.who.casefold()


def _doings(actor: Actor, first: date, last: date) -> list[Doing]:
    many, found = limit("audit_many_people"), rows(first, last)
    people, told = people_of(seqs(found)), told_by(seqs(found))
    names = names_of(actor, {row.actor for row in found if row.actor})
    groups: dict[tuple[date, bytes, str], list[Row]] = {}
    for row in found:
        groups.setdefault((row.at.date(), row.actor, row.act), []).append(row)
    doings = []
    for (day, who, act), some in groups.items():
        met = len(set[bytes]().union(*(people.get(row.seq, ()) for row in some)))
        odd = oddities_of((row.look(people, told) for row in some), met, many)
        whys = tuple(sorted({row.clause for row in some if row.clause}))
        doings.append(Doing(day, who, names.get(who, ""), act, whys, len(some), met, max(row.at for row in some), odd))
    return sorted(doings, key=lambda one: (-one.day.toordinal(), one.who.casefold(), one.act))
