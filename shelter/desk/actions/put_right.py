"""The books of a house: what somebody wrote or put right is taken back by her at once, later superseded with a reason,
and kept.
"""

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import delete

from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import Section, fill, open_section, save
from shelter.desk.actions.books import Came, Report
from shelter.desk.asking import allowed, last_right, need_fresh, need_reason, need_sound_report
from shelter.desk.models import (
    AT_DOOR,
    FOR_WHOM,
    HOUSE_NOTE,
    INCIDENT,
    PEOPLE_NOTE,
    DoorBefore,
    DoorEntry,
    HandOver,
    Happened,
    HappenedBefore,
    Incident,
    IncidentReport,
    NoteBefore,
    OfHouse,
    PeopleNote,
)
from shelter.desk.models.books import ForWhom
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import Unit, recorded

Book = TypeVar("Book", bound=OfHouse)
T = TypeVar("T", bound=msgspec.Struct)


def _found(actor: Actor, unit: Unit, act: Act, book: type[Book], row_id: bytes) -> Book:
    row = db.session.get(book, row_id, populate_existing=True)
    if row is None:
        raise Missing
    allowed(actor, unit, act, row.site_id)
    return row


def _opened(actor: Actor, row: OfHouse, section: Section[T]) -> T:
    value = open_section(actor, row, section)
    if value is None:
        raise Missing
    return value


def _gone(row: OfHouse) -> None:
    db.session.execute(delete(type(row)).where(type(row).id == row.id))


# -- hand-over ---------------------------------------------------------------------------


def take_back_note(actor: Actor, note: bytes) -> None:
    """Her own last act about a note: that it was put right, or the note itself. Broken where it is too late."""
    with recorded(actor, Act.HAND_OVER_KEEP) as unit:
        row = _found(actor, unit, Act.HAND_OVER_KEEP, HandOver, note)
        house, people = _opened(actor, row, HOUSE_NOTE), open_section(actor, row, PEOPLE_NOTE)
        was = last_right(people.before) if people else None
        if people is None or was is None:
            need_fresh(actor, house.by, house.at)
            _gone(row)
            return
        need_fresh(actor, was.by, was.at)
        save(actor, row, HOUSE_NOTE, replace(house, words=was.house), row.house_version)
        stood = PeopleNote(words=was.people, before=people.before[:-1])
        save(actor, row, PEOPLE_NOTE, stood, row.people_version)


def put_note_right(actor: Actor, note: bytes, version: int, house: str, people: str, reason: str) -> None:
    """Other words in a note; what stood is kept with the part about people, so that volunteers do not read it.

    Raises `Conflict` where a colleague was faster.
    """
    need_reason(reason)
    if not house and not people:
        raise Broken("desk.say_something", "house")
    with recorded(actor, Act.HAND_OVER_KEEP) as unit:
        row = _found(actor, unit, Act.HAND_OVER_KEEP, HandOver, note)
        old, about = _opened(actor, row, HOUSE_NOTE), open_section(actor, row, PEOPLE_NOTE) or PeopleNote()
        was = NoteBefore(by=actor.id, at=now(), reason=reason, house=old.words, people=about.words)
        save(actor, row, HOUSE_NOTE, replace(old, words=house), version)
        new = PeopleNote(words=people, before=[*about.before, was])
        if row.people_version:
            save(actor, row, PEOPLE_NOTE, new, row.people_version)
        else:
            fill(actor, row, PEOPLE_NOTE, new)


# -- incidents ---------------------------------------------------------------------------


def take_back_incident(actor: Actor, incident: bytes) -> bool:
    """Her own last word about it is gone: that it was put right, what was done since, or the whole report (False:
    nothing of it is left).
    """
    with recorded(actor, Act.INCIDENTS_KEEP) as unit:
        row = _found(actor, unit, Act.INCIDENTS_KEEP, IncidentReport, incident)
        old = _opened(actor, row, INCIDENT)
        was = last_right(old.before, *(one.at for one in old.since))
        if was is not None:
            need_fresh(actor, was.by, was.at)
            stood = replace(old, **_fields(was.was), before=old.before[:-1])
            save(actor, row, INCIDENT, stood, row.report_version)
            return True
        if not old.since:
            need_fresh(actor, old.by, old.at)
            _gone(row)
            return False
        last = old.since[-1]
        need_fresh(actor, last.by, last.at)
        told = None if last.told_funder else old.told_funder
        before = replace(old, since=old.since[:-1], done=last.was_done, told_funder=told)
        save(actor, row, INCIDENT, before, row.report_version)
        return True


def put_incident_right(actor: Actor, incident: bytes, version: int, command: Report, reason: str) -> None:
    """Another report of what happened; the one before is kept. Raises `Conflict`, and Broken as `report` does."""
    need_reason(reason)
    with recorded(actor, Act.INCIDENTS_KEEP) as unit:
        row = _found(actor, unit, Act.INCIDENTS_KEEP, IncidentReport, incident)
        old = _opened(actor, row, INCIDENT)
        need_sound_report(row.site_id, command.day, command.owner, known_owner=old.owner)
        was = HappenedBefore(by=actor.id, at=now(), reason=reason, was=_happened(old))
        told = {name: getattr(command, name) for name in Happened.__struct_fields__}
        new = replace(old, **told | {"people": list(command.people), "before": [*old.before, was]})
        save(actor, row, INCIDENT, new, version)


def _happened(one: Incident) -> Happened:
    return Happened(**_fields(one))


def _fields(one: Happened) -> dict[str, Any]:
    """What a report says happened, without what became of it."""
    return {name: getattr(one, name) for name in Happened.__struct_fields__}


# -- the door ----------------------------------------------------------------------------


def take_back_door(actor: Actor, entry: bytes) -> None:
    """Her own last act about a line of the log: that it was put right, that somebody has gone again, or the line."""
    with recorded(actor, Act.DOOR_LOG_KEEP) as unit:
        row = _found(actor, unit, Act.DOOR_LOG_KEEP, DoorEntry, entry)
        old = _opened(actor, row, AT_DOOR)
        was = last_right(old.before, old.left)
        if was is not None:
            need_fresh(actor, was.by, was.at)
            stood = replace(old, kind=was.kind, who=was.who, words=was.words, before=old.before[:-1])
            save(actor, row, AT_DOOR, stood, row.entry_version)
            _whom_again(actor, row, was.at)
            return
        if old.left is not None:
            need_fresh(actor, old.left_by, old.left)
            save(actor, row, AT_DOOR, replace(old, left=None, left_by=b""), row.entry_version)
            return
        need_fresh(actor, old.by, old.came)
        _gone(row)


def put_door_right(actor: Actor, entry: bytes, version: int, command: Came, reason: str) -> None:
    """Another line; the one before is kept. Whom it was for changes only where the reader may read it."""
    need_reason(reason)
    with recorded(actor, Act.DOOR_LOG_KEEP) as unit:
        row = _found(actor, unit, Act.DOOR_LOG_KEEP, DoorEntry, entry)
        old = _opened(actor, row, AT_DOOR)
        was = DoorBefore(by=actor.id, at=now(), reason=reason, kind=old.kind, who=old.who, words=old.words)
        new = replace(old, kind=command.kind, who=command.who, words=command.words, before=[*old.before, was])
        save(actor, row, AT_DOOR, new, version)
        if actor.keyring.holds(Kind.SHELTER):
            _for_whom(actor, row, list(command.people), was.at)


def _for_whom(actor: Actor, row: DoorEntry, people: list[str], at: datetime) -> None:
    old = open_section(actor, row, FOR_WHOM)
    if old is None and people:
        fill(actor, row, FOR_WHOM, ForWhom(people=people, stood=ForWhom(), righted=at))
    elif old is not None and old.people != people:
        save(actor, row, FOR_WHOM, ForWhom(people=people, stood=old, righted=at), row.whom_version)


def _whom_again(actor: Actor, row: DoorEntry, at: datetime) -> None:
    """Whom it was for before it was put right at that moment, where that changed it."""
    about = open_section(actor, row, FOR_WHOM) if actor.keyring.holds(Kind.SHELTER) else None
    if about is not None and about.stood is not None and about.righted == at:
        save(actor, row, FOR_WHOM, about.stood, row.whom_version)
