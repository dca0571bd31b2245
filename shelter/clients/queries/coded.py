"""Coded answers of one client, each section for those who may open it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import HAPPENED, HERSELF, Client, ClientCoded, Happened, Herself
from shelter.clients.queries.card import PersonCard, card
from shelter.db import db
from shelter.db.sections import Section, open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read

T = TypeVar("T", bound=msgspec.Struct)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CodedView(Generic[T]):
    """`version` is what the form carries."""

    card: PersonCard
    version: int
    said: T
    by: str
    at: datetime


def happened(actor: Actor, code: str) -> CodedView[Happened]:
    """For case work alone; `Denied` for legal staff, who may know her otherwise."""
    client = _readable(actor, code, Act.HARM_WRITE)
    return _view(actor, client, HAPPENED, Happened())


def herself(actor: Actor, code: str) -> CodedView[Herself]:
    client = _readable(actor, code, Act.CLIENTS_UPDATE)
    return _view(actor, client, HERSELF, Herself())


def _readable(actor: Actor, code: str, act: Act) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, act, [client.id], scope.allowed(actor, act, client).clause)
    return client


def _view(actor: Actor, client: Client, section: Section[T], empty: T) -> CodedView[T]:
    row = db.session.scalars(select(ClientCoded).where(ClientCoded.client_id == client.id)).first()
    said = (open_section(actor, row, section) if row else None) or empty
    by = getattr(said, "changed_by", b"")
    return CodedView(
        card=card(actor, client),
        version=getattr(row, f"{section.name}_version") if row else 0,
        said=said,
        by=names_of(actor, {by}).get(by, "") if by else "",
        at=getattr(said, "changed_at", None) or NEVER,
    )
