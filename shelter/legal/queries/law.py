"""The rules as the legal supervisor sees them, and the open dates that a changed one asks about."""

from dataclasses import dataclass

from shelter.accounts.queries import names_of
from shelter.clients.queries import agency_today
from shelter.db.errors import Missing
from shelter.lawbook import queries as lawbook
from shelter.lawbook.queries import Made
from shelter.legal import reckoning
from shelter.legal.models import Due
from shelter.legal.queries.dates import Place, all_dates
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.deadlines import Deadline, Rule, RuleBook


@dataclass(frozen=True, slots=True)
class Asked:
    """An open date whose rule counts another day now; `new` says which, and by which version."""

    place: Place
    due: Due
    new: Deadline
    rule: Rule


@dataclass(frozen=True, slots=True)
class Law:
    """Every rule in force today, by id, and the versions that this agency made."""

    rules: tuple[Rule, ...]
    made: tuple[Made, ...]
    names: dict[bytes, str]

    def is_own(self, rule: Rule) -> bool:
        return any(one.rule.id == rule.id and one.rule.version == rule.version for one in self.made)


def law(actor: Actor) -> Law:
    require(actor, Act.LAW_READ)
    book, today, made = lawbook.book(), agency_today(), tuple(lawbook.made())
    rules = tuple(rule for rule_id in book.ids if (rule := lawbook.held(book, rule_id, today)))
    return Law(rules, made, names_of(actor, {one.made_by for one in made}))


def rule_now(actor: Actor, rule_id: str) -> Rule:
    """The version in force, or the latest where none is. Raises `Missing` for a rule that is not in the book."""
    require(actor, Act.LAW_READ)
    book = lawbook.book()
    if rule_id not in book.known:
        raise Missing
    return lawbook.held(book, rule_id, agency_today()) or book.versions(rule_id)[-1]


def trial(actor: Actor, number: int) -> tuple[Made, list[Asked]]:
    """A version that is being tried, and every open date in the reader's scope that it would ask about."""
    require(actor, Act.LAW_CHANGE)
    made = lawbook.one(number)
    book = lawbook.book_with(made.rule) if made.state != "in_force" else lawbook.book()
    return made, _asked(actor, book, made.rule.id)


def asked_about(actor: Actor) -> list[Asked]:
    """Every open date that some rule counts otherwise now, and about which nobody has decided."""
    return _asked(actor, lawbook.book())


def _asked(actor: Actor, book: RuleBook, rule_id: str = "") -> list[Asked]:
    placed, _ = all_dates(actor)
    found = []
    for place, due in placed:
        if due.end is None and due.rule and (not rule_id or due.rule == rule_id):
            new = reckoning.asked_about(due, book)
            if new is not None:
                found.append(Asked(place, due, new, new.rule))
    return sorted(found, key=lambda one: (min(one.due.day, one.new.date), one.place.code))
