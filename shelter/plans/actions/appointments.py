"""Making an appointment or a follow-up, changing it, and saying what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from msgspec.structs import replace

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.plans.actions.writing import writing
from shelter.plans.models import APPOINTMENT, Appointment, AppointmentText
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.clock import now

ENDS = ("done", "missed", "off", "planned")


@dataclass(frozen=True, slots=True)
class Arrange:
    code: str
    kind: str
    what: str
    on: date
    at: time | None = None
    where: str = ""
    goes_along: str = ""
    interpreter: str = "not_needed"
    language: str = ""
    transport: str = "not_needed"
    childcare: str = "not_needed"


@dataclass(frozen=True, slots=True)
class ChangeAppointment:
    """`version` is the one that the form was made from."""

    appointment: bytes
    version: int
    to: Arrange


@dataclass(frozen=True, slots=True)
class Settle:
    """What became of it: done, missed or off; planned puts it back."""

    code: str
    appointment: bytes
    version: int
    state: str
    outcome: str = ""


def arrange(actor: Actor, command: Arrange) -> bytes:
    """The id of the appointment."""
    with writing(actor, command.code) as client:
        row = Appointment(client_id=client.id)
        fill(
            actor,
            row,
            APPOINTMENT,
            _with(AppointmentText(what="", on=command.on, by=b"", changed_at=now()), actor, command),
        )
        db.session.add(row)
    return row.id


def change_appointment(actor: Actor, command: ChangeAppointment) -> None:
    """New facts of one that is still to come. Raises `Conflict` where somebody saved first."""
    with writing(actor, command.to.code) as client:
        _change(actor, client, command.appointment, command.version, lambda text: _with(text, actor, command.to))


def settle(actor: Actor, command: Settle) -> None:
    if command.state not in ENDS:
        raise Broken("plans.unknown-outcome", field="state")

    def end(text: AppointmentText) -> AppointmentText:
        return replace(text, state=command.state, outcome=command.outcome, by=actor.id, changed_at=now())

    with writing(actor, command.code) as client:
        _change(actor, client, command.appointment, command.version, end)


def _change(
    actor: Actor, client: Client, appointment: bytes, version: int, change: Callable[[AppointmentText], AppointmentText]
) -> None:
    row = db.session.get(Appointment, appointment, populate_existing=True)
    text = open_section(actor, row, APPOINTMENT) if row and row.client_id == client.id else None
    if row is None or text is None:
        raise Missing
    if row.text_version != version:
        raise Conflict("appointment", "text")
    text = change(text)
    save(actor, row, APPOINTMENT, text, made_from=version)
    row.pending = text.state == "planned"


def _with(text: AppointmentText, actor: Actor, command: Arrange) -> AppointmentText:
    names = ("kind", "what", "on", "at", "where", "goes_along", "interpreter", "language", "transport", "childcare")
    said = {name: getattr(command, name) for name in names}
    return replace(text, **said, by=actor.id, changed_at=now())
