"""The safety plan as it stands, as it was, and when it was last gone through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import open_section, row_of
from shelter.plans.models import SAFETY, SAFETY_EARLIER, SafetyEarlier, SafetyPlan, SafetyText
from shelter.plans.queries.reading import readable
from shelter.policy.actor import Actor

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SafetyView:
    """`version` is 0 where nothing was written yet; `earlier` counts the versions before."""

    card: PersonCard
    version: int
    text: SafetyText
    names: dict[bytes, str]
    earlier: int

    @property
    def by(self) -> str:
        return self.names.get(self.text.changed_by, "")

    @property
    def at(self) -> datetime:
        return self.text.changed_at or NEVER


def safety(actor: Actor, code: str) -> SafetyView:
    client = readable(actor, code)
    row, text = _now(actor, client)
    ids = db.session.scalars(select(SafetyEarlier.id).where(SafetyEarlier.client_id == client.id)).all()
    people = {text.changed_by, *(review.by for review in text.reviews)} - {b""}
    return SafetyView(card(actor, client), row.text_version if row else 0, text, names_of(actor, people), len(ids))


def safety_earlier(actor: Actor, code: str) -> tuple[PersonCard, list[SafetyText], dict[bytes, str]]:
    """The one that stands and those before it, newest first."""
    client = readable(actor, code)
    query = select(SafetyEarlier).where(SafetyEarlier.client_id == client.id).order_by(SafetyEarlier.was_version.desc())
    rows = db.session.scalars(query).all()
    before = open_each(actor, [row_of(row, SAFETY_EARLIER) for row in rows], SAFETY_EARLIER).values
    texts = [_now(actor, client)[1], *(text for text in before if text)]
    return card(actor, client), texts, names_of(actor, {text.changed_by for text in texts if text.changed_by})


def pocket_lines(actor: Actor, client: Client) -> list[str]:
    """The lines that she wants on a piece of paper, of a client whom the caller's reader may read."""
    return _now(actor, client)[1].pocket


def safety_reviewed(actor: Actor, clients: Sequence[bytes]) -> dict[bytes, tuple[date | None, frozenset[str]]]:
    """For each client with a safety plan: when it was last gone through, and on which occasions ever."""
    rows = db.session.scalars(select(SafetyPlan).where(SafetyPlan.client_id.in_(clients))).all()
    texts = open_each(actor, [row_of(row, SAFETY) for row in rows], SAFETY).values
    return {
        row.client_id: (
            max((review.on for review in text.reviews), default=None),
            frozenset(review.words for review in text.reviews),
        )
        for row, text in zip(rows, texts, strict=True)
        if text
    }


def _now(actor: Actor, client: Client) -> tuple[SafetyPlan | None, SafetyText]:
    row = db.session.scalars(select(SafetyPlan).where(SafetyPlan.client_id == client.id)).first()
    return row, (open_section(actor, row, SAFETY) if row else None) or SafetyText()
