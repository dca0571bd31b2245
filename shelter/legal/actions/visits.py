"""Hearings and appointments: entered without a notice, and what is arranged around each of them."""

import re
from dataclasses import asdict

from msgspec.structs import replace

from shelter.db import new_id
from shelter.db.errors import Conflict
from shelter.legal import team
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import AddVisit, Arrangements, ArrangeVisit
from shelter.legal.models import Due, Visit
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def add_visit(actor: Actor, command: AddVisit) -> Due:
    """A hearing or appointment that no notice brought. Raises `Broken` for a day that is over."""
    with working(actor, command.code, command.matter) as work:
        if command.day < work.stamp.on:
            raise Broken("legal.day_is_over", field="day")
        due = Due(
            id=new_id(),
            day=command.day,
            counted=command.day,
            trigger_date=command.day,
            by=work.stamp.by,
            at=work.stamp.at,
            set_on=work.stamp.on,
            kind="visit",
            visit=_arranged(work, command.arranged, 1),
        )
        work.keep_dates([*work.dates().dates, due])
    return due


def arrange_visit(actor: Actor, command: ArrangeVisit) -> None:
    """Raises `Conflict` where somebody arranged it meanwhile or it is over."""
    with working(actor, command.code, command.matter) as work:
        due = work.open_date(command.due)
        if due.kind != "visit" or due.visit_version != command.version:
            raise Conflict("matter", "dates")
        visit = _arranged(work, command.arranged, command.version + 1)
        work.keep_dates(work.with_date(replace(due, visit=visit)))


def _arranged(work: Work, arranged: Arrangements, version: int) -> Visit:
    if arranged.time and not _TIME.fullmatch(arranged.time):
        raise Broken("legal.time", field="time")
    if arranged.along is not None and arranged.along not in team.eyes_on([work.client.id])[work.client.id]:
        raise Broken("legal.choose_advocate", field="along")
    return Visit(**asdict(arranged), version=version, by=work.stamp.by, at=work.stamp.at)
