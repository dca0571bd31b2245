"""A rule changed by the legal supervisor: checked, tried, and only then in force; ways back and pages on countries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import func, select

from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.lawbook import queries
from shelter.lawbook.models import LawVersion
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.deadlines import Rule
from shelter.rules.papers import WayBack, papers
from shelter.rules.papers.abroad import CountryFacts
from shelter.rules.papers.countries import issuing_country
from shelter.rules.rulefile import BadRuleFile
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A new version of a rule, from a day on. What is not named stays as in the version before."""

    rule: str
    count: int
    unit: str
    roll: str
    mail_days: int
    act_by: int | None
    alerts: tuple[int, ...]
    printed_date_required: bool
    advice: str
    source: str
    certainty: str
    effective_from: date
    effective_until: date | None = None


def try_rule(actor: Actor, command: ChangeRule) -> int:
    """Checks the new version and keeps it for trial; its number. Nothing is counted by it yet. Raises `Broken`."""
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        book = queries.book()
        latest = book.versions(command.rule)[-1]
        rule = _checked(latest, command, max(latest.version, _highest(command.rule)) + 1)
        number = _keep(actor, "rule", rule, state="tried")
        unit.detail["rule"] = f"{rule.id} {rule.version}"
    return number


def adopt_rule(actor: Actor, number: int) -> None:
    """From now on it counts. Raises `Conflict` where that was decided meanwhile, `Broken` where it fits no more."""
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        row = _tried(number)
        rule = msgspec.json.decode(row.text, type=Rule)
        try:
            queries.book_with(rule)
        except BadRuleFile as bad:
            raise Broken("law.refused", values={"reason": bad.reason}) from None
        row.state = "in_force"
        unit.detail["rule"] = f"{rule.id} {rule.version}"


def give_up_rule(actor: Actor, number: int) -> None:
    """It is not adopted; that it was tried stays."""
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        _tried(number).state = "given_up"


def keep_way(actor: Actor, way: WayBack, made_from: int | None) -> None:
    """A new version of a way back, from its day on; what was begun under an older one stays as it was begun.

    `made_from` is the number of the agency's version that the form showed, 0 for the shipped one, None for a way that
    is new. Raises `Conflict`.
    """
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        versions = [one for one in queries.own_ways() if one.text.code == way.code]
        if made_from is None and (versions or way.code in papers().ways):
            raise Conflict("law_version", "text")
        _require_latest(versions, made_from or 0)
        if not way.label:
            raise Broken("law.say_label", field="label")
        if not way.steps:
            raise Broken("law.say_steps", field="step0_label")
        unit.detail["way"] = way.code
        _keep(actor, "way", way)


def keep_country(actor: Actor, facts: CountryFacts, made_from: int) -> None:
    """A new version of the page on a country. Raises `Conflict` where somebody wrote one meanwhile."""
    with recorded(actor, Act.COUNTRIES_WRITE) as unit:
        unit.clause = require(actor, Act.COUNTRIES_WRITE).clause
        issuing_country(facts.country)
        _require_latest([one for one in queries.own_countries() if one.text.country == facts.country], made_from)
        unit.detail["country"] = facts.country
        _keep(actor, "country", facts)


def _require_latest(versions: Sequence[queries.Own[Any]], made_from: int) -> None:
    if (versions[0].number if versions else 0) != made_from:
        raise Conflict("law_version", "text")


def _keep(actor: Actor, kind: str, text: Rule | WayBack | CountryFacts, *, state: str = "in_force") -> int:
    number = (db.session.scalar(select(func.max(LawVersion.number))) or 0) + 1
    written = msgspec.json.encode(text).decode()
    row = LawVersion(number=number, kind=kind, state=state, text=written, made_by=actor.id, made_at=now())
    db.session.add(row)
    return number


def _tried(number: int) -> LawVersion:
    row = db.session.get(LawVersion, number, populate_existing=True, with_for_update=True)
    if row is None or row.kind != "rule":
        raise Missing
    if row.state != "tried":
        raise Conflict("law_version", "state")
    return row


def _highest(rule: str) -> int:
    """A number that was given is not given again, even to a version that was given up."""
    return max((one.rule.version for one in queries.made() if one.rule.id == rule), default=0)


def _checked(latest: Rule, command: ChangeRule, version: int) -> Rule:
    """Raises `Broken` with the reason, for a rule that makes no sense."""
    fields = msgspec.to_builtins(latest) | {
        "version": version,
        "count": command.count,
        "unit": command.unit,
        "roll": command.roll,
        "mail_days": command.mail_days,
        "act_by": command.act_by,
        "alerts": list(command.alerts),
        "printed_date_required": command.printed_date_required,
        "advice": command.advice,
        "source": command.source,
        "certainty": command.certainty,
        "effective_from": command.effective_from.isoformat(),
        "effective_until": command.effective_until.isoformat() if command.effective_until else None,
    }
    try:
        rule = msgspec.convert(fields, Rule)
        queries.book_with(rule)
    except msgspec.ValidationError as bad:
        raise Broken("law.refused", values={"reason": str(bad)}) from None
    except BadRuleFile as bad:
        raise Broken("law.refused", values={"reason": bad.reason}) from None
    return rule
