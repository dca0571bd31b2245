"""Lists of clients: one's own people by page, and those found by name or number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import String, bindparam, select, union_all

from shelter.clients import directory, scope
from shelter.clients.directory import Lane
from shelter.clients.models import IDENTITY, Client, Identity, client_subject
from shelter.clients.queries.card import Age, age_on, agency_today, identities
from shelter.clients.queries.contact import SafeContact, confirmation_lasts, safest
from shelter.clients.scope import Reach
from shelter.db import db
from shelter.db.batch import open_each, take_keys, with_keys_in
from shelter.db.keyring import chunks, keyring_of
from shelter.db.sections import SealedRow
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.codes import is_code, parse_code
from shelter.rules.directory_few import MOST as FEW
from shelter.rules.numbers import NumberKind, number_kinds
from shelter.trail.record import note_read, note_search

PAGE = 50
MOST_FOUND = 50
_COLUMNS = (Client.id, Client.code, Client.identity, Client.identity_version)


class PersonRow(msgspec.Struct, frozen=True):
    """One line of a list; `called` is "" where nothing but the code may be said, `broken` where a seal did not hold."""

    code: str
    called: str
    age: Age | None
    contact: SafeContact | None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """A page of people; `older` is the code after which the next page begins, "" on the last."""

    rows: list[PersonRow]
    older: str = ""


def my_people(actor: Actor, after: str = "") -> People:
    """Those whose record she may open, fifty at a time in the order of their codes, by name within a page."""
    found = _page(actor, after)
    shown = found[:PAGE]
    note_read(actor, Act.CLIENTS_READ, [row.id for row in shown])
    older = shown[-1].code if len(found) > PAGE else ""
    return People(sorted(_opened(actor, shown), key=lambda row: (row.called == "", row.called.casefold())), older)


def _page(actor: Actor, after: str) -> list[Any]:
    compartments = tuple(keyring_of(actor).held_of(IDENTITY.kind))
    query = _behind(scope.reach(actor, Act.CLIENTS_READ), compartments)
    return [] if query is None else take_keys(actor, db.session.execute(query, {"after": after}).all())


@lru_cache(maxsize=512)
def _behind(hers: Reach, compartments: tuple[bytes, ...]) -> Any:
    """The rows behind a code with their keys, None for nobody: each branch reads its own index and stops after a page.

    Of two records of one person the one that was kept. Kept, as it costs as much to build as to run; it holds ids.
    """
    behind = select(Client.id).where(Client.code > bindparam("after", type_=String), Client.merged_into.is_(None))
    parts = [behind.where(branch).order_by(Client.code).limit(PAGE + 1) for branch in scope.branches(hers)]
    if not parts:
        return None
    if len(parts) == 1:
        ids = parts[0]
    else:
        either = union_all(*(select(part.subquery().c.id) for part in parts))
        ids = select(Client.id).where(Client.id.in_(either)).order_by(Client.code).limit(PAGE + 1)
    return with_keys_in(compartments, select(*_COLUMNS).where(Client.id.in_(ids)).order_by(Client.code), Client.id)


def _opened(actor: Actor, rows: Sequence[Any]) -> list[PersonRow]:
    """One batch for all rows of a page; who does not open is written down and hurts no neighbour."""
    sealed = [SealedRow(row.id, client_subject(row.id), row.identity_version, row.identity) for row in rows]
    opened = open_each(actor, sealed, IDENTITY)
    day, lasts, broken = agency_today(), confirmation_lasts(), set(opened.broken)
    nobody = Identity()
    return [
        PersonRow(
            code=row.code,
            called=identity.working_name or identity.hmis_personal_id,
            age=age_on(identity.birth, day),
            contact=safest(identity.contact, day, lasts),
            broken=row.id in broken,
        )
        for row, identity in ((row, value or nobody) for row, value in zip(rows, opened.values, strict=True))
    ]


def find(actor: Actor, words: str) -> list[PersonRow]:
    """Those near to what was typed whom she may open, best first: by code, by telephone or A-number, or by name.

    Raises `Broken` for words too short or too long. The words go to the trail, sealed to the auditor.
    """
    ids = _in_scope(actor, _candidates(actor, words))
    rows = _rows(ids)
    note_search(actor, Act.CLIENTS_SEARCH, {"words": words, "found": len(rows)})
    note_read(actor, Act.CLIENTS_READ, [row.id for row in rows])
    return _opened(actor, rows)


_LANES = {
    NumberKind.PHONE: Lane.PHONES,
    NumberKind.A_NUMBER: Lane.A_NUMBERS,
    NumberKind.RECEIPT: Lane.RECEIPTS,
}


def _candidates(actor: Actor, words: str) -> list[bytes]:
    if is_code(words):
        return list(db.session.scalars(select(Client.id).where(Client.code == parse_code(words))))
    numbers = number_kinds(words)
    if numbers:
        found = [one for kind, value in numbers.items() for one in directory.by_number(actor, _LANES[kind], value)]
        return list(dict.fromkeys(found))
    return [hit.client_id for hit in directory.by_name(actor, words, "words", among=_few(actor))]


def _few(actor: Actor) -> frozenset[bytes] | None:
    """Everybody whom she may open where they are few; None for a reader of many, whose hits are filtered after."""
    mine = select(Client.id).where(scope.scope(actor, Act.CLIENTS_READ)).limit(FEW + 1)
    ids = frozenset(db.session.scalars(mine))
    return ids if len(ids) <= FEW else None


def _in_scope(actor: Actor, ids: Sequence[bytes]) -> list[bytes]:
    """Candidates whom she may open, in their order, at most one page."""
    kept: list[bytes] = []
    for part in chunks(ids):
        allowed = set(
            db.session.scalars(select(Client.id).where(Client.id.in_(part), scope.scope(actor, Act.CLIENTS_READ)))
        )
        kept += [one for one in part if one in allowed]
        if len(kept) >= MOST_FOUND:
            break
    return kept[:MOST_FOUND]


def _rows(ids: Sequence[bytes]) -> list[Any]:
    by_id = {row.id: row for row in db.session.execute(select(*_COLUMNS).where(Client.id.in_(ids)))}
    return [by_id[one] for one in ids]


@dataclass(frozen=True, slots=True)
class Matches:
    """Who may be the same person: those the reader may open, and whether there are others."""

    rows: list[PersonRow]
    others: bool


def matches(actor: Actor, names: Sequence[str], but_code: str = "") -> Matches:
    """Looks over every directory she holds; of somebody she may not open she learns only that there is somebody."""
    but = db.session.scalar(select(Client.id).where(Client.code == but_code, scope.scope(actor, Act.CLIENTS_READ)))
    near = directory.nearest(actor, Identity(legal_name=names[0] if names else "", aliases=list(names[1:])))
    ids = [hit.client_id for hit in near if hit.client_id != but]
    mine = _in_scope(actor, ids)
    note_search(actor, Act.CLIENTS_SEARCH, {"names": list(names), "found": len(ids)})
    note_read(actor, Act.CLIENTS_READ, mine)
    return Matches(_opened(actor, _rows(mine)), len(ids) > len(mine))


def matches_of(actor: Actor, code: str) -> Matches:
    """The same for a record that stands: whether she has another one."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    scope.allowed(actor, Act.CLIENTS_UPDATE, client)
    identity = identities(actor, [client]).get(client.id, Identity())
    return matches(actor, (identity.legal_name, *identity.aliases), code)
