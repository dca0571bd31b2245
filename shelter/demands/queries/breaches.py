"""Breaches: the house's part for all who keep the register, the people for those who open their records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.demands.models import BREACH, BREACH_PART, Breach, BreachAbout, BreachPart, BreachPerson
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever, require
from shelter.releases.proof import register_notices
from shelter.rules.clock import now
from shelter.rules.demands import Clock, breach_clocks
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock that runs, was kept (`told` in time or not), or is over."""

    clock: Clock
    ends: datetime
    told: datetime | None
    over: bool

    @property
    def kept(self) -> bool:
        return self.told is not None and self.told <= self.ends


@dataclass(frozen=True, slots=True)
class PersonTold:
    code: str
    version: int
    part: BreachPart


@dataclass(frozen=True, slots=True)
class BreachView:
    """`people` is None for whoever may never see one; to them no number of people is shown either."""

    id: bytes
    version: int
    state: str
    about: BreachAbout
    clocks: list[ClockView]
    people: list[PersonTold] | None
    names: dict[bytes, str]

    def name(self, staff: bytes) -> str:
        return self.names.get(staff, "")


def breaches(actor: Actor) -> list[BreachView]:
    """The open ones first, the newest first. Raises Denied."""
    require(actor, Act.BREACHES_KEEP)
    note_read(actor, Act.BREACHES_KEEP, [])
    rows = list(db.session.scalars(select(Breach)))
    opened = open_each(actor, [row_of(row, BREACH) for row in rows], BREACH).values
    found = [_view(actor, row, about, None) for row, about in zip(rows, opened, strict=True) if about]
    return sorted(found, key=lambda one: (one.state != "open", -one.about.found.timestamp()))


def breach(actor: Actor, breach_id: bytes) -> BreachView:
    """One; the people it concerns as far as she may see them. Raises Missing, Denied."""
    require(actor, Act.BREACHES_KEEP)
    note_read(actor, Act.BREACHES_KEEP, [])
    row = db.session.get(Breach, breach_id)
    about = open_each(actor, [row_of(row, BREACH)], BREACH).values[0] if row else None
    if row is None or about is None:
        raise Missing
    people = _people(actor, row.id) if may_ever(actor, Act.BREACHES_TELL) else None
    return _view(actor, row, about, people)


def letter(actor: Actor, breach_id: bytes, code: str) -> tuple[BreachView, PersonTold]:
    """What one person is told on paper. Raises Missing, Denied."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    scope.allowed(actor, Act.BREACHES_TELL, client)
    view = breach(actor, breach_id)
    for one in view.people or ():
        if one.code == client.code:
            return view, one
    raise Missing


def _people(actor: Actor, breach_id: bytes) -> list[PersonTold]:
    query = (
        select(BreachPerson, Client.code)
        .join(Client, Client.id == BreachPerson.client_id)
        .where(BreachPerson.breach_id == breach_id, scope.scope(actor, Act.BREACHES_TELL))
        .order_by(Client.code)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(query)]
    if rows:
        note_read(actor, Act.BREACHES_TELL, [row.client_id for row, _ in rows])
    opened = open_each(actor, [row_of(row, BREACH_PART) for row, _ in rows], BREACH_PART).values
    return [
        PersonTold(code, row.part_version, part or BreachPart()) for (row, code), part in zip(rows, opened, strict=True)
    ]


def _view(actor: Actor, row: Breach, about: BreachAbout, people: list[PersonTold] | None) -> BreachView:
    who = {about.by, about.closed_by, *(one.by for one in about.told), *(one.part.told_by for one in people or ())}
    return BreachView(
        row.id,
        row.about_version,
        row.state,
        about,
        [clock_of(one, about) for one in breach_clocks()],
        people,
        names_of(actor, who - {b""}),
    )


def clock_of(clock: Clock, about: BreachAbout) -> ClockView:
    """How one clock stands for one breach."""
    told = min((one.at for one in about.told if one.who == clock.code), default=None)
    ends = clock.ends(about.found)
    return ClockView(clock, ends, told, told is None and now() > ends)


def notices(actor: Actor, clients: Sequence[bytes]) -> Iterator[tuple[str, datetime]]:
    """Whether each of these people was told of a breach that concerns her, by when it was found: for the proof of
    releases, which notes the read.
    """
    query = select(BreachPerson, Breach).join(Breach, Breach.id == BreachPerson.breach_id)
    rows = [(row[0], row[1]) for row in db.session.execute(query.where(BreachPerson.client_id.in_(clients)))]
    parts = open_each(actor, [row_of(row, BREACH_PART) for row, _ in rows], BREACH_PART).values
    abouts = open_each(actor, [row_of(breach, BREACH) for _, breach in rows], BREACH).values
    for part, about in zip(parts, abouts, strict=True):
        if about is not None:
            said = part or BreachPart()
            yield "breach_told" if said.told_on else "breach_untold" if said.why_not else "breach_open", about.found


register_notices(notices)
