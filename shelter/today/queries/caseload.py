"""Who works with how many, and whose plans wait for a review: by name, never by number."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from shelter.accounts.queries import Colleague, colleagues, staff_at
from shelter.clients import scope
from shelter.clients.models import Assignment, Client
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.clients.queries.card import identities
from shelter.clients.queries.colleagues import CASE_ROLES
from shelter.db import db
from shelter.db.errors import Missing
from shelter.plans.models import Plan
from shelter.plans.queries import reviews_due
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.trail.record import note_read

MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Caseload:
    """One colleague: how many open cases, how many reviews are over and since when the oldest."""

    worker: Colleague
    people: int
    late: int
    oldest: date | None


@dataclass(frozen=True, slots=True)
class WorkerPeople:
    """The people of one colleague, by name: code, what to call her, the day of the next review."""

    worker: Colleague
    today: date
    rows: tuple[tuple[str, str, date | None], ...]


def caseloads(actor: Actor) -> list[Caseload]:
    """Everybody who does case work at her sites, in the order of their names."""
    require(actor, Act.CASELOADS_SEE)
    workers = staff_at(actor.sites, CASE_ROLES)
    counts = _counts(actor, workers)
    due = _reviews(actor, workers)
    today = agency_today()
    found = []
    for worker in colleagues(actor, workers) if workers else []:
        late = sorted(day for day in due.get(worker.id, ()) if day < today)
        found.append(Caseload(worker, counts.get(worker.id, 0), len(late), late[0] if late else None))
    return found


def people_of(actor: Actor, staff_id: bytes) -> WorkerPeople:
    """Those of one colleague whom the reader may assign; `Missing` for somebody who does no case work at her sites."""
    require(actor, Act.CASELOADS_SEE)
    if staff_id not in staff_at(actor.sites, CASE_ROLES):
        raise Missing
    query = (
        select(Client)
        .join(Assignment, Assignment.client_id == Client.id)
        .where(Assignment.staff_id == staff_id, Assignment.kind == "case", Client.state == "open")
        .where(scope.scope(actor, Act.CLIENTS_ASSIGN))
        .order_by(Client.code)
        .limit(MOST_SHOWN)
    )
    people = list(db.session.scalars(query))
    note_read(actor, Act.CLIENTS_READ, [one.id for one in people])
    note_read(actor, Act.PLANS_READ, [one.id for one in people])
    known, due = identities(actor, people), reviews_due(actor, [one.id for one in people])
    rows = [(one.code, known[one.id].working_name if one.id in known else "", due.get(one.id)) for one in people]
    rows.sort(key=lambda row: (row[1] == "", row[1].casefold(), row[0]))
    return WorkerPeople(colleagues(actor, [staff_id])[0], agency_today(), tuple(rows))


def hand_over_choices(actor: Actor, code: str) -> tuple[PersonCard, list[Colleague], list[Colleague]]:
    """Her card, who works with her now, and who could."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, Act.CLIENTS_ASSIGN, [client.id], scope.allowed(actor, Act.CLIENTS_ASSIGN, client).clause)
    facts = scope.facts_of(client)
    sites = frozenset({client.site_id}) if client.site_id else actor.sites
    could = set(staff_at(sites, CASE_ROLES)) - facts.caseworkers - facts.denied
    now = colleagues(actor, sorted(facts.caseworkers)) if facts.caseworkers else []
    return card(actor, client), now, colleagues(actor, sorted(could)) if could else []


def _counts(actor: Actor, workers: list[bytes]) -> dict[bytes, int]:
    query = (
        select(Assignment.staff_id, func.count().label("number"))
        .join(Client, Client.id == Assignment.client_id)
        .where(Assignment.staff_id.in_(workers), Assignment.kind == "case", Client.state == "open")
        .where(scope.scope(actor, Act.CLIENTS_ASSIGN))
        .group_by(Assignment.staff_id)
    )
    return {row.staff_id: row.number for row in db.session.execute(query)}


def _reviews(actor: Actor, workers: list[bytes]) -> dict[bytes, list[date]]:
    """Days of reviews by worker, of plans that were agreed or reviewed once."""
    query = (
        select(Assignment.staff_id, Client.id)
        .join(Client, Client.id == Assignment.client_id)
        .join(Plan, Plan.client_id == Client.id)
        .where(Assignment.staff_id.in_(workers), Assignment.kind == "case", Client.state == "open")
        .where(scope.scope(actor, Act.CLIENTS_ASSIGN))
    )
    pairs = [(staff, client) for staff, client in db.session.execute(query)]
    due = reviews_due(actor, sorted({client for _, client in pairs}))
    note_read(actor, Act.PLANS_READ, due)
    found: dict[bytes, list[date]] = {}
    for staff, client in pairs:
        if client in due:
            found.setdefault(staff, []).append(due[client])
    return found
