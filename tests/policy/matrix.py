"""The whole of access as text: every route and method, and which role reaches it through which relation."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Flask

from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.decide import decide, may_ever
from shelter.policy.kinds import held_by
from shelter.policy.relations import Relation
from shelter.policy.roles import Role
from shelter.policy.table import STEP_UP, about_a_client
from shelter.web.may import mark_of
from tests.policy.worlds import Keys

ME, OTHER, SITE = b"m" * 16, b"o" * 16, b"s" * 16
WITH = (
    Relation.ASSIGNED,
    Relation.ADVOCATE,
    Relation.AT_MY_SITE,
    Relation.AT_MY_OPEN_SITE,
    Relation.RESIDENT_HERE,
    Relation.BROKE_GLASS,
)


def actor_with(role: Role, *, works_here: bool = True) -> Actor:
    sites = frozenset({SITE}) if works_here else frozenset()
    return Actor(
        id=ME,
        agency=bytes(16),
        roles=frozenset({role}),
        keyring=Keys(held_by([role])),
        sites=sites,
        open_sites=frozenset(),
    )


def facts_where(relation: Relation) -> tuple[bool, ClientFacts, bool]:
    """Facts in which one relation alone is true: (works here, facts, the site is open to caseworkers)."""
    match relation:
        case Relation.ASSIGNED:
            return False, ClientFacts(client=OTHER, caseworkers=frozenset({ME})), False
        case Relation.ADVOCATE:
            return False, ClientFacts(client=OTHER, advocates=frozenset({ME})), False
        case Relation.AT_MY_SITE:
            return True, ClientFacts(client=OTHER, site=SITE), False
        case Relation.AT_MY_OPEN_SITE:
            return True, ClientFacts(client=OTHER, site=SITE), True
        case _:
            return True, ClientFacts(client=OTHER, resident_at=frozenset({SITE})), False


def reached_by(act: Act) -> Iterator[str]:
    """`role` or `role[relations]` for everybody who can do `act` to somebody."""
    for role in Role:
        if not may_ever(actor_with(role), act):
            continue
        if not about_a_client(act):
            yield role.value
            continue
        through = [relation.value for relation in WITH if _through(role, act, relation)]
        always = decide(actor_with(role, works_here=False), act, ClientFacts(client=OTHER)).allowed
        yield f"{role.value}[{'every client' if always else ', '.join(through)}]"


def _through(role: Role, act: Act, relation: Relation) -> bool:
    if relation is Relation.BROKE_GLASS:
        opened = replace(actor_with(role, works_here=False), glass=frozenset({OTHER}))
        return decide(opened, act, ClientFacts(client=OTHER)).allowed
    works_here, facts, is_open = facts_where(relation)
    person = actor_with(role, works_here=works_here)
    if is_open:
        person = Actor(
            id=ME,
            agency=person.agency,
            roles=person.roles,
            keyring=person.keyring,
            sites=person.sites,
            open_sites=person.sites,
        )
    return decide(person, act, facts).allowed


def lines(app: Flask) -> list[str]:
    """One line a route and method, in the order of addresses."""
    found = []
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        assert mark is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.append((rule.rule, method, _who(mark.act, mark.why_public)))
    return [f"{method:<5} {address}\n      {who}" for address, method, who in sorted(found)]


def _who(act: Act | None, why: str) -> str:
    if act is None:
        return f"everybody: {why}"
    asks = " (asks for confirmation)" if act in STEP_UP else ""
    return f"{act.value}{asks}: {' '.join(reached_by(act)) or 'nobody'}"
