"""Her own file: all that is held about her, room by room, and what she asked to have put right or taken out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import WISH, Client, FileWish, Wish
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is written down: what it is, the words, and its day where it has one."""

    label: Any
    words: Any
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What one room holds about her. `item` is the code of `release_items` under which it may be told, if at all."""

    title: Any
    lines: list[Held]
    item: str = ""


HoldingsOf = Callable[[Actor, Client], list[Holding]]
_holdings: dict[str, tuple[int, HoldingsOf]] = {}


def register_own(name: str, order: int, holdings: HoldingsOf) -> None:
    """Called by a higher feature: what it holds about a person, in words she can read.

    The function reads through its own queries; it gives nothing to a reader who may not see it.
    """
    _holdings[name] = (order, holdings)


def holdings(actor: Actor, client: Client) -> list[Holding]:
    """All of it, in the order of the rooms; the caller has asked whether she may."""
    ordered = sorted(_holdings.values(), key=lambda pair: pair[0])
    return [held for _, of in ordered for held in of(actor, client) if held.lines]


@dataclass(frozen=True, slots=True)
class WishView:
    id: bytes
    version: int
    wish: Wish
    by: str
    answered_by: str


def own_file(actor: Actor, code: str) -> tuple[Client, list[Holding], list[WishView]]:
    """Everything but the record's own parts, which `whole` gives; and her wishes, the newest first."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, Act.CLIENTS_COPY, [client.id], scope.allowed(actor, Act.CLIENTS_COPY, client).clause)
    return client, holdings(actor, client), _wishes(actor, client)


def _wishes(actor: Actor, client: Client) -> list[WishView]:
    rows = db.session.scalars(select(FileWish).where(FileWish.client_id == client.id)).all()
    opened = open_each(actor, [row_of(row, WISH) for row in rows], WISH)
    pairs = [(row, wish) for row, wish in zip(rows, opened.values, strict=True) if wish]
    names = names_of(actor, {one for _, wish in pairs for one in (wish.by, wish.answered_by) if one})
    views = [
        WishView(row.id, row.wish_version, wish, names.get(wish.by, ""), names.get(wish.answered_by, ""))
        for row, wish in pairs
    ]
    return sorted(views, key=lambda view: view.wish.at, reverse=True)
