"""What the legal supervisor changes or adds: checked when it is saved, tried, and only then in force."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec
from msgspec.structs import asdict as fields_of

from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.lawbook import queries
from shelter.lawbook.clocks import counted_by
from shelter.lawbook.commands import ChangeRule, KeepCertifier, KeepFee, KeepType, NewRule
from shelter.lawbook.keeping import keep
from shelter.lawbook.models import LawVersion
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules import fees
from shelter.rules.broken import Broken
from shelter.rules.certifiers import Certifier
from shelter.rules.deadlines import Rule
from shelter.rules.deadlines.rule import FAULTS
from shelter.rules.fees import FeeRow
from shelter.rules.matters import MatterType
from shelter.rules.matters.lines import code_of
from shelter.rules.rulefile import BadRuleFile
from shelter.trail.record import recorded, serialise

OWN = "own"
"""Before the dot of a rule or a fee that this agency wrote itself."""
_PLACE = re.compile(r" - at `\$\.?(?P<field>[a-z_]*)[^`]*`$")


def try_rule(actor: Actor, command: ChangeRule) -> int:
    """Checks the new version and keeps it for trial; its number. Nothing is counted by it yet.

    Raises `Broken`, `Missing` for a rule that is not there, `Conflict` where another version was adopted meanwhile.
    """
    book = queries.book()
    if command.rule not in book.known:
        raise Missing
    latest = book.versions(command.rule)[-1]
    if command.made_from not in (None, latest.version):
        raise Conflict("law_version", "text")
    version = {"version": queries.next_of_rule(command.rule)}
    return _try(actor, "rule", Rule, fields_of(latest) | _counting(command) | version)


def try_new_rule(actor: Actor, command: NewRule) -> int:
    """The same for a rule that nobody wrote before."""
    taken = {one.id.partition(".")[2] for one in queries.made() if one.kind == "rule"}
    own = asdict(command)
    own.pop("counts")
    own |= {"id": f"{OWN}.{code_of(command.label, taken)}", "version": 1}
    return _try(actor, "rule", Rule, _counting(command.counts) | own)


def _counting(command: ChangeRule) -> dict[str, Any]:
    counting = asdict(command)
    for name in ("rule", "made_from"):
        counting.pop(name)
    return counting


def try_fee(actor: Actor, command: KeepFee) -> int:
    """A line of the fee table, or a new version of one. Raises `Broken`, `Missing` for a line that is not there."""
    fields = asdict(command)
    if command.code:
        before = queries.fees().versions(command.code)
        if not before:
            raise Missing
        fields["version"] = queries.next_version(FeeRow, command.code, before)
    else:
        taken = {one.id.partition(".")[2] for one in queries.made() if one.kind == "fee"}
        fields["code"] = f"{OWN}.{code_of(command.label, taken)}"
    return _try(actor, "fee", FeeRow, fields)


def try_type(actor: Actor, command: KeepType) -> int:
    """A type of matter, or one as it is from now on. Raises `Broken`."""
    fields = asdict(command) | {"stages": command.stages, "forms": command.forms}
    if command.code:
        fields = fields_of(queries.matter_type(command.code)) | fields
    else:
        taken = {*queries.matter_types(), *(one.id for one in queries.made() if one.kind == "type")}
        fields["code"] = code_of(f"{OWN} {command.label}", taken)
    if not command.label.strip():
        raise Broken("deadline.rule_label", field="label")
    return _try(actor, "type", MatterType, fields)


def try_certifier(actor: Actor, command: KeepCertifier) -> int:
    """A sort of agency that certifies, with the rules by which its answers are counted. Raises `Broken`, `Missing`."""
    versions, code, version = queries.certifiers().get(command.code, ()), command.code, 1
    if code:
        if not versions:
            raise Missing
        version = queries.next_version(Certifier, code, versions)
    else:
        taken = {*queries.certifiers(), *(one.id for one in queries.made() if one.kind == "certifier")}
        code = code_of(f"{OWN} {command.label}", taken)
    before = versions[-1] if versions else None
    clocks = counted_by(command, code, before, queries.book(), queries.next_of_rule)
    about = ("label", "remind_after", "advice", "source", "certainty", "effective_from", "effective_until")
    fields = {name: getattr(command, name) for name in about} | clocks | {"code": code, "version": version}
    return _try(actor, "certifier", Certifier, fields)


def adopt(actor: Actor, number: int, over: int | None = None) -> None:
    """From now on it holds, `over` the version of the same that the trial showed as the one that holds here.

    Where that was adopted since this one was tried, a version of the same words with the next number takes its place.
    Raises `Conflict` where that was decided meanwhile or another was adopted, `Broken` where it fits no more.
    """
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        row = _tried(number)
        serialise()  # two who adopt at once: the second finds what the first adopted
        law, is_overtaken = queries.as_adopted(number, queries.value_of(row))
        try:
            queries.require_fits(law)
        except BadRuleFile as bad:
            raise _refusal(bad.reason, bad.key) from None
        if over not in (None, queries.number_in_force(law)):
            raise Conflict("law_version", "state")
        if is_overtaken:
            row.state, number = "given_up", keep(actor, row.kind, law)
        else:
            row.state = "in_force"
        unit.detail["law"] = f"{row.kind} {number}"


def give_up(actor: Actor, number: int) -> None:
    """It is not adopted; that it was tried stays."""
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        _tried(number).state = "given_up"
        unit.detail["law"] = f"given up {number}"


def _try(actor: Actor, what: str, kind: type[queries.Law], fields: Mapping[str, Any]) -> int:
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        law = _checked(kind, fields)
        number = _on_trial(actor, law) or keep(actor, what, law, state="tried")
        unit.detail["law"] = f"{what} {number}"
    return number


def _on_trial(actor: Actor, law: queries.Law) -> int | None:
    """The trial of this very version that she began already: a form sent twice is one trial."""
    mine = (one for one in queries.made() if one.state == "tried" and one.made_by == actor.id)
    return next((one.number for one in mine if type(one.value) is type(law) and _read(one.value) == _read(law)), None)


def _read(law: queries.Law) -> dict[str, Any]:
    """All of a version but its number and, where its name was made from its label, that name."""
    told: dict[str, Any] = msgspec.to_builtins(law)
    drop = {"version", "id", "code"} if queries.name_of(law).startswith(OWN) else {"version"}
    return {key: value for key, value in told.items() if key not in drop}


def _checked(kind: type[queries.Law], fields: Mapping[str, Any]) -> queries.Law:
    """Raises `Broken` beside the field, in a sentence that the web room translates."""
    try:
        law = msgspec.convert(msgspec.to_builtins(dict(fields)), kind)
        queries.require_fits(law)
    except msgspec.ValidationError as bad:
        raise _refusal(str(bad)) from None
    except BadRuleFile as bad:
        raise _refusal(bad.reason, bad.key) from None
    return law


def _refusal(said: str, key: str = "") -> Broken:
    """What the files' own words against a rule mean on a screen."""
    place = _PLACE.search(said)
    fault = {**FAULTS, **fees.FAULTS}.get(_PLACE.sub("", said))
    if fault is not None:
        return Broken(fault.key, field=fault.field)
    field = place["field"] if place else key.rpartition(".")[2]
    return Broken("deadline.rule_alerts" if field == "alerts" else "law.not_this", field=field or None)


def _tried(number: int) -> LawVersion:
    row = db.session.get(LawVersion, number, populate_existing=True, with_for_update=True)
    if row is None or row.kind not in queries.KINDS:
        raise Missing
    if row.state != "tried":
        raise Conflict("law_version", "state")
    return row
