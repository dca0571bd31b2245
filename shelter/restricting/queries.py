"""How far a restriction is: who was asked for, which compartments have gone over, what is still under an old key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from shelter.accounts.queries import Colleague, colleagues, names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import RESTRICTABLE, Kind, held_by
from shelter.policy.roles import LEGAL_STAFF
from shelter.restricting.models import WANTED, Restriction
from shelter.stewards.backups import KEEP_KEYS
from shelter.stewards.restricted import Own, compartments_of
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import note_read

MOVED = ("restricted-moved", "restricted-files-done")


@dataclass(frozen=True, slots=True)
class Part:
    """One compartment of hers: who opens it, whether it has gone over, how many old data keys are left.

    `legal` where legal staff are among them whom the reader does not find by name; `lifted` where it is on its way
    back to the agency's.
    """

    kind: Kind
    people: tuple[str, ...]
    legal: bool
    born: bool
    left: int
    lifted: bool


@dataclass(frozen=True, slots=True)
class Restricted:
    """One client. `asked` are the names that wait for a steward, `legal` as with a part; `until` is when no backup
    opens old keys any more.

    `waits` where a steward has something of hers to sign; without names it is to be lifted.
    """

    code: str
    parts: list[Part]
    waits: bool
    asked: tuple[str, ...]
    legal: bool
    until: datetime | None

    @property
    def done(self) -> bool:
        return bool(self.parts) and all(part.born and not part.left and not part.lifted for part in self.parts)

    @property
    def lifted(self) -> bool:
        return any(part.lifted for part in self.parts)


@dataclass(frozen=True, slots=True)
class Asked:
    """An ask as a steward sees it; `mine` where she asked herself, `lifts` where everybody is to open her again."""

    id: bytes
    code: str
    by: str
    lifts: bool
    rosters: list[tuple[Kind, tuple[str, ...]]]
    mine: bool


def of_client(actor: Actor, code: str) -> Restricted:
    """Raises Missing, or Denied for who does not restrict."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, Act.CLIENTS_RESTRICT, [client.id], scope.allowed(actor, Act.CLIENTS_RESTRICT, client).clause)
    waiting = _wanted(actor, [client.id]).get(client.id)
    return _restricted(
        actor, client.id, client.code, compartments_of([client.id]), waiting, unnamed_to(actor, scope.facts_of(client))
    )


def to_choose(actor: Actor, code: str) -> list[Colleague]:
    """Colleagues who hold any part of a record, but for whoever has a conflict of interest with her."""
    denied = scope.facts_of(scope.visible(actor, code, Act.CLIENTS_READ)).denied
    everybody = [one for one in colleagues(actor) if one.state == "active" and one.id not in denied]
    return [one for one in everybody if held_by(one.roles) & RESTRICTABLE]


def chosen_before(actor: Actor, code: str) -> list[bytes]:
    """Who belongs now; before anything was signed, who works with her, and the reader.

    Who cannot read her matters finds no legal staff there: to her it would say that there is one.
    """
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    known = {one for own in compartments_of([client.id]) for one in own.members}
    facts = scope.facts_of(client)
    now = known or facts.caseworkers | facts.advocates | {actor.id}
    return sorted(now - facts.denied - unnamed_to(actor, facts))


def for_steward(actor: Actor) -> tuple[list[Asked], list[Restricted]]:
    """What waits for a signature, and every restricted client that is not whole yet; by code."""
    require(actor, Act.KEYS_STEWARD)
    everything: dict[bytes, list[Own]] = {}
    for own in compartments_of():
        everything.setdefault(own.client, []).append(own)
    open_ones = [one for one, owns in everything.items() if not all(own.done for own in owns)]
    codes = _codes([*open_ones, *_clients_asked()])
    asks = _asks(actor, codes)
    going = [_restricted(actor, one, codes[one], everything[one], None) for one in open_ones if one in codes]
    return asks, sorted(going, key=lambda one: one.code)


def _asks(actor: Actor, codes: dict[bytes, str]) -> list[Asked]:
    rows = list(db.session.scalars(select(Restriction)))
    opened = open_each(actor, [row_of(row, WANTED) for row in rows], WANTED).values
    known = {one.id: one for one in colleagues(actor)} if rows else {}
    found = []
    for row, wanted in zip(rows, opened, strict=True):
        if wanted is None:
            continue
        people = [known[one] for one in wanted.people if one in known]
        rosters = [
            (kind, tuple(one.working_name for one in people if kind in held_by(one.roles)))
            for kind in sorted(RESTRICTABLE)
        ]
        by = known[wanted.asked_by].working_name if wanted.asked_by in known else ""
        found.append(
            Asked(row.id, codes.get(row.client_id, ""), by, not wanted.people, rosters, wanted.asked_by == actor.id)
        )
    return sorted(found, key=lambda one: one.code)


def unnamed_to(actor: Actor, facts: ClientFacts) -> frozenset[bytes]:
    """Legal staff, for whoever cannot read her matters; but herself, and who also does casework with her."""
    if scope.may_with(actor, Act.MATTERS_READ, facts):
        return frozenset()
    staff = frozenset(one.id for one in colleagues(actor) if LEGAL_STAFF.intersection(one.roles))
    return staff - facts.caseworkers - {actor.id}


def _restricted(
    actor: Actor,
    client: bytes,
    code: str,
    owns: list[Own],
    asks: list[bytes] | None,
    unnamed: frozenset[bytes] = frozenset(),
) -> Restricted:
    names = names_of(actor, ({one for own in owns for one in own.members} | set(asks or ())) - unnamed)
    parts = [
        Part(own.kind, _named(names, own.members), bool(unnamed & set(own.members)), own.born, own.left, own.lifted)
        for own in owns
    ]
    asked, legal = _named(names, asks or ()), bool(unnamed.intersection(asks or ()))
    return Restricted(code, parts, asks is not None, asked, legal, _until(client) if owns else None)


def _named(names: dict[bytes, str], ids: Collection[bytes]) -> tuple[str, ...]:
    return tuple(sorted((names[one] for one in ids if one in names), key=str.casefold))


def _until(client: bytes) -> datetime | None:
    """The day on which the last key store that was copied before she went over is deleted."""
    about = select(TrailSubject.seq).where(TrailSubject.client_id == client)
    last = db.session.scalar(select(func.max(Trail.at)).where(Trail.act.in_(MOVED), Trail.seq.in_(about)))
    return last + KEEP_KEYS if last is not None else None


def _wanted(actor: Actor, clients: list[bytes]) -> dict[bytes, list[bytes]]:
    rows = list(db.session.scalars(select(Restriction).where(Restriction.client_id.in_(clients))))
    opened = open_each(actor, [row_of(row, WANTED) for row in rows], WANTED).values
    return {row.client_id: one.people for row, one in zip(rows, opened, strict=True) if one is not None}


def _clients_asked() -> list[bytes]:
    return list(db.session.scalars(select(Restriction.client_id)))


def _codes(clients: list[bytes]) -> dict[bytes, str]:
    rows = db.session.execute(select(Client.id, Client.code).where(Client.id.in_(clients)))
    return {row.id: row.code for row in rows}


def asked(actor: Actor, restriction_id: bytes) -> Asked:
    """One ask. Raises Missing for any other."""
    require(actor, Act.KEYS_STEWARD)
    for one in _asks(actor, _codes(_clients_asked())):
        if one.id == restriction_id:
            return one
    raise Missing
