"""What the books of a house say of one person: incidents in which she stands, and who came to see her."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.desk.models import AT_DOOR, FOR_WHOM, INCIDENT, AtDoor, DoorEntry, Incident, IncidentReport
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class InBooks:
    """The latest first; of the reader's houses alone, since she opens no others. Of a visit also whether it was for her
    alone.
    """

    incidents: list[Incident]
    visits: list[tuple[AtDoor, bool]]


def in_books(actor: Actor, client: Client) -> InBooks:
    """All there is, however old: for her own file. Nothing for a reader who keeps no such book."""
    return InBooks(_incidents(actor, client), _visits(actor, client))


def _incidents(actor: Actor, client: Client) -> list[Incident]:
    if not decide(actor, Act.INCIDENTS_KEEP).allowed:
        return []
    note_read(actor, Act.INCIDENTS_KEEP, [client.id])
    rows = list(db.session.scalars(select(IncidentReport).where(IncidentReport.site_id.in_(actor.sites))))
    opened = open_each(actor, [row_of(row, INCIDENT) for row in rows], INCIDENT).values
    return sorted((one for one in opened if one and client.code in one.people), key=_day, reverse=True)


def _visits(actor: Actor, client: Client) -> list[tuple[AtDoor, bool]]:
    if not decide(actor, Act.DOOR_LOG_KEEP).allowed:
        return []
    note_read(actor, Act.DOOR_LOG_KEEP, [client.id])
    rows = list(db.session.scalars(select(DoorEntry).where(DoorEntry.site_id.in_(actor.sites))))
    whom = open_each(actor, [row_of(row, FOR_WHOM) for row in rows], FOR_WHOM).values
    hers = [(row, len(to.people) == 1) for row, to in zip(rows, whom, strict=True) if to and client.code in to.people]
    entries = open_each(actor, [row_of(row, AT_DOOR) for row, _ in hers], AT_DOOR).values
    found = [(entry, alone) for entry, (_, alone) in zip(entries, hers, strict=True) if entry]
    return sorted(found, key=lambda pair: pair[0].came, reverse=True)


def _day(one: Incident) -> date:
    return one.day
