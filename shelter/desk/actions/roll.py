"""Calling the roll: each press of a button is saved by itself, and nothing that was pressed is ever lost."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import exists, or_, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.asking import fresh
from shelter.desk.models import MARK, Mark, RollMark, StepTaken, Tick
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.desk import missing_steps, roll_limits
from shelter.rules.rollcall import Seen, pressed_at, require_night, seen_now
from shelter.stays.models import Stay, StayBed
from shelter.stays.queries import sites_now
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class Ticking:
    """What was seen of her in a night; `pressed` as the page says it, which may have waited for the network."""

    code: str
    night: date
    seen: Seen
    pressed: datetime | None = None


def tick(actor: Actor, command: Ticking) -> Seen:
    """Writes a press into her line of that night; returns what stands there now.

    The same press sent twice is one, and one that waited while a colleague answered stands behind hers. `Missing` where
    she has no bed that night; Broken for a night out of reach.
    """
    with recorded(actor, Act.ROLL_TAKE) as unit:
        client = _in_the_roll(actor, unit, command.code, command.night)
        row, mark = _line(actor, client, command.night)
        pressed = Tick(seen=command.seen, by=actor.id, at=pressed_at(now(), command.pressed))
        known = pressed in mark.ticks if command.pressed else seen_now(mark.ticks) is command.seen
        ticks = mark.ticks if known else [*mark.ticks, pressed]
        if not known:
            _keep(actor, row, replace(mark, ticks=ticks))
        return seen_now(ticks)


def take_back(actor: Actor, code: str) -> None:
    """Her last press about this person within the last minutes no longer stands, be it what was seen or a step that was
    taken; `Missing` where there is none.
    """
    limits = roll_limits()
    with recorded(actor, Act.ROLL_TAKE) as unit:
        client = _allowed(actor, unit, code)
        first = now().date() - timedelta(days=limits.nights_back + 1)
        query = select(RollMark).where(RollMark.client_id == client.id, RollMark.night >= first)
        marks = {row: open_section(actor, row, MARK) or Mark() for row in db.session.scalars(query)}
        last: list[tuple[Tick | StepTaken, RollMark]] = []
        for row, mark in marks.items():
            last += [(one, row) for one in mark.ticks[-1:]]
            last += [(one, row) for one in mark.steps[-1:]]
        mine = [(one, row) for one, row in last if fresh(actor, one.by, one.at)]
        if not mine:
            raise Missing
        pressed, row = max(mine, key=lambda pair: (pair[0].at, isinstance(pair[0], StepTaken), pair[1].id))
        mark = marks[row]
        if isinstance(pressed, StepTaken):
            _keep(actor, row, replace(mark, steps=mark.steps[:-1]))
        else:
            before = Tick(seen=seen_now(mark.ticks[:-1]), by=actor.id, at=now())
            _keep(actor, row, replace(mark, ticks=[*mark.ticks, before]))


def take_step(actor: Actor, code: str, night: date, step: str) -> None:
    """A step for somebody who is not back was taken. Broken for a step that is none."""
    if step not in missing_steps():
        raise Broken("desk.no_such_step", "step")
    with recorded(actor, Act.ROLL_TAKE) as unit:
        client = _in_the_roll(actor, unit, code, night)
        row, mark = _line(actor, client, night)
        _keep(actor, row, replace(mark, steps=[*mark.steps, StepTaken(step=step, by=actor.id, at=now())]))


def _allowed(actor: Actor, unit: Unit, code: str) -> Client:
    """The client, locked, so that two desks wait for each other."""
    client = scope.visible(actor, code, Act.STAYS_READ, Act.ROLL_TAKE)
    unit.clause = require(actor, Act.ROLL_TAKE, scope.facts_of(client)).clause
    unit.about(client.id)
    db.session.refresh(client, with_for_update=True)
    return client


def _in_the_roll(actor: Actor, unit: Unit, code: str, night: date) -> Client:
    """Somebody with a bed on that night at a site of the reader."""
    client = _allowed(actor, unit, code)
    sites = {site.id: site.night for site in sites_now(actor.sites)}
    slept = select(StayBed.id).where(
        StayBed.stay_id == Stay.id,
        StayBed.from_day <= night,
        or_(StayBed.until_day.is_(None), StayBed.until_day > night),
    )
    query = select(Stay.site_id).where(Stay.client_id == client.id, Stay.site_id.in_(sites), exists(slept))
    site = db.session.scalars(query).first()
    if site is None:
        raise Missing
    require_night(night, sites[site].last)
    return client


def _line(actor: Actor, client: Client, night: date) -> tuple[RollMark, Mark]:
    """Her line as it is now, a new one where there is none."""
    query = select(RollMark).where(RollMark.client_id == client.id, RollMark.night == night)
    row = db.session.scalars(query, execution_options={"populate_existing": True}).first()
    if row is None:
        return RollMark(client_id=client.id, night=night), Mark()
    return row, open_section(actor, row, MARK) or Mark()


def _keep(actor: Actor, row: RollMark, mark: Mark) -> None:
    if row.mark_version:
        save(actor, row, MARK, mark, row.mark_version)
    else:
        fill(actor, row, MARK, mark)
        db.session.add(row)
