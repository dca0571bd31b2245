"""A rule changed by the legal supervisor: checked when it is saved, tried, and only then in force."""

from dataclasses import dataclass
from datetime import date

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
        number = (db.session.scalar(select(func.max(LawVersion.number))) or 0) + 1
        rule = _checked(latest, command, max(latest.version, _highest(command.rule)) + 1)
        row = LawVersion(number=number, state="tried", text=_written(rule), made_by=actor.id, made_at=now())
        db.session.add(row)
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


def _tried(number: int) -> LawVersion:
    row = db.session.get(LawVersion, number, populate_existing=True, with_for_update=True)
    if row is None:
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


def _written(rule: Rule) -> str:
    return msgspec.json.encode(rule).decode()
