"""Handing a person over to another colleague, with a note that says what she needs to know."""

from dataclasses import dataclass

from sqlalchemy import delete

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_at
from shelter.clients import scope
from shelter.clients.models import Assignment, Client
from shelter.clients.queries import agency_today
from shelter.clients.queries.colleagues import CASE_ROLES
from shelter.db import db
from shelter.notes.actions import put
from shelter.notes.models import NoteText
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class HandOver:
    """From one colleague (empty: from nobody, she is added) to another; the words are signed as a case note."""

    code: str
    of: bytes
    to: bytes
    words: str


def hand_over(actor: Actor, command: HandOver) -> None:
    """Assignment and note in one transaction; both colleagues have a notice. `Broken` for who may not work with her."""
    with recorded(actor, Act.CLIENTS_ASSIGN) as unit:
        client = scope.for_change(actor, unit, command.code, Act.CLIENTS_ASSIGN)
        scope.allowed(actor, Act.NOTES_WRITE, client)
        _require_free(actor, client, command)
        if command.of:
            db.session.execute(
                delete(Assignment).where(
                    Assignment.client_id == client.id, Assignment.staff_id == command.of, Assignment.kind == "case"
                )
            )
        db.session.add(Assignment(client_id=client.id, staff_id=command.to, kind="case"))
        text = NoteText(kind="case", words=command.words, on=agency_today(), by=actor.id, at=now())
        put(actor, client, text)
        for reader in sorted({command.to, command.of} - {actor.id, b""}):
            kind = NoticeKind.ASSIGNED if reader == command.to else NoticeKind.MESSAGE
            notify(actor, reader, kind, client.id, code=client.code, text=command.words)


def _require_free(actor: Actor, client: Client, command: HandOver) -> None:
    facts = scope.facts_of(client)
    sites = frozenset({client.site_id}) if client.site_id else actor.sites
    if command.to not in staff_at(sites, CASE_ROLES) or command.to in facts.caseworkers:
        raise Broken("today.not-at-her-site", field="to")
    if command.to in facts.denied:
        raise Broken("clients.conflict_of_interest", field="to")
    if command.of and command.of not in facts.caseworkers:
        raise Broken("today.not-hers", field="of")
