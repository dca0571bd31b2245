"""Whether a case is open, and how each episode of it ended."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.plans.models import EPISODE, Episode, EpisodeText
from shelter.plans.queries.reading import readable
from shelter.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseView:
    """`episodes` are those that have ended, newest first; `keep_until` runs while the case is closed."""

    card: PersonCard
    is_open: bool
    keep_until: date | None
    episodes: list[EpisodeText]
    names: dict[bytes, str]
    today: date


def case(actor: Actor, code: str) -> CaseView:
    client = readable(actor, code)
    query = select(Episode).where(Episode.client_id == client.id).order_by(Episode.place.desc())
    rows = db.session.scalars(query).all()
    texts = [text for text in open_each(actor, [row_of(row, EPISODE) for row in rows], EPISODE).values if text]
    people = {one for text in texts for one in (text.closed_by, text.reopened_by) if one}
    names = names_of(actor, people)
    return CaseView(card(actor, client), client.state == "open", client.keep_until, texts, names, agency_today())
