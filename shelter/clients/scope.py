"""Which clients a person may reach, as SQL, built from the same clauses that `decide` reads.

A higher feature that owns a relation (who sleeps here tonight) registers it here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from shelter.clients.models import Assignment, Client, Denial
from shelter.db import db
from shelter.db.aside import StagedRow
from shelter.db.errors import Missing
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.decide import Decision, clauses, decide, holds_keys, require
from shelter.policy.errors import Denied
from shelter.policy.relations import Relation
from shelter.policy.table import Clause
from shelter.trail.record import Unit, note_asked_for


@dataclass(frozen=True, slots=True)
class Reach:
    """All of an actor that says whom an act of hers reaches, in ids: one query serves as long as this is the same.

    `opens` says whether she holds the agency's keys for it; `held` and `blocked` are the restricted clients whose
    own keys she has and has not.
    """

    id: bytes
    sites: frozenset[bytes]
    open_sites: frozenset[bytes]
    covers: frozenset[bytes]
    glass: frozenset[bytes]
    clauses: tuple[Clause, ...]
    opens: bool
    held: frozenset[bytes]
    blocked: frozenset[bytes]


Claim = Callable[[Actor | Reach], ColumnElement[bool]]
Lookup = Callable[[list[bytes]], dict[bytes, frozenset[bytes]]]


def _assigned(actor: Actor | Reach) -> ColumnElement[bool]:
    return _with(actor, "case")


def _advocate(actor: Actor | Reach) -> ColumnElement[bool]:
    return _with(actor, "legal")


def _with(actor: Actor | Reach, kind: str) -> ColumnElement[bool]:
    mine = actor.covers | {actor.id}
    hers = select(Assignment.client_id).where(Assignment.kind == kind, Assignment.staff_id.in_(mine))
    return Client.id.in_(hers)


def _not_denied(actor: Actor | Reach) -> ColumnElement[bool]:
    return ~exists().where(Denial.client_id == Client.id, Denial.staff_id == actor.id)


CLAIMS: dict[Relation, Claim] = {
    Relation.ASSIGNED: _assigned,
    Relation.ADVOCATE: _advocate,
    Relation.AT_MY_SITE: lambda actor: Client.site_id.in_(actor.sites),
    Relation.AT_MY_OPEN_SITE: lambda actor: Client.site_id.in_(actor.open_sites),
    Relation.RESIDENT_HERE: lambda actor: or_(false(), *(claim(actor) for claim, _ in _residents)),
    Relation.BROKE_GLASS: lambda actor: Client.id.in_(actor.glass),
    Relation.NOT_DENIED: _not_denied,
}
"""Each relation as a claim about the `client` row of the query; higher features fill RESIDENT_HERE."""

_residents: list[tuple[Claim, Lookup]] = []


def register_residents(claim: Claim, lookup: Lookup) -> None:
    """Called by a feature that knows who is in a house: its SQL, and the same in memory."""
    if (claim, lookup) not in _residents:
        _residents.append((claim, lookup))


def reach(actor: Actor, act: Act) -> Reach:
    """What the queries of an act are built from."""
    restricted = actor.keyring.restricted_clients()
    held = frozenset(client for client in restricted if holds_keys(actor, act, client))
    return Reach(
        id=actor.id,
        sites=actor.sites,
        open_sites=actor.open_sites,
        covers=actor.covers,
        glass=actor.glass,
        clauses=clauses(actor, act),
        opens=holds_keys(actor, act),
        held=held,
        blocked=restricted - held,
    )


def scope(actor: Actor, act: Act) -> ColumnElement[bool]:
    """The condition on `client` rows under which `decide` would say yes to `act`."""
    hers = reach(actor, act)
    claims = [and_(true(), *(CLAIMS[r](hers) for r in clause.relations)) for clause in hers.clauses]
    return and_(_keys_held(hers), arrived(), or_(false(), *claims))


def within_keys(actor: Actor, act: Act) -> ColumnElement[bool]:
    """Whom her keys would open if she were assigned: not the restricted, not those she has a conflict with."""
    return and_(_keys_held(reach(actor, act)), arrived(), _not_denied(actor))


def branches(hers: Reach) -> list[ColumnElement[bool]]:
    """The same as `scope`, one condition for each clause and site: a list that pages by key reads an index for each.

    Their union is the scope; a row may be in several. They may be kept with the reach: raises ValueError for a
    clause that says another thing every night.
    """
    keys = and_(_keys_held(hers), arrived())
    found = []
    for clause in hers.clauses:
        if Relation.RESIDENT_HERE in clause.relations:
            raise ValueError("who sleeps where is not in the reach")
        if Relation.BROKE_GLASS in clause.relations and not hers.glass:
            continue
        others = [CLAIMS[r](hers) for r in clause.relations if r not in _BY_SITE]
        by_site = [_BY_SITE[r](hers) for r in clause.relations if r in _BY_SITE]
        sites = sorted(frozenset.intersection(*by_site)) if by_site else []
        places = [Client.site_id == site for site in sites] if by_site else [true()]
        found += [and_(keys, place, *others) for place in places]
    return found


_BY_SITE: dict[Relation, Callable[[Reach], frozenset[bytes]]] = {
    Relation.AT_MY_SITE: lambda hers: hers.sites,
    Relation.AT_MY_OPEN_SITE: lambda hers: hers.open_sites,
}


_ARRIVED = and_(Client.state != "erased", ~exists().where(StagedRow.row_id == Client.id))


def arrived() -> ColumnElement[bool]:
    """Not those of an import that is still being sealed, and nobody who was erased."""
    return _ARRIVED


def _keys_held(hers: Reach) -> ColumnElement[bool]:
    """Clients whose compartments she can open: the agency's, or a restricted client's own."""
    if not hers.opens:
        return Client.id.in_(hers.held) if hers.held else false()
    return Client.id.not_in(hers.blocked) if hers.blocked else true()


def get(actor: Actor, act: Act, client_id: bytes) -> Client:
    """The row, or `Missing` both where there is none and where it is outside her scope."""
    return _one(Client.id == client_id, scope(actor, act))


def get_by_code(actor: Actor, act: Act, code: str) -> Client:
    return _one(Client.code == code, scope(actor, act))


def visible(actor: Actor, code: str, *acts: Act) -> Client:
    """The client if any of these acts may reach her: tells a 404 (cannot see) from a 403 (may not do)."""
    return _one(Client.code == code, or_(false(), *(scope(actor, act) for act in acts)))


def _one(asked: ColumnElement[bool], within: ColumnElement[bool]) -> Client:
    """The client asked for, or `Missing`; the trail names her then too, as far as the database shows her at all."""
    client = db.session.scalars(select(Client).where(asked, within)).first()
    if client is None:
        note_asked_for_one(asked)
        raise Missing
    return client


def note_asked_for_one(asked: ColumnElement[bool]) -> None:
    """Names in the refusal that follows whoever this is about, if there is such a person."""
    client = db.session.scalar(select(Client.id).where(asked))
    if client is not None:
        note_asked_for(client)


def facts_of(client: Client) -> ClientFacts:
    """The relations of one client, for `decide`."""
    return facts_of_many([client])[client.id]


def facts_of_many(clients: list[Client]) -> dict[bytes, ClientFacts]:
    ids = [client.id for client in clients]
    working: dict[tuple[bytes, str], set[bytes]] = {}
    rows: Any = db.session.execute(
        select(Assignment.client_id, Assignment.kind, Assignment.staff_id).where(Assignment.client_id.in_(ids))
    )
    for client_id, kind, staff_id in rows:
        working.setdefault((client_id, kind), set()).add(staff_id)
    denied: dict[bytes, set[bytes]] = {}
    for client_id, staff_id in db.session.execute(
        select(Denial.client_id, Denial.staff_id).where(Denial.client_id.in_(ids))
    ):
        denied.setdefault(client_id, set()).add(staff_id)
    here: dict[bytes, frozenset[bytes]] = {}
    for _, lookup in _residents:
        here |= {client: here.get(client, frozenset()) | sites for client, sites in lookup(ids).items()}
    return {
        client.id: ClientFacts(
            client=client.id,
            site=client.site_id,
            caseworkers=frozenset(working.get((client.id, "case"), ())),
            advocates=frozenset(working.get((client.id, "legal"), ())),
            denied=frozenset(denied.get(client.id, ())),
            resident_at=here.get(client.id, frozenset()),
        )
        for client in clients
    }


def allowed(actor: Actor, act: Act, client: Client) -> Decision:
    """The record-level decision on a client already found; raises `Denied`."""
    try:
        return require(actor, act, facts_of(client))
    except Denied:
        note_asked_for(client.id)
        raise


def for_change(actor: Actor, unit: Unit, code: str, act: Act) -> Client:
    """The client as she is now, locked for this transaction, with clause and client written into the trail's unit.

    `Missing` for whom the actor may not even read, `Denied` where she may read and not do this.
    """
    client = visible(actor, code, Act.CLIENTS_READ)
    unit.clause = allowed(actor, act, client).clause
    unit.about(client.id)
    db.session.refresh(client, with_for_update=True)
    return client


def may(actor: Actor, act: Act, client: Client) -> bool:
    """The record-level answer without an exception: for a page that shows less to some."""
    return may_with(actor, act, facts_of(client))


def may_with(actor: Actor, act: Act, facts: ClientFacts) -> bool:
    """The same where the facts of many clients were fetched together."""
    return decide(actor, act, facts).allowed
