"""Saving the safety plan, by version, and going through it together."""

from dataclasses import dataclass, field

from msgspec.structs import replace
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.plans.actions.writing import writing
from shelter.plans.models import SAFETY, SAFETY_EARLIER, Review, SafetyEarlier, SafetyPlan, SafetyText
from shelter.policy.actor import Actor
from shelter.rules.clock import now
from shelter.rules.picklists import picklists


@dataclass(frozen=True, slots=True)
class SaveSafety:
    """Lines by part; `version` is 0 for the first one."""

    code: str
    version: int
    parts: dict[str, list[str]] = field(default_factory=dict)
    pocket: tuple[str, ...] = ()
    language: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReviewSafety:
    """Gone through together; `occasion` is of the pick list safety_occasions."""

    code: str
    version: int
    occasion: str


def save_safety(actor: Actor, command: SaveSafety) -> None:
    """What stood before is kept. Raises `Conflict` where somebody saved first."""
    known = {one.code for one in picklists()["safety_parts"].choices}
    parts = {part: lines for part, lines in command.parts.items() if part in known and lines}
    with writing(actor, command.code) as client:
        row, before = _now(actor, client, command.version)
        text = replace(
            before,
            parts=parts,
            pocket=list(command.pocket),
            language=command.language,
            why=command.why,
            changed_by=actor.id,
            changed_at=now(),
        )
        if row is None:
            row = SafetyPlan(client_id=client.id)
            fill(actor, row, SAFETY, text)
            db.session.add(row)
            return
        earlier = SafetyEarlier(client_id=client.id, was_version=row.text_version)
        fill(actor, earlier, SAFETY_EARLIER, before)
        db.session.add(earlier)
        save(actor, row, SAFETY, text, made_from=command.version)


def review_safety(actor: Actor, command: ReviewSafety) -> None:
    """Nothing had to be changed, or it was changed before: the day and the occasion are written down."""
    with writing(actor, command.code) as client:
        row, before = _now(actor, client, command.version)
        if row is None:
            raise Missing
        review = Review(on=agency_today(), by=actor.id, at=now(), words=command.occasion)
        save(actor, row, SAFETY, replace(before, reviews=[*before.reviews, review]), made_from=command.version)


def _now(actor: Actor, client: Client, version: int) -> tuple[SafetyPlan | None, SafetyText]:
    row = db.session.scalars(select(SafetyPlan).where(SafetyPlan.client_id == client.id)).first()
    if (row.text_version if row else 0) != version:
        raise Conflict("safety_plan", "text")
    return row, (open_section(actor, row, SAFETY) if row else None) or SafetyText()
