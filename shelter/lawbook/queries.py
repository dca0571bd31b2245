"""The book that holds here and now, and the versions that an agency made of its rules."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Missing
from shelter.lawbook.models import LawVersion
from shelter.rules.deadlines import Rule, RuleBook, shipped_rules
from shelter.rules.fees import FeeTable, shipped_fees
from shelter.rules.papers import WayBack, papers
from shelter.rules.papers.abroad import CountryFacts


@dataclass(frozen=True, slots=True)
class Made:
    """A version that somebody of this agency made; `state` is tried, in_force or given_up."""

    number: int
    state: str
    rule: Rule
    made_by: bytes
    made_at: datetime


def book() -> RuleBook:
    """The shipped rules with this agency's own over them. One small query; what it gives is read once a version."""
    texts = db.session.scalars(
        select(LawVersion.text)
        .where(LawVersion.kind == "rule", LawVersion.state == "in_force")
        .order_by(LawVersion.number)
    ).all()
    return _laid_over(tuple(texts))


def fees() -> FeeTable:
    """The fees, exemptions and waivers that hold here."""
    return shipped_fees()


def book_with(tried: Rule) -> RuleBook:
    """The book as it would be with one more version. Raises `BadRuleFile`."""
    return book().overlaid([tried])


def held(found: RuleBook, rule_id: str, on: date) -> Rule | None:
    """The version of a rule that holds on a day; None where none does."""
    return next((rule for rule in reversed(found.versions(rule_id)) if rule.holds_on(on)), None)


@lru_cache(maxsize=8)
def _laid_over(texts: tuple[str, ...]) -> RuleBook:
    rules = [msgspec.json.decode(text, type=Rule) for text in texts]
    return shipped_rules().overlaid(rules) if rules else shipped_rules()


def made() -> list[Made]:
    """Every version that this agency made, the latest first."""
    query = select(LawVersion).where(LawVersion.kind == "rule").order_by(LawVersion.number.desc())
    rows = db.session.scalars(query).all()
    return [_as_made(row) for row in rows]


def one(number: int) -> Made:
    """Raises `Missing`."""
    row = db.session.get(LawVersion, number)
    if row is None or row.kind != "rule":
        raise Missing
    return _as_made(row)


def _as_made(row: LawVersion) -> Made:
    rule = msgspec.json.decode(row.text, type=Rule)
    return Made(row.number, row.state, rule, row.made_by, row.made_at)


# -- ways back to papers, and pages on countries -----------------------------------


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
