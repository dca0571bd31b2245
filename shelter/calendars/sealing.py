"""Entries of a feed: sealed to its public half by whoever changes a date, opened by a fetch alone.

An entry's place is made from the feed and the date it stands for, both random, so that a changed date finds its entry
again and nobody without the date does.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import delete, insert, or_, select

from shelter.crypto.calendar import calendar_keys
from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import Recipient, seal_to
from shelter.crypto.labels import Label
from shelter.crypto.plaintext import padded, unpadded
from shelter.crypto.signing import Field, sign, verify
from shelter.crypto.tokens import TOKEN_LENGTH
from shelter.db import db
from shelter.db.aside import CalendarEntry, CalendarFeed
from shelter.db.deployment import deployment
from shelter.db.keyring import chunks, keyring_of
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What a calendar company will see: a day, a code, and whether it is an appointment (with its time)."""

    day: date
    code: str
    visit: bool = False
    time: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """An entry and the id of the date that it stands for."""

    due: bytes
    entry: Entry


def signed_fields(feed: CalendarFeed) -> tuple[Field, ...]:
    ends = feed.ends.toordinal() if feed.ends else 0
    return (feed.id, feed.staff_id, feed.lookup_hash, feed.public, ends)


def sign_feed(actor: Actor, feed: CalendarFeed) -> bytes:
    keyring = keyring_of(actor)
    return sign(keyring.signing_private, Label.SIGN_CALENDAR_FEED, keyring.agency, signed_fields(feed))


def holds(feed: CalendarFeed) -> bool:
    """Whether its owner made it and still belongs: nothing is sealed to an address that somebody slipped in."""
    try:
        public = current_roll().signing_public(feed.staff_id)
        verify(public, feed.signature, Label.SIGN_CALENDAR_FEED, deployment().agency, signed_fields(feed))
    except Unopenable:
        return False
    return True


def place(feed: bytes, due: bytes) -> bytes:
    """Where the entry of a date stands in a feed."""
    return hashlib.sha256(b"shelter/calendar-entry" + feed + due).digest()[:16]


def _context(feed: bytes, entry: bytes) -> Context:
    return Context(label=Label.CALENDAR, agency=deployment().agency, table="calendar_entry", row=entry, subject=feed)


def put(feed: CalendarFeed, entries: list[Marked], gone: list[bytes], ends: date | None = None) -> None:
    """Seals entries anew and takes away those of dates that are `gone`, in the caller's transaction.

    `ends` is the last day of the cover that they are lent for.
    """
    places = [place(feed.id, marked.due) for marked in entries]
    for part in chunks([*places, *(place(feed.id, due) for due in gone)]):
        db.session.execute(delete(CalendarEntry).where(CalendarEntry.id.in_(part)))
    rows = [
        {"id": one, "feed_id": feed.id, "sealed": _sealed(feed, one, marked.entry), "ends": ends}
        for one, marked in zip(places, entries, strict=True)
    ]
    if rows:
        db.session.execute(insert(CalendarEntry), rows)


def lacks(feed: CalendarFeed, entries: list[Marked], ends: date) -> bool:
    """Whether some of these do not stand in the feed, or not to that day."""
    wanted, there = [place(feed.id, marked.due) for marked in entries], set[bytes]()
    long_enough = or_(CalendarEntry.ends.is_(None), CalendarEntry.ends >= ends)
    for part in chunks(wanted):
        there.update(db.session.scalars(select(CalendarEntry.id).where(CalendarEntry.id.in_(part), long_enough)))
    return not there.issuperset(wanted)


def _sealed(feed: CalendarFeed, entry_id: bytes, entry: Entry) -> bytes:
    return seal_to(feed.public, feed.id, _context(feed.id, entry_id), padded(msgspec.msgpack.encode(entry)))


def opened(address: bytes) -> tuple[CalendarFeed, list[tuple[bytes, Entry]]] | None:
    """The feed of an address and what stands in it, by the id of each entry; None for an address that is none."""
    if len(address) != TOKEN_LENGTH:
        return None
    keys = calendar_keys(address, deployment().agency)
    feed = db.session.scalar(select(CalendarFeed).where(CalendarFeed.lookup_hash == keys.lookup_hash))
    if feed is None or not holds(feed):
        return None
    recipient = Recipient(keys.exchange.private, feed.id)
    columns = select(CalendarEntry.id, CalendarEntry.sealed).where(CalendarEntry.feed_id == feed.id)
    decode = msgspec.msgpack.Decoder(Entry).decode
    found = []
    for row in db.session.execute(columns):
        try:
            found.append((row.id, decode(unpadded(recipient.unseal(_context(feed.id, row.id), row.sealed)))))
        except (Unopenable, msgspec.MsgspecError, ValueError):
            continue  # somebody else's bytes in this feed: nothing of them is shown
    return feed, found
