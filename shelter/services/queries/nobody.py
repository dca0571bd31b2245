"""Counts that belong to nobody, at the reader's sites."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.queries import my_sites, names_of
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.services.models import COUNT, CountText, NobodysCount
from shelter.trail.record import note_read

LAST = 30


@dataclass(frozen=True, slots=True)
class CountView:
    id: bytes
    text: CountText
    by: str
    site: str


@dataclass(frozen=True, slots=True)
class SiteChoice:
    id: bytes
    name: str


def my_places(actor: Actor) -> list[SiteChoice]:
    """The sites for which she counts, the first one first."""
    require(actor, Act.SERVICES_COUNT)
    return [SiteChoice(site.id, site.code_name) for site in my_sites(actor)]


def counts(actor: Actor) -> list[CountView]:
    """The last thirty of each of her sites, newest first, without those that were taken back."""
    places = {one.id: one.name for one in my_places(actor)}
    note_read(actor, Act.SERVICES_COUNT, [])
    rows: list[NobodysCount] = []
    for site in places:
        query = select(NobodysCount).where(NobodysCount.site_id == site).order_by(NobodysCount.place.desc())
        rows += db.session.scalars(query.limit(LAST))
    opened = open_each(actor, [row_of(row, COUNT) for row in rows], COUNT).values
    kept = [(row, text) for row, text in zip(rows, opened, strict=True) if text and not text.taken_back]
    names = names_of(actor, {text.by for _, text in kept})
    views = [CountView(row.id, text, names.get(text.by, ""), places[row.site_id]) for row, text in kept]
    return sorted(views, key=lambda view: view.text.at, reverse=True)
