"""Colleagues around a client: who works with her, who could, who may be written to about her."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.queries import Colleague, colleagues, staff_at
from shelter.clients import scope
from shelter.clients.models import Assignment, Client, Denial
from shelter.db import db
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.trail.record import note_read

CASE_ROLES = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
_NEAR_ROLES = CASE_ROLES | {Role.SHELTER_STAFF}


@dataclass(frozen=True, slots=True)
class Team:
    """Who works with a client (case and legal), who could, who may not; for the page that assigns.

    `legal` is empty for whoever cannot read her matters: that there is one is hers and her advocate's to say.
    """

    case: list[Colleague]
    legal: list[Colleague]
    free: list[Colleague]
    denied: list[Colleague]
    others: list[Colleague]


def team(actor: Actor, code: str) -> Team:
    """`Missing` outside the reader's scope, `Denied` for who does not assign."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, Act.CLIENTS_ASSIGN, [client.id], scope.allowed(actor, Act.CLIENTS_ASSIGN, client).clause)
    facts = scope.facts_of(client)
    advocates = facts.advocates if scope.may_with(actor, Act.MATTERS_READ, facts) else frozenset()
    at_site = set(staff_at(_sites(actor, client), CASE_ROLES))
    known = {one.id: one for one in colleagues(actor)}
    everybody = [one for one in known.values() if one.state == "active"]
    return Team(
        case=[known[one] for one in facts.caseworkers if one in known],
        legal=[known[one] for one in advocates if one in known],
        free=[one for one in everybody if one.id in at_site - facts.caseworkers - facts.denied],
        denied=[known[one] for one in facts.denied if one in known],
        others=[one for one in everybody if one.id not in facts.denied],
    )


def _sites(actor: Actor, client: Client) -> frozenset[bytes]:
    return frozenset({client.site_id}) if client.site_id else actor.sites


def readers_of(actor: Actor, client: Client) -> set[bytes]:
    """Whom she may write to about this client: those who work with her and those of her site, never who is denied.

    Her advocates stand there for legal staff alone: to anybody else the list would say that there is a matter.
    """
    team = select(Assignment.staff_id).where(Assignment.client_id == client.id)
    if not scope.may_with(actor, Act.MATTERS_READ, scope.facts_of(client)):
        team = team.where(Assignment.kind != "legal")
    working = db.session.scalars(team)
    denied = db.session.scalars(select(Denial.staff_id).where(Denial.client_id == client.id))
    near = {*working, *staff_at(_sites(actor, client), _NEAR_ROLES)}
    return near - {*denied, actor.id}


def readers(actor: Actor, code: str) -> list[Colleague]:
    """The same with names, for the page that writes a message."""
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.RESIDENTS_SEE)
    scope.allowed(actor, Act.MESSAGES_SEND, client)
    ids = sorted(readers_of(actor, client))
    return colleagues(actor, ids) if ids else []
