"""Her own file: all that is held about her, room by room, and what she asked to have put right or taken out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import WISH, Client, FileWish, Wish
from shelter.clients.queries.merging import records_of_hers
from shelter.clients.queries.record import Whole, whole
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import INVENTORY, row_of
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.policy.table import TABLE
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is written down: what it is, the words, and its day where it has one."""

    label: Any
    words: Any
    day: date | None = None


def one_line(*parts: Any) -> str:
    """Words, and answers with their question before them as (question, answer); what was not said is left out."""
    line = ""
    for asked, words in (part if isinstance(part, tuple) else ("", part) for part in parts):
        if words:
            stop = "" if not line else " " if line.endswith((".", "!", "?")) else ". "
            line += f"{stop}{asked}: {words}" if asked else f"{stop}{words}"
    return line


@dataclass(frozen=True, slots=True)
class Holding:
    """What one room holds about her. `item` is the code of `release_items` under which it may be told, if at all.

    `code` where it stands in another record of the same person than the one that was asked for.
    """

    title: Any
    lines: list[Held]
    item: str = ""
    code: str = ""


HoldingsOf = Callable[[Actor, Client], list[Holding]]


@dataclass(frozen=True, slots=True)
class _Room:
    """`gives` is the act of whoever may give it to her, `tells` the sealed sections, as "table:section"."""

    order: int
    title: Any
    gives: Act
    holdings: HoldingsOf
    tells: frozenset[str]


_rooms: dict[str, _Room] = {}


def register_own(
    name: str, order: int, holdings: HoldingsOf, *, tells: Iterable[str], title: Any = "", gives: Act = Act.CLIENTS_COPY
) -> None:
    """Called by a higher feature: what it holds about a person, in words she can read.

    The function reads through its own queries. `title` is what somebody who may not `gives` is told to ask for.
    """
    _rooms[name] = _Room(order, title, gives, holdings, frozenset(tells))


def told() -> frozenset[str]:
    """The sealed sections that some part of her file tells."""
    return frozenset(section for room in _rooms.values() for section in room.tells)


def holdings(actor: Actor, client: Client, part: Act = Act.CLIENTS_COPY) -> list[Holding]:
    """What this reader may give of a part, in the order of the rooms, record by record of hers.

    The caller has asked whether she may give it.
    """
    first, *others = records_of_hers(actor, client, part)
    apart = [replace(held, code=one.code) for one in others for held in _in_record(actor, one, part)]
    return _in_record(actor, first, part) + apart


def _in_record(actor: Actor, client: Client, part: Act) -> list[Holding]:
    facts = scope.facts_of(client)
    mine = [name for name in _in_order() if part_of(name) is part and may_tell(actor, name, facts)]
    return [held for name in mine for held in _rooms[name].holdings(actor, client) if held.lines]


def tellers(actor: Actor, client: Client) -> dict[str, frozenset[Kind]]:
    """The rooms whose part of her file this reader may give, in order, with the kinds of compartment it is from."""
    facts, kinds = scope.facts_of(client), {f"{table}:{name}": one.kind for (table, name), one in INVENTORY.items()}
    return {
        name: frozenset(kinds[section] for section in _rooms[name].tells)
        for name in _in_order()
        if may_tell(actor, name, facts)
    }


def not_open_to(actor: Actor, client: Client) -> frozenset[str]:
    """The rooms of whose part her keys open nothing or not all, by name; nothing of it depends on what is written."""
    facts, kinds = scope.facts_of(client), {f"{table}:{name}": one.kind for (table, name), one in INVENTORY.items()}
    return frozenset(
        name
        for name, room in _rooms.items()
        if not may_tell(actor, name, facts)
        and not all(actor.keyring.holds(kinds[section], client.id) for section in room.tells)
    )


def may_tell(actor: Actor, name: str, facts: ClientFacts) -> bool:
    """Whether this reader may give one room's part of her file, by its name."""
    return scope.may_with(actor, _gives(name), facts)


def part_of(name: str) -> Act:
    """Whether a room's part stands in her case file or in what legal staff give her."""
    return Act.MATTERS_COPY if _gives(name) is Act.MATTERS_COPY else Act.CLIENTS_COPY


def _gives(name: str) -> Act:
    """Of a name that is no room's (its seal does not hold) nobody knows that it was not legal work."""
    return _rooms[name].gives if name in _rooms else Act.MATTERS_COPY


def told_by(actor: Actor, client: Client, name: str) -> list[Holding]:
    """What one room tells of her. Raises Missing for one that this reader may not give."""
    if name not in tellers(actor, client):
        raise Missing
    return [held for held in _rooms[name].holdings(actor, client) if held.lines]


@dataclass(frozen=True, slots=True)
class StillToAsk:
    """A part that this reader cannot give: its name, the roles that may, and who of her caseworkers may.

    It says nothing of whether there is anything in it.
    """

    title: Any
    roles: tuple[Role, ...]
    names: tuple[str, ...]


def still_to_ask(actor: Actor, client: Client) -> list[StillToAsk]:
    """What is to be asked of whom before her file is whole; one line for each act that this reader may not do."""
    facts, found = scope.facts_of(client), dict[Act, Any]()
    for name in _in_order():
        if not may_tell(actor, name, facts):
            found.setdefault(_rooms[name].gives, _rooms[name].title)
    names = names_of(actor, set(facts.caseworkers))
    return [
        StillToAsk(title, *_givers(act, [names[one] for one in _team(act, facts) if one in names]))
        for act, title in found.items()
    ]


def _givers(act: Act, names: list[str]) -> tuple[tuple[Role, ...], tuple[str, ...]]:
    return tuple(dict.fromkeys(clause.role for clause in TABLE[act])), tuple(sorted(names))


def _team(act: Act, facts: ClientFacts) -> frozenset[bytes]:
    """Nobody for the part of legal staff: a name there would say that she has a matter."""
    return frozenset() if act is Act.MATTERS_COPY else facts.caseworkers


def _in_order() -> list[str]:
    return sorted(_rooms, key=lambda name: _rooms[name].order)


@dataclass(frozen=True, slots=True)
class WishView:
    id: bytes
    version: int
    wish: Wish
    by: str
    answered_by: str


def codes_of_hers(actor: Actor, code: str, act: Act) -> list[str]:
    """The codes of her records of which this reader may give a part, the asked one first. Raises Missing, Denied."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    scope.allowed(actor, act, client)
    return [one.code for one in records_of_hers(actor, client, act)]


def wholes(actor: Actor, code: str) -> list[Whole]:
    """What stands in identity and desk card of each record of hers, names and numbers too, the asked one first."""
    hers = codes_of_hers(actor, code, Act.CLIENTS_COPY)
    return [whole(actor, one, Act.CLIENTS_COPY, reveals=True) for one in hers]


def own_file(actor: Actor, code: str) -> tuple[Client, list[Holding], list[WishView]]:
    """Everything but the record's own parts, which `whole` gives; and her wishes, the newest first."""
    client = _given(actor, code, Act.CLIENTS_COPY)
    return client, holdings(actor, client), _wishes(actor, client)


def legal_part(actor: Actor, code: str) -> tuple[Client, list[Holding]]:
    """What legal staff may give her. `Missing` outside the scope, `Denied` for who holds no such key."""
    client = _given(actor, code, Act.MATTERS_COPY)
    return client, holdings(actor, client, Act.MATTERS_COPY)


def _given(actor: Actor, code: str, act: Act) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    clause = scope.allowed(actor, act, client).clause
    note_read(actor, act, [one.id for one in records_of_hers(actor, client, act)], clause)
    return client


def _wishes(actor: Actor, client: Client) -> list[WishView]:
    hers = [one.id for one in records_of_hers(actor, client, Act.CLIENTS_COPY)]
    rows = db.session.scalars(select(FileWish).where(FileWish.client_id.in_(hers))).all()
    opened = open_each(actor, [row_of(row, WISH) for row in rows], WISH)
    pairs = [(row, wish) for row, wish in zip(rows, opened.values, strict=True) if wish]
    names = names_of(actor, {one for _, wish in pairs for one in (wish.by, wish.answered_by) if one})
    views = [
        WishView(row.id, row.wish_version, wish, names.get(wish.by, ""), names.get(wish.answered_by, ""))
        for row, wish in pairs
    ]
    return sorted(views, key=lambda view: view.wish.at, reverse=True)
