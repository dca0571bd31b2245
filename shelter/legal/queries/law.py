"""The rules as the legal supervisor sees them, and the open dates that a changed one asks about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from shelter.accounts.queries import names_of
from shelter.clients.queries import agency_today
from shelter.db.errors import Missing
from shelter.lawbook import queries as lawbook
from shelter.lawbook.queries import Made
from shelter.legal import reckoning
from shelter.legal.models import Due
from shelter.legal.queries.certifiers import Clock, clocks_of
from shelter.legal.queries.dates import Place, all_dates
from shelter.legal.queries.matters import MatterLine, every
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules import lastgood
from shelter.rules.certifiers import Certifier
from shelter.rules.deadlines import Deadline, Rule, RuleBook
from shelter.rules.fees import FeeRow
from shelter.rules.matters import MatterType


@dataclass(frozen=True, slots=True)
class Asked:
    """An open date whose rule counts another day now; `new` says which, and by which version."""

    place: Place
    due: Due
    new: Deadline
    rule: Rule


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """Open dates to decide about; `unopened` are codes of people with a matter whose seal does not hold."""

    rows: tuple[Asked, ...]
    unopened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """Every rule in force today, by id, and the versions that this agency made."""

    rules: tuple[Rule, ...]
    made: tuple[Made, ...]
    names: dict[bytes, str]
    faults: tuple[str, ...] = ()

    def is_own(self, rule: Rule) -> bool:
        return any(one.value == rule for one in self.made)


@dataclass(frozen=True, slots=True)
class FeesToday:
    """Every line of the fee table that holds today."""

    on: date
    rows: tuple[FeeRow, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A version on trial: the open dates that it asks about, or the matters of a kind.

    `before` is what it would take the place of, None where it is new or decided about, and `over` the number of that
    among the agency's versions; `unopened` as on the day.
    """

    made: Made
    asked: tuple[Asked, ...]
    lines: list[MatterLine]
    clocks: tuple[Clock, ...] = ()
    over: int = 0
    before: lawbook.Law | None = None
    clocks_before: tuple[Clock, ...] = ()
    unopened: tuple[str, ...] = ()


def law(actor: Actor) -> Law:
    require(actor, Act.LAW_READ)
    book, today, made = lawbook.book(), agency_today(), tuple(lawbook.made())
    rules = tuple(rule for rule_id in book.ids if (rule := lawbook.held(book, rule_id, today)))
    return Law(rules, made, names_of(actor, {one.made_by for one in made}), lastgood.faults())


def rule_now(actor: Actor, rule_id: str) -> Rule:
    """The version in force, or the latest where none is. Raises `Missing` for a rule that is not in the book."""
    require(actor, Act.LAW_READ)
    book = lawbook.book()
    if rule_id not in book.known:
        raise Missing
    return lawbook.held(book, rule_id, agency_today()) or book.versions(rule_id)[-1]


def fee_table(actor: Actor) -> FeesToday:
    require(actor, Act.LAW_READ)
    today = agency_today()
    return FeesToday(today, lawbook.fees().held(today))


def fee_now(actor: Actor, code: str) -> FeeRow:
    """The latest version of a line. Raises `Missing`."""
    require(actor, Act.LAW_READ)
    versions = lawbook.fees().versions(code)
    if not versions:
        raise Missing
    return versions[-1]


def kinds(actor: Actor) -> tuple[MatterType, ...]:
    require(actor, Act.LAW_READ)
    return tuple(lawbook.matter_types().values())


def kind_now(actor: Actor, code: str) -> MatterType:
    """Raises `Missing`."""
    require(actor, Act.LAW_READ)
    found = lawbook.matter_types().get(code)
    if found is None:
        raise Missing
    return found


def trial(actor: Actor, number: int) -> Trial:
    """A version that is being tried, what it would take the place of, and what it touches in the reader's scope."""
    require(actor, Act.LAW_CHANGE)
    made, book = lawbook.one(number), lawbook.book()
    tried = made.state == "tried"
    law = lawbook.as_adopted(number, made.value)[0] if tried else made.value
    asked, clocks, clocks_before = AskedAbout((), ()), tuple[Clock, ...](), tuple[Clock, ...]()
    before = lawbook.before(law) if tried else None
    if isinstance(law, Rule | Certifier):
        counted = law.counted if isinstance(law, Certifier) else (law,)
        after = lawbook.book_with(*counted) if tried else book
        asked = _asked(actor, after, {rule.id for rule in counted})
        clocks = clocks_of(law, after) if isinstance(law, Certifier) else ()
        clocks_before = clocks_of(before, book) if isinstance(before, Certifier) else ()
    lines = [line for line in every(actor) if line.kind.code == made.id] if made.kind == "type" else []
    return Trial(made, asked.rows, lines, clocks, lawbook.number_in_force(law), before, clocks_before, asked.unopened)


def rule_latest(actor: Actor, rule_id: str) -> tuple[Rule, str, datetime | None]:
    """The latest version, whether it holds yet or not, with who wrote it and when; nobody where it was shipped.

    Raises `Missing`.
    """
    require(actor, Act.LAW_READ)
    book = lawbook.book()
    if rule_id not in book.known:
        raise Missing
    latest = book.versions(rule_id)[-1]
    wrote = next((one for one in lawbook.made() if one.value == latest), None)
    names = names_of(actor, {wrote.made_by}) if wrote else {}
    return latest, names.get(wrote.made_by, "") if wrote else "", wrote.made_at if wrote else None


def asked_about(actor: Actor) -> AskedAbout:
    """Every open date that some rule counts otherwise now, and about which nobody has decided."""
    return _asked(actor, lawbook.book())


def _asked(actor: Actor, book: RuleBook, rules: Collection[str] | None = None) -> AskedAbout:
    placed, unopened = all_dates(actor)
    found = []
    for place, due in placed:
        if due.end is None and due.rule and (rules is None or due.rule in rules):
            new = reckoning.asked_about(due, book)
            if new is not None:
                found.append(Asked(place, due, new, new.rule))
    found.sort(key=lambda one: (min(one.due.day, one.new.date), one.place.code))
    return AskedAbout(tuple(found), unopened)
