"""Demands: whoever has a conflict of interest with one of the people of a demand sees nothing of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client, Denial
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import open_section, row_of
from shelter.demands.models import ABOUT, COUNSEL, PART, CounselSaid, Demand, DemandAbout, DemandPart, DemandPerson
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever, require
from shelter.releases.proof import register_notices
from shelter.releases.queries import register_silence
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class PersonPart:
    """One person's part, where this reader may see her."""

    code: str
    version: int
    part: DemandPart


@dataclass(frozen=True, slots=True)
class DemandView:
    """`hidden` counts people of this demand whom the reader may not see; `counsel` is None for who may not read it."""

    id: bytes
    version: int
    counsel_version: int
    state: str
    about: DemandAbout
    people: list[PersonPart]
    hidden: int
    counsel: CounselSaid | None
    names: dict[bytes, str]
    late: bool

    def name(self, staff: bytes) -> str:
        return self.names.get(staff, "")


def demands(actor: Actor, *, only_open: bool = False) -> list[DemandView]:
    """The open ones first, by the day on which they are due. Raises Denied."""
    require(actor, Act.DEMANDS_KEEP)
    query = select(Demand).where(_not_denied(actor))
    rows = list(db.session.scalars(query.where(Demand.state == "open") if only_open else query))
    found = [view for row in rows if (view := _view(actor, row, counsel=False)) is not None]
    note_read(actor, Act.DEMANDS_KEEP, [])
    return sorted(found, key=lambda one: (one.state != "open", one.about.due or date.max, one.about.arrived))


def demand(actor: Actor, demand_id: bytes) -> DemandView:
    """One, with everything that this reader may see of it. Raises Missing."""
    row = reached(actor, demand_id)
    view = _view(actor, row, counsel=True)
    if view is None:
        raise Missing
    note_read(actor, Act.DEMANDS_KEEP, [])
    return view


def part_of(actor: Actor, demand_id: bytes, code: str) -> tuple[DemandView, PersonPart, Client]:
    """One person's part of a demand. Raises Missing, Denied."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    scope.allowed(actor, Act.DEMANDS_ANSWER, client)
    view = demand(actor, demand_id)
    for one in view.people:
        if one.code == client.code:
            return view, one, client
    raise Missing


def reached(actor: Actor, demand_id: bytes) -> Demand:
    """The row, or Missing where a conflict of interest stands between her and somebody of it. Raises Denied."""
    if not (may_ever(actor, Act.DEMANDS_KEEP) or may_ever(actor, Act.DEMANDS_ANSWER)):
        require(actor, Act.DEMANDS_KEEP)
    row = db.session.scalar(select(Demand).where(Demand.id == demand_id, _not_denied(actor)))
    if row is None:
        raise Missing
    return row


def _not_denied(actor: Actor) -> ColumnElement[bool]:
    hers = DemandPerson.client_id == Denial.client_id
    return ~exists().where(DemandPerson.demand_id == Demand.id, hers, Denial.staff_id == actor.id)


def _view(actor: Actor, row: Demand, *, counsel: bool) -> DemandView | None:
    about = open_each(actor, [row_of(row, ABOUT)], ABOUT).values[0]
    if about is None:
        return None
    people, hidden = _people(actor, row.id)
    reads = counsel and may_ever(actor, Act.DEMANDS_COUNSEL)
    return DemandView(
        id=row.id,
        version=row.about_version,
        counsel_version=row.counsel_version,
        state=row.state,
        about=about,
        people=people,
        hidden=hidden,
        counsel=open_section(actor, row, COUNSEL) if reads else None,
        names=names_of(actor, _staff(about, people)),
        late=row.state == "open" and about.due is not None and about.due < agency_today(),
    )


def _people(actor: Actor, demand_id: bytes) -> tuple[list[PersonPart], int]:
    query = select(DemandPerson, Client.code).join(Client, Client.id == DemandPerson.client_id)
    query = query.where(DemandPerson.demand_id == demand_id).order_by(Client.code)
    everybody = db.session.execute(query).all()
    mine = set(
        db.session.scalars(
            select(Client.id).where(
                Client.id.in_([row[0].client_id for row in everybody]), scope.scope(actor, Act.DEMANDS_ANSWER)
            )
        )
    )
    shown = [(row[0], row[1]) for row in everybody if row[0].client_id in mine]
    opened = open_each(actor, [row_of(row, PART) for row, _ in shown], PART).values
    if shown:
        note_read(actor, Act.DEMANDS_ANSWER, mine)
    parts = [
        PersonPart(code, row.part_version, part or DemandPart())
        for (row, code), part in zip(shown, opened, strict=True)
    ]
    return parts, len(everybody) - len(shown)


def _staff(about: DemandAbout, people: list[PersonPart]) -> set[bytes]:
    found = {about.taken_by, about.closed_by}
    for one in people:
        found |= {tried.by for tried in one.part.notices} | {given.by for given in one.part.produced}
    return found - {b""}


def notices(actor: Actor, clients: Sequence[bytes]) -> Iterator[tuple[str, datetime]]:
    """Attempts to tell these people of a demand for what is theirs, for the proof of releases, which notes the read."""
    rows = db.session.scalars(select(DemandPerson).where(DemandPerson.client_id.in_(clients))).all()
    for part in open_each(actor, [row_of(row, PART) for row in rows], PART).values:
        for tried in part.notices if part else ():
            yield "no_notice" if tried.reached == "not-tried" else "notice", tried.at


register_notices(notices)


def silent_of(actor: Actor, client: Client) -> set[str]:
    """To whom something of hers was given while the last word about telling her is that it was not tried: it would not
    be safe, or a court forbids it. Her own file says nothing of that until somebody has tried.
    """
    rows = db.session.scalars(select(DemandPerson).where(DemandPerson.client_id == client.id)).all()
    parts = [part for part in open_each(actor, [row_of(row, PART) for row in rows], PART).values if part]
    untold = [part for part in parts if part.notices and part.notices[-1].reached == "not-tried"]
    return {given.to for part in untold for given in part.produced if not given.release}


register_silence(silent_of)
