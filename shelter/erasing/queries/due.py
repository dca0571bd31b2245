"""Whose time is over by the rules, whom a hold protects, and which records are of one person. Opens nothing."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, true

from shelter.clients.models import Client
from shelter.db import db
from shelter.erasing.models import Erasure, LegalHold
from shelter.rules.retention import last_keep_until
from shelter.settings.queries import limit

OPEN = ("due", "asked", "agreed")


def due_files(scope: str, day: date, years: int | None = None) -> Select[Any]:
    """Ids of closed files to mark; with `years`, all that would be over if the rule were another."""
    keep, narrative = limit("keep_years"), limit("narrative_years")
    after = years if years is not None else (keep if scope == "whole" else narrative)
    waits = exists().where(Erasure.client_id == Client.id, Erasure.state.in_(OPEN))
    new = ~waits if years is None else true()
    query = select(Client.id).where(
        Client.state == "closed",
        Client.merged_into.is_(None),
        Client.keep_until <= last_keep_until(day, keep, after),
        new,
        not_held(Client.id),
    )
    if scope == "whole":
        return query
    decided = or_(Erasure.scope == "narrative", Erasure.state == "dropped")
    told = exists().where(Erasure.client_id == Client.id, decided)
    return query.where(~told, Client.keep_until > last_keep_until(day, keep, keep))


def not_held(client: Any) -> ColumnElement[bool]:
    """A condition on a column with a client's id; true where it names nobody."""
    return ~exists().where(LegalHold.client_id == client, LegalHold.ended.is_(False))


def held(clients: list[bytes]) -> bool:
    """Whether a hold stands for any of them."""
    query = select(LegalHold.id).where(LegalHold.client_id.in_(clients), LegalHold.ended.is_(False)).limit(1)
    return db.session.scalar(query) is not None


def records_of(client: Client) -> list[Client]:
    """Her record and those that were merged into it, in the order of their codes."""
    query = select(Client).where(or_(Client.id == client.id, Client.merged_into == client.id)).order_by(Client.code)
    return list(db.session.scalars(query))
