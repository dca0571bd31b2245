"""What is agreed around a stay: somebody may come, more time is asked for and given, she is asked how she is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import delete, func, select

from shelter.accounts.queries import staff_at
from shelter.clients import scope
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.clients.queries import agency_today, confirmation_lasts, safest
from shelter.course.models import (
    AFTERWARDS,
    EXPECTED,
    MORE_TIME,
    Afterwards,
    Call,
    Coming,
    Expected,
    Extension,
    FollowUp,
    MoreTime,
    Turn,
)
from shelter.course.queries import last_day_of
from shelter.db import Base, db
from shelter.db.errors import Missing
from shelter.db.sections import Section, fill, open_section, save
from shelter.desk.asking import begin_check, need_fresh
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.rules.afterwards import OPEN, follow_up_days, require_longer, stops
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.staydays import require_near
from shelter.stays.models import Stay, StayBed
from shelter.trail.record import Unit, recorded

Row = TypeVar("Row", bound=Base)
Words = TypeVar("Words", bound=msgspec.Struct)
NEXT = {"referred": ("screened", "not_coming"), "screened": ("accepted", "not_coming"), "accepted": ("not_coming",)}
"""Which states may follow which; arrived follows by itself when she gets a bed."""


@dataclass(frozen=True, slots=True)
class Refer:
    code: str
    site: bytes
    day: date | None
    people: int
    referred_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """`version` is that of what the form was made from."""

    code: str
    coming: bytes
    version: int
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AskMoreTime:
    code: str
    stay: bytes
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Decide:
    code: str
    extension: bytes
    version: int
    decision: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AgreeAfterwards:
    code: str
    stay: bytes


@dataclass(frozen=True, slots=True)
class NoteCall:
    """What became of one call; `stop` says that she wants no further ones."""

    code: str
    follow_up: bytes
    version: int
    days: int
    state: str
    note: str = ""
    stop: bool = False


# -- before ------------------------------------------------------------------------------


def refer(actor: Actor, command: Refer) -> bytes:
    """Somebody may come to a site where the actor works; returns the id."""
    if command.site not in actor.sites:
        raise Missing
    with _writing(actor, command.code, Act.STAYS_PLAN) as (client, _):
        if command.day is not None:
            require_near(command.day, agency_today(), "day")
        turn = Turn(state="referred", at=now(), by=actor.id, note=command.note)
        words = Expected(day=command.day, people=command.people, referred_by=command.referred_by, turns=[turn])
        row = Coming(client_id=client.id, site_id=command.site)
        fill(actor, row, EXPECTED, words)
        db.session.add(row)
    return row.id


def take_turn(actor: Actor, command: TakeTurn) -> None:
    """Screened, accepted or not coming. Raises Broken for a step out of order, `Conflict` where somebody was faster."""
    with _writing(actor, command.code, Act.STAYS_PLAN) as (client, _):
        row = _hers(Coming, command.coming, client)
        words = open_section(actor, row, EXPECTED) or Expected()
        if command.state not in NEXT.get(words.state, ()):
            raise Broken("course.not_next", "state")
        turn = Turn(state=command.state, at=now(), by=actor.id, note=command.note)
        after = replace(words, state=command.state, turns=[*words.turns, turn])
        save(actor, row, EXPECTED, after, made_from=command.version)
        if command.state in ("screened", "accepted"):
            begin_check(actor, client)


def take_back_coming(actor: Actor, code: str, coming: bytes) -> None:
    """Her own last word about it: the step that was agreed, or that anybody may come. As `take_back_more_time`."""
    with _writing(actor, code, Act.STAYS_PLAN) as (client, _):
        row = _hers(Coming, coming, client)
        words = _words(actor, row, EXPECTED)
        *before, last = words.turns
        need_fresh(actor, last.by, last.at)
        if before:
            as_it_was = replace(words, state=before[-1].state, turns=before)
            save(actor, row, EXPECTED, as_it_was, row.expected_version)
        else:
            db.session.execute(delete(Coming).where(Coming.id == row.id))


# -- longer ------------------------------------------------------------------------------


def ask_more_time(actor: Actor, command: AskMoreTime) -> bytes:
    """Asks a supervisor for more time. Raises Broken where the stay has no limit or the day is not later."""
    with _writing(actor, command.code, Act.STAYS_PLAN) as (client, _):
        stay = _hers(Stay, command.stay, client)
        require_near(command.until, agency_today(), "until")
        require_longer(command.until, last_day_of(actor, stay), "until")
        words = MoreTime(until=command.until, reason=command.reason, asked_by=actor.id, asked_at=now())
        row = Extension(client_id=client.id, stay_id=stay.id)
        fill(actor, row, MORE_TIME, words)
        db.session.add(row)
    return row.id


def decide_more_time(actor: Actor, command: Decide) -> None:
    """A supervisor grants or declines, once. Raises Broken for who asked herself, unless she is the only supervisor."""
    with _writing(actor, command.code, Act.STAYS_EXTEND) as (client, _):
        row = _hers(Extension, command.extension, client)
        words = open_section(actor, row, MORE_TIME)
        if words is None or words.decision or command.decision not in ("granted", "declined"):
            raise Broken("course.decided_already", "decision")
        if words.asked_by == actor.id and _another_decides(actor, client):
            raise Broken("course.decided_by_another", "decision")
        after = replace(words, decision=command.decision, decided_by=actor.id, decided_at=now(), answer=command.answer)
        save(actor, row, MORE_TIME, after, made_from=command.version)


def _another_decides(actor: Actor, client: Client) -> bool:
    """Whether the house of her file has a supervisor besides this one who may decide."""
    sites = frozenset({client.site_id}) if client.site_id else actor.sites
    return bool(set(staff_at(sites, frozenset({Role.SUPERVISOR}))) - {actor.id} - scope.facts_of(client).denied)


def take_back_more_time(actor: Actor, code: str, extension: bytes) -> None:
    """Her own last act about it: what she decided, or that she asked. `Missing` for the act of somebody else, Broken
    where it is too late.
    """
    with _writing(actor, code, Act.STAYS_PLAN) as (client, _):
        row = _hers(Extension, extension, client)
        words = _words(actor, row, MORE_TIME)
        if words.decision:
            need_fresh(actor, words.decided_by, words.decided_at)
            open_again = replace(words, decision="", decided_by=b"", decided_at=None, answer="")
            save(actor, row, MORE_TIME, open_again, row.more_time_version)
            return
        need_fresh(actor, words.asked_by, words.asked_at)
        db.session.execute(delete(Extension).where(Extension.id == row.id))


# -- after -------------------------------------------------------------------------------


def agree_afterwards(actor: Actor, command: AgreeAfterwards) -> bytes:
    """She agrees to be asked later how she is; the id, to take it back.

    Raises Broken while she is here, or without a live safe channel.
    """
    with _writing(actor, command.code, Act.STAYS_PLAN) as (client, _):
        stay = _hers(Stay, command.stay, client)
        left = db.session.scalar(select(func.max(StayBed.until_day)).where(StayBed.stay_id == stay.id))
        if stay.state != "ended" or left is None:
            raise Broken("course.still_here")
        if db.session.scalar(select(FollowUp.id).where(FollowUp.stay_id == stay.id)) is not None:
            raise Broken("course.agreed_already")
        _need_safe_channel(actor, client)
        calls = [Call(days=days, due=due) for days, due in follow_up_days(left)]
        row = FollowUp(client_id=client.id, stay_id=stay.id)
        words = Afterwards(left=left, agreed_at=now(), agreed_by=actor.id, calls=calls)
        fill(actor, row, AFTERWARDS, words)
        db.session.add(row)
    return row.id


def note_call(actor: Actor, command: NoteCall) -> None:
    """What became of a call. Two without reaching her, or her word, end the following up."""
    with _writing(actor, command.code, Act.STAYS_PLAN) as (client, _):
        row = _hers(FollowUp, command.follow_up, client)
        words = open_section(actor, row, AFTERWARDS)
        if words is None or command.days not in [call.days for call in words.calls]:
            raise Missing
        if words.stopped:
            raise Broken("course.stopped")
        if command.state == "reached":
            _need_safe_channel(actor, client)
        calls = [_made(actor, call, command) if call.days == command.days else call for call in words.calls]
        stopped = "she_asked" if command.stop else "silence" if stops([call.state for call in calls]) else ""
        save(actor, row, AFTERWARDS, replace(words, calls=calls, stopped=stopped), made_from=command.version)


def _made(actor: Actor, call: Call, command: NoteCall) -> Call:
    if call.state != OPEN:
        raise Broken("course.called_already")
    return replace(call, state=command.state, note=command.note, by=actor.id, at=now())


def take_back_afterwards(actor: Actor, code: str, follow_up: bytes) -> None:
    """Her own last act about it: what became of a call, or that it was agreed. As `take_back_more_time`."""
    with _writing(actor, code, Act.STAYS_PLAN) as (client, _):
        row = _hers(FollowUp, follow_up, client)
        words = _words(actor, row, AFTERWARDS)
        made = [call for call in words.calls if call.at is not None]
        if not made:
            need_fresh(actor, words.agreed_by, words.agreed_at)
            db.session.execute(delete(FollowUp).where(FollowUp.id == row.id))
            return
        last = max(made, key=lambda call: (call.at, call.days))
        need_fresh(actor, last.by, last.at)
        calls = [Call(days=call.days, due=call.due) if call is last else call for call in words.calls]
        save(actor, row, AFTERWARDS, replace(words, calls=calls, stopped=""), row.afterwards_version)


def _need_safe_channel(actor: Actor, client: Client) -> None:
    identity = open_section(actor, client, IDENTITY) or Identity()
    if not safest(identity.contact, agency_today(), confirmation_lasts()).may_be_used:
        raise Broken("course.no_safe_channel")


# -- what they share -----------------------------------------------------------------------


@contextmanager
def _writing(actor: Actor, code: str, act: Act) -> Iterator[tuple[Client, Unit]]:
    with recorded(actor, act) as unit:
        client = scope.visible(actor, code, Act.CLIENTS_READ, Act.STAYS_PLAN)
        unit.clause = scope.allowed(actor, act, client).clause
        unit.about(client.id)
        yield client, unit


def _hers(model: type[Row], row_id: bytes, client: Client) -> Row:
    row = db.session.get(model, row_id, populate_existing=True)
    if row is None or getattr(row, "client_id", None) != client.id:
        raise Missing
    return row


def _words(actor: Actor, row: Coming | Extension | FollowUp, section: Section[Words]) -> Words:
    found = open_section(actor, row, section)
    if found is None:
        raise Missing
    return found
