"""Ways back to papers and pages on countries: the shipped ones and this agency's own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import select

from shelter.db import db
from shelter.lawbook.models import LawVersion
from shelter.rules.papers import WayBack, papers
from shelter.rules.papers.abroad import CountryFacts

T = TypeVar("T", WayBack, CountryFacts)


@dataclass(frozen=True, slots=True)
class Own(Generic[T]):
    """A version that somebody of this agency wrote; a form made from it carries its number."""

    number: int
    text: T
    made_by: bytes
    made_at: datetime


def own_ways() -> list[Own[WayBack]]:
    """Every version of every way back that this agency wrote, the latest first."""
    return _own("way", WayBack)


def own_countries() -> list[Own[CountryFacts]]:
    """Every version of every page on a country, the latest first."""
    return _own("country", CountryFacts)


def ways(on: date) -> dict[str, WayBack]:
    """The ways back that hold on a day, by code: the shipped ones, with this agency's own over them."""
    found = dict(papers().ways)
    for own in reversed(own_ways()):
        if own.text.holds_on(on):
            found[own.text.code] = own.text
    return found


def _own(kind: str, struct: type[T]) -> list[Own[T]]:
    query = select(LawVersion).where(LawVersion.kind == kind, LawVersion.state == "in_force")
    rows = db.session.scalars(query.order_by(LawVersion.number.desc())).all()
    return [Own(row.number, msgspec.json.decode(row.text, type=struct), row.made_by, row.made_at) for row in rows]
