"""Requests that cannot be met, and who waits; what nobody needs any longer is deleted with its key."""

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace
from sqlalchemy import delete

from shelter.db import db
from shelter.db.agency import Site
from shelter.db.deks import discard
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk import facts
from shelter.desk.asking import last_right, need_fresh, need_reason, next_in, undo_until
from shelter.desk.models import (
    TURNED_AWAY,
    WAITING,
    RequestBefore,
    RequestTurnedAway,
    RequestWaiting,
    TurnedAway,
    Waiting,
)
from shelter.desk.upkeep import forget_served
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now, today
from shelter.trail.record import Unit, recorded

_COUNTED = ("day", "adults", "children", "referred")
"""What stands of a request beside its reason."""


@dataclass(frozen=True, slots=True)
class TurnAway:
    """How many asked, why there was no place, where they were referred to."""

    site: bytes
    day: date
    adults: int
    children: int
    reason: str
    referred: str = ""


def turn_away(actor: Actor, command: TurnAway) -> bytes:
    """Writes it down and tells the ledger; the id, to take it back. Broken for a day to come, or for nobody."""
    with recorded(actor, Act.REQUESTS_KEEP) as unit:
        _at_my_house(actor, unit, command.site)
        _need_sound(command.site, command)
        row = next_in(command.site, RequestTurnedAway)
        value = TurnedAway(
            day=command.day,
            adults=command.adults,
            children=command.children,
            reason=command.reason,
            referred=command.referred,
            by=actor.id,
            at=now(),
        )
        fill(actor, row, TURNED_AWAY, value)
        db.session.add(row)
        facts.turned_away(actor, row, value)
        return row.id


def take_back_request(actor: Actor, request_id: bytes) -> None:
    """Her own last act about a request: that it was put right, or the row, its key and its fact. Broken where it is too
    late.
    """
    with recorded(actor, Act.REQUESTS_KEEP) as unit:
        row, value = _turned_away(actor, unit, request_id)
        was = last_right(value.before)
        if was is not None:
            need_fresh(actor, was.by, was.at)
            told = {name: getattr(was, name) for name in _COUNTED}
            stood = replace(value, **told, reason=was.why, before=value.before[:-1])
            save(actor, row, TURNED_AWAY, stood, row.request_version)
            facts.turned_away(actor, row, stood)
            return
        need_fresh(actor, value.by, value.at)
        facts.turned_away(actor, row, value, gone=True)
        db.session.execute(delete(RequestTurnedAway).where(RequestTurnedAway.id == row.id))
        discard(row.subject())


def put_request_right(actor: Actor, request_id: bytes, version: int, command: TurnAway, reason: str) -> None:
    """Other numbers of a request, told to the ledger in place of the first; what stood is kept.

    Raises `Conflict` where a colleague was faster, Broken as `turn_away` does.
    """
    need_reason(reason)
    with recorded(actor, Act.REQUESTS_KEEP) as unit:
        row, old = _turned_away(actor, unit, request_id)
        _need_sound(row.site_id, command)
        stood = {name: getattr(old, name) for name in _COUNTED}
        was = RequestBefore(by=actor.id, at=now(), reason=reason, why=old.reason, **stood)
        told = {name: getattr(command, name) for name in (*stood, "reason")}
        new = replace(old, **told, before=[*old.before, was])
        save(actor, row, TURNED_AWAY, new, version)
        facts.turned_away(actor, row, new)


def _need_sound(site: bytes, command: TurnAway) -> None:
    """Raises Broken for a day to come, or for nobody."""
    if command.day > today(db.session.get_one(Site, site).zone):
        raise Broken("desk.day_to_come", "day")
    _somebody(command.adults, command.children)


def _turned_away(actor: Actor, unit: Unit, request_id: bytes) -> tuple[RequestTurnedAway, TurnedAway]:
    row = db.session.get(RequestTurnedAway, request_id, populate_existing=True)
    if row is None:
        raise Missing
    _at_my_house(actor, unit, row.site_id)
    value = open_section(actor, row, TURNED_AWAY)
    if value is None:
        raise Missing
    return row, value


@dataclass(frozen=True, slots=True)
class PutOnList:
    """Who waits, how many, how dangerous it is there, and the one safe channel."""

    site: bytes
    called: str
    adults: int
    children: int
    needs: tuple[str, ...]
    danger: str
    channel: str
    value: str = ""
    say: str = ""


def put_on_list(actor: Actor, command: PutOnList) -> bytes:
    """The id, to take it back. Broken where a channel is named without how to use it, or the other way round."""
    with recorded(actor, Act.REQUESTS_KEEP) as unit:
        _at_my_house(actor, unit, command.site)
        row = RequestWaiting(site_id=command.site)
        fill(actor, row, WAITING, _waiting(actor, command))
        db.session.add(row)
        return row.id


def change_waiting(actor: Actor, request_id: bytes, version: int, command: PutOnList) -> None:
    """What stood can be brought back for ten minutes. Raises `Conflict` where a colleague was faster."""
    with recorded(actor, Act.REQUESTS_KEEP) as unit:
        row = _row(actor, unit, request_id)
        value, old = _waiting(actor, command), open_section(actor, row, WAITING)
        if old is not None:
            value = replace(value, at=old.at, changed=value.at, was=replace(old, was=None))
        save(actor, row, WAITING, value, version)


def served(actor: Actor, request_id: bytes) -> None:
    """She has a bed, or waits no longer: off the list, and gone with her key once it can no longer be taken back."""
    with recorded(actor, Act.REQUESTS_KEEP) as unit:
        forget_served(now())
        row = _row(actor, unit, request_id)
        row.gone_at, row.gone_by = undo_until(), actor.id


def take_back_waiting(actor: Actor, request_id: bytes) -> bool:
    """Her own last act about somebody who waits: taken off the list (True: back on it), changed (False: as it stood
    before) or put on it (False: gone with her key). `Missing` for the act of somebody else, or for somebody who is
    gone; Broken where it is too late.
    """
    with recorded(actor, Act.REQUESTS_KEEP) as unit:
        row = db.session.get(RequestWaiting, request_id, populate_existing=True)
        if row is None:
            raise Missing
        _at_my_house(actor, unit, row.site_id)
        if row.gone_at is not None:
            if row.gone_by != actor.id or row.gone_at <= now():
                raise Missing
            row.gone_at, row.gone_by = None, None
            return True
        value = open_section(actor, row, WAITING)
        if value is None:
            raise Missing
        need_fresh(actor, value.by, value.changed or value.at)
        if value.was is not None:
            save(actor, row, WAITING, value.was, row.request_version)
            return False
        db.session.execute(delete(RequestWaiting).where(RequestWaiting.id == row.id))
        discard(row.subject())
        return False


def _waiting(actor: Actor, command: PutOnList) -> Waiting:
    _somebody(command.adults, command.children)
    if command.channel != "she_calls" and not command.value:
        raise Broken("desk.channel_how", "value")
    if command.channel == "she_calls" and command.value:
        raise Broken("desk.no_channel", "channel")
    return Waiting(
        called=command.called,
        adults=command.adults,
        children=command.children,
        needs=list(command.needs),
        danger=command.danger,
        channel=command.channel,
        value=command.value,
        say=command.say,
        by=actor.id,
        at=now(),
    )


def _somebody(adults: int, children: int) -> None:
    if adults + children == 0:
        raise Broken("desk.nobody", "adults")


def _at_my_house(actor: Actor, unit: Unit, site: bytes) -> None:
    unit.clause = require(actor, Act.REQUESTS_KEEP).clause
    if site not in actor.sites:
        raise Missing


def _row(actor: Actor, unit: Unit, request_id: bytes) -> RequestWaiting:
    row = db.session.get(RequestWaiting, request_id, populate_existing=True)
    if row is None or row.gone_at is not None:
        raise Missing
    _at_my_house(actor, unit, row.site_id)
    return row
