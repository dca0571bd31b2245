"""Agencies that certify, with the clocks of their answers, as the legal supervisor sees them."""

from dataclasses import dataclass

from shelter.clients.queries import agency_today
from shelter.db.errors import Missing
from shelter.lawbook import queries as lawbook
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.certifiers import KINDS, Certifier
from shelter.rules.deadlines import Rule, RuleBook


@dataclass(frozen=True, slots=True)
class Clock:
    """How long an agency has for what is asked of it; `urgent` where that is shorter for somebody in removal."""

    kind: str
    rule: Rule | None
    urgent: Rule | None


@dataclass(frozen=True, slots=True)
class CertifierView:
    """The version that holds today, or the first that will; `later` is one that is to come."""

    now: Certifier
    clocks: tuple[Clock, ...]
    later: Certifier | None


def certifiers(actor: Actor) -> tuple[CertifierView, ...]:
    require(actor, Act.LAW_READ)
    return tuple(_view(versions, lawbook.book()) for versions in lawbook.certifiers().values())


def certifier_now(actor: Actor, code: str) -> CertifierView:
    """As its latest version says. Raises `Missing`."""
    require(actor, Act.LAW_READ)
    versions = lawbook.certifiers().get(code)
    if not versions:
        raise Missing
    return CertifierView(versions[-1], clocks_of(versions[-1], lawbook.book()), None)


def clocks_of(one: Certifier, book: RuleBook) -> tuple[Clock, ...]:
    """What is asked of it that has a clock, by the versions that hold once it does."""
    on = max(agency_today(), one.effective_from)

    def rule(name: str | None) -> Rule | None:
        return lawbook.held(book, name, on) if name else None

    found = (Clock(kind, rule(one.clock.get(kind)), rule(one.urgent.get(kind))) for kind in KINDS)
    return tuple(clock for clock in found if clock.rule or clock.urgent)


def _view(versions: tuple[Certifier, ...], book: RuleBook) -> CertifierView:
    today = agency_today()
    now = next((one for one in reversed(versions) if one.holds_on(today)), versions[-1])
    later = next((one for one in versions if one.effective_from > today and one is not now), None)
    return CertifierView(now, clocks_of(now, book), later)
