"""What lies beside the records for one person alone (drafts, notices, copies, a calendar): taken from who is not to
have it any more, in the transaction that says so. What she has read, kept or printed, nobody can call back.

Whose page a draft is, and which entry of a calendar, nobody can tell without that person's own key: so all of hers go.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from shelter.accounts.models import Cover
from shelter.accounts.notices import NoticeKind, notify
from shelter.db import db, fence
from shelter.db.aside import CalendarEntry, CalendarFeed, Draft, Message, SectionCopy
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.rules.clock import now
from shelter.trail.models import Trail, TrailSubject

OPENED_LATELY = timedelta(days=8)
"""A day longer than a draft is kept."""


def take_all(person: bytes) -> None:
    """From somebody who has left: in the caller's transaction, like everything here."""
    take_keyed(person)
    _run(delete(Draft).where(Draft.staff_id == person))
    _run(delete(Message).where(Message.reader_id == person))


def take_keyed(person: bytes) -> None:
    """From somebody who opens nothing until she is let in again."""
    take_copies(person)
    take_calendar(person)


def take_copies(person: bytes) -> None:
    """From somebody who is not to know any client: also of those whom the administrator may not know."""
    with fence.everybody():
        _run(delete(SectionCopy).where(SectionCopy.reader_id == person))


def take_calendar(person: bytes) -> None:
    """The address with its entries, from somebody who works on no dates."""
    feeds = select(CalendarFeed.id).where(CalendarFeed.staff_id == person)
    _run(delete(CalendarEntry).where(CalendarEntry.feed_id.in_(feeds)))
    _run(delete(CalendarFeed).where(CalendarFeed.staff_id == person))


def take_about(actor: Actor, client: bytes, people: Collection[bytes], advocates: Collection[bytes]) -> None:
    """From those who are not to know this client: `advocates` is who has worked on her dates."""
    with fence.everybody():
        _run(delete(Message).where(Message.client_id == client, Message.reader_id.in_(people)))
        _run(delete(SectionCopy).where(SectionCopy.client_id == client, SectionCopy.reader_id.in_(people)))
    drop_drafts([client], people)
    empty_calendars(actor, people, advocates, NoticeKind.CALENDAR)


def drop_drafts(clients: Collection[bytes], people: Collection[bytes] | None = None) -> int:
    """The drafts of those (of these, where `people` are named) who opened one of these files as long as drafts last."""
    lately = select(Trail.actor_id).join(TrailSubject, TrailSubject.seq == Trail.seq)
    readers = lately.where(TrailSubject.client_id.in_(clients), Trail.at >= now() - OPENED_LATELY)
    gone = delete(Draft).where(Draft.staff_id.in_(readers))
    return len(_run((gone if people is None else gone.where(Draft.staff_id.in_(people))).returning(Draft.id)).all())


def empty_calendars(
    actor: Actor, people: Collection[bytes] | None, advocates: Collection[bytes], kind: NoticeKind
) -> None:
    """Of these advocates and who stands in for them (of `people` alone, where named); they are told to fill it anew."""
    standing_in = db.session.scalars(select(Cover.by_staff).where(Cover.for_staff.in_(advocates)))
    owners = {*advocates, *standing_in}
    feeds = select(CalendarFeed.id, CalendarFeed.staff_id).where(
        CalendarFeed.staff_id.in_(owners if people is None else owners & set(people))
    )
    found = {row.id: row.staff_id for row in db.session.execute(feeds)}
    _run(delete(CalendarEntry).where(CalendarEntry.feed_id.in_(found)))
    for one in sorted(set(found.values()) & set(current_roll().bindings) - {actor.id}):
        notify(actor, one, kind)


def _run(statement: Any) -> Any:
    return db.session.execute(statement.execution_options(synchronize_session=False))
