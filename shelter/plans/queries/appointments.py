"""Appointments and follow-ups of one client, and those to come of many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.plans.models import APPOINTMENT, Appointment, AppointmentText
from shelter.plans.queries.reading import readable
from shelter.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """`version` is what a form made from it carries."""

    id: bytes
    client: bytes
    version: int
    text: AppointmentText
    by: str = ""

    @property
    def lacks(self) -> bool:
        """Whether it needs somebody whom nobody has found yet."""
        return "nobody_yet" in (self.text.interpreter, self.text.transport, self.text.childcare)

    @property
    def order(self) -> tuple[date, time]:
        return (self.text.on, self.text.at or time.min)


def appointments(actor: Actor, code: str) -> tuple[PersonCard, list[AppointmentView], list[AppointmentView], date]:
    """Those to come by day, those that have been with the newest first, and today."""
    client = readable(actor, code)
    rows = db.session.scalars(select(Appointment).where(Appointment.client_id == client.id)).all()
    views = sorted(_views(actor, rows), key=lambda one: one.order)
    coming = [one for one in views if one.text.state == "planned"]
    past = [one for one in reversed(views) if one.text.state != "planned"]
    return card(actor, client), coming, past, agency_today()


def appointment(actor: Actor, code: str, appointment_id: bytes) -> tuple[PersonCard, AppointmentView]:
    client = readable(actor, code)
    row = db.session.get(Appointment, appointment_id)
    views = _views(actor, [row]) if row and row.client_id == client.id else []
    if not views:
        raise Missing
    return card(actor, client), views[0]


def pending_of(actor: Actor, clients: Sequence[bytes]) -> list[AppointmentView]:
    """Those to come of these clients; whoever asks has settled that she may read their plans."""
    query = select(Appointment).where(Appointment.client_id.in_(clients), Appointment.pending.is_(True))
    return _views(actor, db.session.scalars(query).all(), named=False)


def _views(actor: Actor, rows: Sequence[Appointment], named: bool = True) -> list[AppointmentView]:
    opened = open_each(actor, [row_of(row, APPOINTMENT) for row in rows], APPOINTMENT).values
    pairs = [(row, text) for row, text in zip(rows, opened, strict=True) if text]
    names = names_of(actor, {text.by for _, text in pairs}) if named else {}
    return [
        AppointmentView(row.id, row.client_id, row.text_version, text, names.get(text.by, "")) for row, text in pairs
    ]
