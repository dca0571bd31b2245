"""Closing a case with what became of it, and beginning a new episode of the same file."""

from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace
from sqlalchemy import exists, func, select

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.plans import facts
from shelter.plans.actions.writing import writing
from shelter.plans.models import EPISODE, Episode, EpisodeText
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.settings.queries import limit
from shelter.stays.models import Stay


@dataclass(frozen=True, slots=True)
class CloseCase:
    code: str
    on: date
    reason: str = ""
    living: str = ""
    obtained: tuple[str, ...] = ()
    carries_on: str = ""
    words: str = ""
    skipped: dict[str, str] = field(default_factory=dict)
    continued: str = ""


@dataclass(frozen=True, slots=True)
class ReopenCase:
    code: str
    why: str


def close_case(actor: Actor, command: CloseCase) -> None:
    """Her file rests from then on; from the end of that year its years of keeping run."""
    if command.on > agency_today():
        raise Broken("plans.close-to-come", field="on")
    with writing(actor, command.code, Act.CASES_CLOSE) as client:
        if client.state == "closed":
            raise Broken("plans.closed-already")
        if db.session.scalar(select(exists().where(Stay.client_id == client.id, Stay.state == "open"))):
            raise Broken("plans.still-here")
        last = db.session.scalar(select(func.max(Episode.place)).where(Episode.client_id == client.id))
        row = Episode(client_id=client.id, place=(last or 0) + 1)
        text = EpisodeText(
            closed_on=command.on,
            closed_by=actor.id,
            at=now(),
            reason=command.reason,
            living=command.living,
            obtained=list(command.obtained),
            continued=command.continued,
            carries_on=command.carries_on,
            words=command.words,
            skipped=dict(command.skipped),
        )
        fill(actor, row, EPISODE, text)
        db.session.add(row)
        client.state, client.keep_until = "closed", _keep_until(command.on)
        facts.closed(actor, client, row, text)


def reopen_case(actor: Actor, command: ReopenCase) -> None:
    """The same file goes on; what the closing said stays where it is."""
    with writing(actor, command.code, Act.CASES_CLOSE) as client:
        row = _newest(client)
        text = open_section(actor, row, EPISODE) if row else None
        if row is None or text is None or client.state != "closed":
            raise Missing
        text = replace(text, reopened_at=now(), reopened_by=actor.id, reopened_why=command.why)
        save(actor, row, EPISODE, text, made_from=row.text_version)
        client.state, client.keep_until = "open", None
        facts.reopened(actor, client, row, agency_today())


def _keep_until(closed: date) -> date:
    """A first of January: the day itself would say when she left."""
    return date(closed.year + limit("keep_years") + 1, 1, 1)


def _newest(client: Client) -> Episode | None:
    query = select(Episode).where(Episode.client_id == client.id).order_by(Episode.place.desc()).limit(1)
    return db.session.scalars(query, execution_options={"populate_existing": True}).first()
