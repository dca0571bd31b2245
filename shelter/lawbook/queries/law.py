"""What holds here and now, rules, fees and types of matter, and the versions that an agency made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Missing
from shelter.lawbook.models import LawVersion
from shelter.rules import certifiers as certifying
from shelter.rules import matters
from shelter.rules.broken import Broken
from shelter.rules.certifiers import Certifier
from shelter.rules.deadlines import Rule, RuleBook, shipped_rules
from shelter.rules.fees import FeeRow, FeeTable, shipped_fees
from shelter.rules.matters import MatterType

Law = Rule | FeeRow | MatterType | Certifier
KINDS: Mapping[str, type[Law]] = {"rule": Rule, "fee": FeeRow, "type": MatterType, "certifier": Certifier}


@dataclass(frozen=True, slots=True)
class Made:
    """A version that somebody of this agency made; `kind` is one of `KINDS`, `state` tried, in_force or given_up."""

    number: int
    kind: str
    state: str
    value: Law
    made_by: bytes
    made_at: datetime

    @property
    def id(self) -> str:
        return name_of(self.value)


def name_of(law: Law) -> str:
    """By which it is known among its own sort."""
    return law.id if isinstance(law, Rule) else law.code


def book() -> RuleBook:
    """The shipped rules with this agency's own over them. One small query; what it gives is read once a version."""
    held = _in_force()
    return _rules_over(held["rule"], held["certifier"])


def fees() -> FeeTable:
    """The fees, exemptions and waivers that hold here."""
    return _fees_over(_in_force()["fee"])


def matter_types() -> Mapping[str, MatterType]:
    """Every type by code; in each stand this agency's own rules about it too."""
    held = _in_force()
    return _types_over(held["type"], held["rule"])


def matter_type(code: str) -> MatterType:
    """Raises Broken for a type that is not there."""
    return matters.among(matter_types(), code)


def certifiers() -> Mapping[str, tuple[Certifier, ...]]:
    """Every version of each sort of agency that certifies, the latest last."""
    return _certifiers_over(_in_force()["certifier"])


def certifier(code: str, on: date) -> Certifier:
    """As it holds on a day. Raises Broken for one that is not there."""
    versions = certifiers().get(code)
    if versions is None:
        raise Broken("legal.choose_certifier", field="certifier")
    return certifying.held_on(versions, on)


def _in_force() -> dict[str, tuple[str, ...]]:
    rows = db.session.execute(
        select(LawVersion.kind, LawVersion.text).where(LawVersion.state == "in_force").order_by(LawVersion.number)
    ).all()
    return {kind: tuple(row.text for row in rows if row.kind == kind) for kind in KINDS}


@lru_cache(maxsize=8)
def _rules_over(texts: tuple[str, ...], of_certifiers: tuple[str, ...]) -> RuleBook:
    rules = [msgspec.json.decode(text, type=Rule) for text in texts]
    rules += [rule for text in of_certifiers for rule in msgspec.json.decode(text, type=Certifier).counted]
    return shipped_rules().overlaid(rules) if rules else shipped_rules()


@lru_cache(maxsize=8)
def _fees_over(texts: tuple[str, ...]) -> FeeTable:
    rows = [msgspec.json.decode(text, type=FeeRow) for text in texts]
    return shipped_fees().overlaid(rows) if rows else shipped_fees()


@lru_cache(maxsize=8)
def _certifiers_over(texts: tuple[str, ...]) -> Mapping[str, tuple[Certifier, ...]]:
    found = {code: (one,) for code, one in certifying.certifiers().items()}
    for text in texts:
        own = msgspec.json.decode(text, type=Certifier)
        found[own.code] = (*found.get(own.code, ()), own)
    return found


@lru_cache(maxsize=8)
def _types_over(texts: tuple[str, ...], rule_texts: tuple[str, ...]) -> Mapping[str, MatterType]:
    found = dict(matters.matter_types())
    for text in texts:
        own = msgspec.json.decode(text, type=MatterType)
        found[own.code] = own
    rules = {rule.id: rule for rule in (msgspec.json.decode(text, type=Rule) for text in rule_texts)}
    for rule in rules.values():
        for code, kind in found.items():
            if rule.id not in kind.rules and rule.id not in shipped_rules().known and _concerns(rule, code):
                found[code] = replace(kind, rules=(*kind.rules, rule.id))
    return found


def _concerns(rule: Rule, code: str) -> bool:
    return not rule.matters or code in rule.matters


def require_fits(law: Law) -> None:
    """Raises `BadRuleFile` for what does not go with all that holds."""
    if isinstance(law, Rule):
        book_with(law)
    elif isinstance(law, FeeRow):
        fees().overlaid([law])
    elif isinstance(law, Certifier):
        certifying.require_known(law, book_with(*law.counted).known)
    else:
        matters.require_whole(law, book())


def book_with(*tried: Rule) -> RuleBook:
    """The book as it would be with these versions too. Raises `BadRuleFile`."""
    return book().overlaid(tried)


def held(found: RuleBook, rule_id: str, on: date) -> Rule | None:
    """The version of a rule that holds on a day; None where none does."""
    return next((rule for rule in reversed(found.versions(rule_id)) if rule.holds_on(on)), None)


def made() -> list[Made]:
    """Every version that this agency made, the latest first."""
    query = select(LawVersion).where(LawVersion.kind.in_(KINDS)).order_by(LawVersion.number.desc())
    rows = db.session.scalars(query).all()
    return [_as_made(row) for row in rows]


def number_in_force(law: Law) -> int:
    """The number of this agency's version that was adopted last of the same thing, 0 where none was."""
    mine = (one for one in made() if one.state == "in_force" and type(one.value) is type(law))
    return max((one.number for one in mine if one.id == name_of(law)), default=0)


def as_adopted(number: int, law: Law) -> tuple[Law, bool]:
    """A version on trial as it would hold, and whether another of the same was adopted since it was tried.

    Behind that one it would hold for no day, so it is numbered anew.
    """
    known = book()
    rules = law.counted if isinstance(law, Certifier) else (law,) if isinstance(law, Rule) else ()
    overtaken = (one.id in known.known and one.version <= known.versions(one.id)[-1].version for one in rules)
    if not any(overtaken) and number > number_in_force(law):
        return law, False
    match law:
        case Rule():
            return replace(law, version=next_of_rule(law.id)), True
        case Certifier():
            counted = tuple(replace(one, version=next_of_rule(one.id)) for one in law.counted)
            version = next_version(Certifier, law.code, certifiers().get(law.code, ()))
            return replace(law, version=version, counted=counted), True
        case FeeRow():
            return replace(law, version=next_version(FeeRow, law.code, fees().versions(law.code))), True
    return law, True


def next_version(kind: type[FeeRow | Certifier], code: str, held: Sequence[FeeRow | Certifier]) -> int:
    """A number that was given is not given again, even to a version that was given up."""
    given = [one.value.version for one in made() if isinstance(one.value, kind) and one.id == code]
    return max([*(one.version for one in held), *given], default=0) + 1


def next_of_rule(rule: str) -> int:
    """The same for a rule, which is also counted anew with the agency whose answer it counts."""
    known = book()
    versions = [one.version for one in known.versions(rule)] if rule in known.known else []
    for one in made():
        counted = one.value.counted if isinstance(one.value, Certifier) else (one.value,)
        versions += [each.version for each in counted if isinstance(each, Rule) and each.id == rule]
    return max(versions, default=0) + 1


def before(law: Law) -> Law | None:
    """The latest version of the same that holds here or will, whoever wrote it; None for what is new."""
    name = name_of(law)
    if isinstance(law, Rule):
        found = book()
        return found.versions(name)[-1] if name in found.known else None
    if isinstance(law, FeeRow):
        return next(iter(fees().versions(name)[-1:]), None)
    if isinstance(law, Certifier):
        return next(iter(certifiers().get(name, ())[-1:]), None)
    return matter_types().get(name)


def one(number: int) -> Made:
    """Raises `Missing`."""
    row = db.session.get(LawVersion, number)
    if row is None or row.kind not in KINDS:
        raise Missing
    return _as_made(row)


def _as_made(row: LawVersion) -> Made:
    return Made(row.number, row.kind, row.state, value_of(row), row.made_by, row.made_at)


def value_of(row: LawVersion) -> Law:
    return msgspec.json.decode(row.text, type=KINDS[row.kind])
