"""Asking that a client be restricted, and a steward's answer: two people, of whom one alone sees her record."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from shelter.accounts.models import Staff
from shelter.accounts.notices import NoticeKind, notify
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.deks import discard
from shelter.db.errors import Missing
from shelter.db.roll import current_roll
from shelter.db.running import is_older_here
from shelter.db.sections import fill, open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import RESTRICTABLE, Kind, held_by
from shelter.restricting import moving, queries
from shelter.restricting.models import WANTED, Restriction, Wanted
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.stewards.membership import roles_of
from shelter.stewards.restricted import compartments_of, lift, name_members
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class Restrict:
    """Whose record, and who alone is to hold its keys (ids of staff)."""

    code: str
    people: frozenset[bytes]


def ask(actor: Actor, command: Restrict) -> None:
    """Leaves it to a steward to sign. Raises Broken where a part of her record would be left without a holder.

    Her advocates belong whether they are named or not: who cannot read her matters is not to learn of them here. Nor
    does she take off by silence whom of legal staff she does not find by name: they may be the last to hold a key.
    """
    with recorded(actor, Act.CLIENTS_RESTRICT) as unit:
        client = scope.for_change(actor, unit, command.code, Act.CLIENTS_RESTRICT)
        unnamed, holding = frozenset[bytes](), _holding()
        for record in _records(client.id):
            facts = scope.facts_of(record)
            working, owns = facts.caseworkers, compartments_of([record.id])
            if scope.may_with(actor, Act.MATTERS_READ, facts):
                working |= facts.advocates
            if any(own.lifted for own in owns):
                raise Broken("restricting.not-whole")
            if working - facts.denied - command.people:
                raise Broken("restricting.assigned", "people")
            belong = {one for own in owns for one in own.members} & queries.unnamed_to(actor, facts)
            stay = {one for one in belong - facts.denied if holding.get(one)}
            _rosters(record.id, command.people | stay)
            unnamed |= stay | {one for one in facts.advocates - facts.denied if holding.get(one)}
        _ask(actor, client.id, command.people | unnamed)


def ask_to_lift(actor: Actor, code: str) -> None:
    """Leaves it to a steward to sign that everybody whose work holds it opens her again.

    Raises Broken where she is not restricted, or not all of hers has gone over yet.
    """
    with recorded(actor, Act.CLIENTS_RESTRICT) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_RESTRICT)
        unit.detail["lift"] = "yes"
        owns = compartments_of([record.id for record in _records(client.id)])
        if not owns or not all(own.done for own in owns):
            raise Broken("restricting.not-whole")
        _ask(actor, client.id, frozenset())


def _records(client: bytes) -> list[Client]:
    """All of one person's: restricting one of two that were merged would leave the other open."""
    kept = db.session.get_one(Client, client).merged_into or client
    return list(db.session.scalars(select(Client).where(or_(Client.id == kept, Client.merged_into == kept))))


def _ask(actor: Actor, client: bytes, people: frozenset[bytes]) -> None:
    hers = [record.id for record in _records(client)]
    if db.session.scalar(select(Restriction.id).where(Restriction.client_id.in_(hers))) is not None:
        raise Broken("restricting.asked-already")
    row = Restriction(client_id=client)
    fill(actor, row, WANTED, Wanted(people=sorted(people), asked_by=actor.id, at=now()))
    db.session.add(row)
    for steward in sorted(current_roll().stewards - {actor.id}):
        notify(actor, steward, NoticeKind.RESTRICTED)


def sign(actor: Actor, restriction_id: bytes) -> None:
    """A steward signs the rosters, or their end; those on them begin with their next page. Raises Missing, Broken."""
    with recorded(actor, "restriction-signed") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        row, wanted = _asked(actor, restriction_id)
        if wanted.asked_by == actor.id:
            raise Broken("restricting.not-your-own")
        if actor.id not in current_roll().stewards:
            raise Broken("stewards.not-in-office")
        if is_older_here(now()):
            raise Broken("restricting.two-versions")
        people, hers = frozenset(wanted.people), [record.id for record in _records(row.client_id)]
        unit.about(*hers)
        for record in hers if people else ():
            name_members(actor, record, _rosters(record, people))
            moving.empty_for_others(actor, record)
        if not people:
            unit.detail["lift"] = "yes"
            people = frozenset(one for own in compartments_of(hers) for one in own.members)
            for record in hers:
                lift(actor, record)
        _forget(row)
        for one in sorted(people - {actor.id}):
            notify(actor, one, NoticeKind.RESTRICTED)


def refuse(actor: Actor, restriction_id: bytes) -> None:
    """A steward does not sign, and whoever asked is told. Raises Missing."""
    with recorded(actor, "restriction-refused") as unit:
        unit.clause = require(actor, Act.KEYS_STEWARD).clause
        row, wanted = _asked(actor, restriction_id)
        unit.about(row.client_id)
        _forget(row)
        if wanted.asked_by in current_roll().bindings and wanted.asked_by != actor.id:
            notify(actor, wanted.asked_by, NoticeKind.RESTRICTED)


def _asked(actor: Actor, restriction_id: bytes) -> tuple[Restriction, Wanted]:
    row = db.session.get(Restriction, restriction_id, populate_existing=True, with_for_update=True)
    wanted = open_section(actor, row, WANTED) if row is not None else None
    if row is None or wanted is None:
        raise Missing
    return row, wanted


def _forget(row: Restriction) -> None:
    discard(row.subject())
    db.session.delete(row)
    db.session.flush()


def _holding() -> dict[bytes, frozenset[Kind]]:
    """Which parts of a record each of those who work here may hold."""
    working = set(db.session.scalars(select(Staff.id).where(Staff.state == "active"))) & set(current_roll().bindings)
    return {one: held_by(roles_of(one)) & RESTRICTABLE for one in working}


def _rosters(client: bytes, people: frozenset[bytes]) -> dict[Kind, frozenset[bytes]]:
    """Who of these would hold what: each part of her record that anybody here holds needs one of them, beside the kit.

    Raises Broken for a part without one, for somebody who left, holds nothing of it, or has a conflict of interest.
    """
    row, holding = db.session.get_one(Client, client), _holding()
    if any(not holding.get(one) for one in people) or people & scope.facts_of(row).denied:
        raise Broken("restricting.not-these", "people")
    found: dict[Kind, frozenset[bytes]] = {}
    for kind in sorted(RESTRICTABLE):
        mine = frozenset(one for one in people if kind in holding[one])
        if mine:
            found[kind] = mine
        elif any(kind in kinds for kinds in holding.values()):
            raise Broken("restricting.nobody-for", "people", {"kind": kind.value})
    return found
