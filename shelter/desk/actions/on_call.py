"""Who is on call at a house: put on the list, taken off it, and either taken back for ten minutes."""

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace
from sqlalchemy import delete, select

from shelter.accounts.queries import staff_at
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.asking import allowed, can_be_undone, need_fresh, next_in
from shelter.desk.models import ON_CALL, OnCall, OnCallTurn
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now, today
from shelter.rules.staydays import require_near
from shelter.trail.record import Unit, recorded

_ON_CALL = frozenset({Role.CASEWORKER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Turn:
    """Who answers at night from one day to another."""

    site: bytes
    staff: bytes
    first: date
    last: date
    phone: str
    words: str


def put_on_call(actor: Actor, command: Turn) -> bytes:
    """The id, to take it back. Broken for days out of order or reach, or somebody who cannot open what she must."""
    with recorded(actor, Act.ON_CALL_KEEP) as unit:
        allowed(actor, unit, Act.ON_CALL_KEEP, command.site)
        day = today(db.session.get_one(Site, command.site).zone)
        require_near(command.first, day, "first")
        require_near(command.last, day, "last")
        if command.last < command.first:
            raise Broken("desk.ends_before", "last")
        if command.staff not in staff_at(actor.sites, _ON_CALL):
            raise Broken("desk.no_such_colleague", "staff")
        _forget_off(actor, command.site)
        row = next_in(command.site, OnCallTurn)
        turn = OnCall(
            staff=command.staff,
            first=command.first,
            last=command.last,
            phone=command.phone,
            words=command.words,
            by=actor.id,
            at=now(),
        )
        fill(actor, row, ON_CALL, turn)
        db.session.add(row)
        return row.id


def take_off_call(actor: Actor, turn_id: bytes) -> None:
    """Off the list at once, and gone with the next change of it once that can no longer be taken back."""
    with recorded(actor, Act.ON_CALL_KEEP) as unit:
        row, turn = _turn(actor, unit, turn_id)
        _forget_off(actor, row.site_id)
        if turn.off_at is None:
            save(actor, row, ON_CALL, replace(turn, off_by=actor.id, off_at=now()), row.turn_version)


def take_back_turn(actor: Actor, turn_id: bytes) -> bool:
    """Her own last act about a turn: taken off the list (True: back on it), or put on it (False: gone).

    `Missing` for the act of somebody else, Broken where it is too late.
    """
    with recorded(actor, Act.ON_CALL_KEEP) as unit:
        row, turn = _turn(actor, unit, turn_id)
        if turn.off_at is not None:
            need_fresh(actor, turn.off_by, turn.off_at)
            save(actor, row, ON_CALL, replace(turn, off_by=b"", off_at=None), row.turn_version)
            return True
        need_fresh(actor, turn.by, turn.at)
        db.session.execute(delete(OnCallTurn).where(OnCallTurn.id == row.id))
        return False


def _turn(actor: Actor, unit: Unit, turn_id: bytes) -> tuple[OnCallTurn, OnCall]:
    row = db.session.get(OnCallTurn, turn_id, populate_existing=True)
    if row is None:
        raise Missing
    allowed(actor, unit, Act.ON_CALL_KEEP, row.site_id)
    turn = open_section(actor, row, ON_CALL)
    if turn is None:
        raise Missing
    return row, turn


def _forget_off(actor: Actor, site: bytes) -> None:
    """Deletes what was taken off the list of a house too long ago to be put back."""
    for row in list(db.session.scalars(select(OnCallTurn).where(OnCallTurn.site_id == site))):
        turn = open_section(actor, row, ON_CALL)
        if turn is not None and turn.off_at is not None and not can_be_undone(turn.off_at):
            db.session.execute(delete(OnCallTurn).where(OnCallTurn.id == row.id))
