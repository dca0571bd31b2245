"""Legal holds: put up with a reason and a day to look again, ended with a reason."""

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.erasing.models import HOLD, HoldAbout, LegalHold
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class PutHold:
    """`reason` is a code of `words.HOLD_REASONS`; on `review` somebody looks at it again."""

    code: str
    reason: str
    words: str
    review: date


@dataclass(frozen=True, slots=True)
class EndHold:
    code: str
    hold: bytes
    version: int
    why: str


def put_hold(actor: Actor, command: PutHold) -> bytes:
    """From now on nothing of hers is erased or purged; the id. Raises Broken for a day that has passed."""
    if command.review <= agency_today():
        raise Broken("erasing.review-to-come", "review")
    with recorded(actor, Act.HOLDS_KEEP) as unit:
        client = scope.for_change(actor, unit, command.code, Act.HOLDS_KEEP)
        row = LegalHold(client_id=client.id)
        about = HoldAbout(reason=command.reason, words=command.words, by=actor.id, at=now(), review=command.review)
        fill(actor, row, HOLD, about)
        db.session.add(row)
    return row.id


def end_hold(actor: Actor, command: EndHold) -> None:
    """It stands no longer; why is kept with it. Raises Conflict where somebody ended it first."""
    with recorded(actor, Act.HOLDS_KEEP) as unit:
        client = scope.for_change(actor, unit, command.code, Act.HOLDS_KEEP)
        row = db.session.get(LegalHold, command.hold, populate_existing=True, with_for_update=True)
        about = open_section(actor, row, HOLD) if row and row.client_id == client.id and not row.ended else None
        if row is None or about is None:
            raise Missing
        ended = replace(about, ended_by=actor.id, ended_at=now(), ended_why=command.why)
        save(actor, row, HOLD, ended, made_from=command.version)
        row.ended = True
