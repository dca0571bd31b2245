"""Asking for a copy of one part of a record, giving it, taking it back, and saying afterwards whether it was right."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from shelter.accounts.models import GlassReview
from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import sign_in_name
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries.own_file import not_open_to, part_of, tellers
from shelter.copies.models import COPY_ABOUT, COPY_ASK, COPY_REVIEW, Copied, CopiedLine, CopyAbout, CopyAsk, CopyGiven
from shelter.copies.queries import (
    Offered,
    asked_of_me,
    asks_for,
    is_hers_to_review,
    lines_of,
    receivers,
    told_of,
    whom_to_ask,
)
from shelter.db import db
from shelter.db.aside import SectionCopy
from shelter.db.errors import Missing
from shelter.db.letters import TooLong, sealed_for_one
from shelter.db.roll import current_roll
from shelter.db.sections import fill, note_write, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import Unit, recorded

REASONS = ("danger", "form", "court", "together", "other")
DAYS = (1, 3, 7, 14)
ASKED_FOR = timedelta(days=14)
"""How long an ask waits; then it goes, answered or not."""


@dataclass(frozen=True, slots=True)
class Give:
    """Which lines of which part of whose record, to whom (id of staff), why, and for how many days."""

    code: str
    part: str
    lines: frozenset[str]
    reader: bytes
    reason: str
    words: str
    days: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Which part of whose record somebody needs, and why."""

    code: str
    part: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody else finds about it."""

    copy_id: bytes
    was_right: bool
    words: str


def give(actor: Actor, command: Give) -> None:
    """Seals the lines to the colleague's own key; she and those who work with her hear of it at once.

    Raises Missing for a part that the giver may not tell; Broken for a colleague who opens it anyway or must not.
    """
    with recorded(actor, Act.COPIES_GIVE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.COPIES_GIVE)
        if command.part not in tellers(actor, client):
            raise Missing
        if command.reader not in receivers(actor, client, command.part):
            raise Broken("copies.not-to-her", "reader")
        chosen = [one for one in lines_of(actor, client, command.part) if one.key in command.lines]
        if len(chosen) != len(command.lines) or not chosen:
            raise Broken("copies.changed", "lines")
        ends = now() + timedelta(days=command.days)
        given = CopyGiven(client_id=client.id, giver_id=actor.id, reader_id=command.reader, ends=ends)
        about = CopyAbout(part=command.part, reason=command.reason, words=command.words, at=now())
        fill(actor, given, COPY_ABOUT, about)
        db.session.add(given)
        db.session.flush()
        _seal(actor, given, command.part, chosen)
        unit.detail["reader"] = sign_in_name(command.reader)
        unit.detail["part"], unit.detail["until"] = command.part, ends.isoformat(timespec="minutes")
        for row in asks_for(actor, client.id, command.reader, command.part):
            db.session.delete(row)
        _tell(actor, client, command)


def ask(actor: Actor, command: Ask) -> None:
    """Those who may give the part hear of it; nobody tells whoever asks whether anything is written there.

    Raises Broken for a part that her keys open, or that she has asked for already.
    """
    with recorded(actor, Act.COPIES_ASK) as unit:
        client = scope.for_change(actor, unit, command.code, Act.COPIES_ASK)
        if command.part not in not_open_to(actor, client):
            raise Broken("copies.open-already", "part")
        if asks_for(actor, client.id, actor.id, command.part):
            raise Broken("copies.asked-already", "part")
        row = CopyAsk(client_id=client.id, asker_id=actor.id, ends=now() + ASKED_FOR)
        fill(actor, row, COPY_ASK, CopyAbout(part=command.part, reason=command.reason, words=command.words, at=now()))
        db.session.add(row)
        unit.detail["part"] = command.part
        for one in sorted(
            (whom_to_ask(scope.facts_of(client), command.part) - {actor.id}) & set(current_roll().bindings)
        ):
            notify(actor, one, NoticeKind.ASKED, client.id, code=client.code)


def put_away(actor: Actor, ask_id: bytes) -> None:
    """A holder does not give it; whoever asked sees no difference. Raises Missing for one that is not asked of her."""
    with recorded(actor, Act.COPIES_ASK) as unit:
        row = db.session.get(CopyAsk, ask_id, populate_existing=True, with_for_update=True)
        if row is None or ask_id not in {one.id for one in asked_of_me(actor)}:
            raise Missing
        client = db.session.get_one(Client, row.client_id)
        unit.clause = scope.allowed(actor, Act.COPIES_ASK, client).clause
        unit.about(client.id)
        row.put_away = True
        unit.detail["ended"] = "yes"


def _seal(actor: Actor, given: CopyGiven, part: str, chosen: list[Offered]) -> None:
    copied = Copied(
        client=given.client_id,
        ends=given.ends,
        part=part,
        lines=[CopiedLine(label=one.label, words=one.words, day=one.day) for one in chosen],
    )
    try:
        sealed = sealed_for_one(actor, "section_copy", given.id, "copy", given.reader_id, copied)
    except TooLong:
        raise Broken("copies.too-long", "lines") from None
    note_write("section_copy", given.id, "copy", 1, sealed)
    row = SectionCopy(id=given.id, client_id=given.client_id, reader_id=given.reader_id, ends=given.ends, sealed=sealed)
    db.session.add(row)


def _tell(actor: Actor, client: Client, command: Give) -> None:
    """Of a copy of legal work no caseworker hears: it would say that there is a matter."""
    facts, roll = scope.facts_of(client), current_roll()
    notify(actor, command.reader, NoticeKind.PART, client.id)
    case = frozenset[bytes]() if part_of(command.part) is Act.MATTERS_COPY else facts.caseworkers
    for worker in sorted((case | facts.advocates) - facts.denied - {actor.id, command.reader}):
        if worker in roll.bindings:
            notify(actor, worker, NoticeKind.PART, client.id, code=client.code)


def take_back(actor: Actor, code: str, copy_id: bytes) -> None:
    """The copy ends now, whoever of those that may give it says so. Raises Missing where none is open."""
    with recorded(actor, Act.COPIES_GIVE) as unit:
        client = scope.for_change(actor, unit, code, Act.COPIES_GIVE)
        given = db.session.get(CopyGiven, copy_id, populate_existing=True, with_for_update=True)
        if given is None or given.client_id != client.id or not told_of(actor, copy_id) or not _end(given, unit):
            raise Missing


def _end(given: CopyGiven, unit: Unit) -> bool:
    unit.detail["reader"], unit.detail["ended"] = sign_in_name(given.reader_id), "yes"
    gone = db.session.execute(delete(SectionCopy).where(SectionCopy.id == given.id).returning(SectionCopy.id)).all()
    return bool(gone)


def review(actor: Actor, command: Review) -> None:
    """Somebody who neither gave nor got it says whether it was right; a copy that was not ends at once.

    Raises Missing, also for a part that she may not give; Broken for one's own or one reviewed.
    """
    with recorded(actor, Act.COPIES_REVIEW) as unit:
        given = db.session.get(CopyGiven, command.copy_id, populate_existing=True, with_for_update=True)
        if given is None:
            raise Missing
        client = scope.get(actor, Act.COPIES_REVIEW, given.client_id)
        unit.clause = scope.allowed(actor, Act.COPIES_REVIEW, client).clause
        unit.about(client.id)
        if actor.id in (given.giver_id, given.reader_id):
            raise Broken("copies.not-your-own")
        if not is_hers_to_review(actor, given.id):
            raise Missing
        if given.reviewed_by is not None:
            raise Broken("copies.reviewed-already")
        given.reviewed_by = actor.id
        db.session.flush()
        save(actor, given, COPY_REVIEW, GlassReview(was_right=command.was_right, words=command.words), 0)
        unit.detail["was_right"] = "yes" if command.was_right else "no"
        if not command.was_right:
            _end(given, unit)
