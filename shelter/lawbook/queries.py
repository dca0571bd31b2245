"""The book that holds here and now, and the versions that an agency made of its rules."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import msgspec
from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Missing
from shelter.lawbook.models import LawVersion
from shelter.rules.deadlines import Rule, RuleBook, shipped_rules


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
        select(LawVersion.text).where(LawVersion.state == "in_force").order_by(LawVersion.number)
    ).all()
    return _laid_over(tuple(texts))


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
    rows = db.session.scalars(select(LawVersion).order_by(LawVersion.number.desc())).all()
    return [_as_made(row) for row in rows]


def one(number: int) -> Made:
    """Raises `Missing`."""
    row = db.session.get(LawVersion, number)
    if row is None:
        raise Missing
    return _as_made(row)


def _as_made(row: LawVersion) -> Made:
    rule = msgspec.json.decode(row.text, type=Rule)
    return Made(row.number, row.state, rule, row.made_by, row.made_at)
