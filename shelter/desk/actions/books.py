"""Writing into the books of a house: hand-over, incidents, the door."""

from dataclasses import dataclass
from datetime import date, time

from msgspec.structs import replace

from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.asking import allowed, need_sound_report, next_in
from shelter.desk.models import (
    AT_DOOR,
    FOR_WHOM,
    HOUSE_NOTE,
    INCIDENT,
    PEOPLE_NOTE,
    AtDoor,
    DoorEntry,
    FollowUp,
    ForWhom,
    HandOver,
    HouseNote,
    Incident,
    IncidentReport,
    PeopleNote,
)
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded


def hand_over(actor: Actor, site: bytes, house: str, people: str) -> bytes:
    """What the next shift must know; about people only their desk reads it. The id, to take it back."""
    if not house and not people:
        raise Broken("desk.say_something", "house")
    with recorded(actor, Act.HAND_OVER_KEEP) as unit:
        allowed(actor, unit, Act.HAND_OVER_KEEP, site)
        row = next_in(site, HandOver)
        fill(actor, row, HOUSE_NOTE, HouseNote(words=house, by=actor.id, at=now()))
        if people:
            fill(actor, row, PEOPLE_NOTE, PeopleNote(words=people))
        db.session.add(row)
        return row.id


# -- incidents ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Report:
    """What happened; `people` are codes, `owner` follows it up."""

    site: bytes
    kind: str
    day: date
    hour: time | None
    words: str
    people: tuple[str, ...]
    injuries: str
    police: bool
    child: bool
    owner: bytes


def report(actor: Actor, command: Report) -> bytes:
    """A new incident; its id. Broken for a day to come, or an owner who does not work there."""
    with recorded(actor, Act.INCIDENTS_KEEP) as unit:
        allowed(actor, unit, Act.INCIDENTS_KEEP, command.site)
        need_sound_report(command.site, command.day, command.owner)
        row = next_in(command.site, IncidentReport)
        value = Incident(
            kind=command.kind,
            day=command.day,
            hour=command.hour,
            words=command.words,
            people=list(command.people),
            injuries=command.injuries,
            police=command.police,
            child=command.child,
            owner=command.owner,
            by=actor.id,
            at=now(),
        )
        fill(actor, row, INCIDENT, value)
        db.session.add(row)
        return row.id


def follow_up(actor: Actor, incident_id: bytes, version: int, words: str, *, done: bool, told_funder: bool) -> None:
    """What was done since; nothing written before is changed. Raises `Conflict` where a colleague was faster."""
    with recorded(actor, Act.INCIDENTS_KEEP) as unit:
        row = db.session.get(IncidentReport, incident_id, populate_existing=True)
        if row is None:
            raise Missing
        allowed(actor, unit, Act.INCIDENTS_KEEP, row.site_id)
        old = open_section(actor, row, INCIDENT)
        if old is None:
            raise Missing
        first_told = told_funder and old.told_funder is None
        if not words and not first_told and done == old.done:
            raise Broken("desk.nothing_done", "words")
        new = FollowUp(by=actor.id, at=now(), words=words, was_done=old.done, told_funder=first_told)
        told = now() if first_told else old.told_funder
        save(actor, row, INCIDENT, replace(old, since=[*old.since, new], done=done, told_funder=told), version)


# -- the door -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody or something at the door; `people` are codes of whom it was for."""

    site: bytes
    kind: str
    who: str
    words: str
    people: tuple[str, ...]


def write_door(actor: Actor, command: Came) -> bytes:
    """One line of the door log; whom it was for is sealed from who keeps the door alone. The id, to take it back."""
    with recorded(actor, Act.DOOR_LOG_KEEP) as unit:
        allowed(actor, unit, Act.DOOR_LOG_KEEP, command.site)
        row = next_in(command.site, DoorEntry)
        entry = AtDoor(kind=command.kind, who=command.who, words=command.words, came=now(), by=actor.id)
        fill(actor, row, AT_DOOR, entry)
        if command.people and actor.keyring.holds(Kind.SHELTER):
            fill(actor, row, FOR_WHOM, ForWhom(people=list(command.people)))
        db.session.add(row)
        return row.id


def went(actor: Actor, entry_id: bytes) -> None:
    """Whoever came has gone again."""
    with recorded(actor, Act.DOOR_LOG_KEEP) as unit:
        row = db.session.get(DoorEntry, entry_id, populate_existing=True)
        if row is None:
            raise Missing
        allowed(actor, unit, Act.DOOR_LOG_KEEP, row.site_id)
        entry = open_section(actor, row, AT_DOOR)
        if entry is not None and entry.left is None:
            save(actor, row, AT_DOOR, replace(entry, left=now(), left_by=actor.id), row.entry_version)
