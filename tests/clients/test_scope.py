"""A list holds exactly those whom `decide` lets in, whatever the world: sites, assignments, cover, conflicts."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from shelter.clients import queries, scope
from shelter.clients.models import Assignment, Client, Denial
from shelter.db import new_id
from shelter.db.errors import Missing
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.rules.codes import new_code
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import begin

READERS = ("caseworker", "caseworker_two", "supervisor", "advocate", "legal_supervisor", "desk", "stranger", "director")
ACTS = (Act.CLIENTS_READ, Act.CLIENTS_UPDATE, Act.CLIENTS_REVEAL, Act.LOOKED_SEE, Act.CLIENTS_ASSIGN)

people = st.lists(
    st.fixed_dictionaries(
        {
            "site": st.sampled_from(["north", "south", "east", None]),
            "case": st.sets(st.sampled_from(READERS), max_size=2),
            "legal": st.sets(st.sampled_from(["advocate", "legal_supervisor"]), max_size=1),
            "denied": st.sets(st.sampled_from(READERS), max_size=2),
        }
    ),
    max_size=8,
)


def populate(db: Any, world: World, drawn: list[dict[str, Any]]) -> list[Client]:
    """Rows without any sealed content: who may be listed is decided before anything is opened."""
    with recorded(None, "drawn"):
        for table in (Assignment, Denial, Client):
            db.session.execute(delete(table))
        clients = [Client(id=new_id(), code=new_code(), site_id=world.sites.get(one["site"])) for one in drawn]
        db.session.add_all(clients)
        db.session.flush()
        for client, one in zip(clients, drawn, strict=True):
            for kind in ("case", "legal"):
                for who in one[kind]:
                    staff = world.members[who].id
                    db.session.add(Assignment(client_id=client.id, staff_id=staff, kind=kind))
            for who in one["denied"]:
                db.session.add(Denial(client_id=client.id, staff_id=world.members[who].id))
    return clients


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=people, open_site=st.booleans(), covers=st.booleans())
def test_a_list_holds_exactly_whom_policy_lets_in(
    db: Any, world: World, drawn: list[dict[str, Any]], open_site: bool, covers: bool
) -> None:
    clients = populate(db, world, drawn)
    facts = scope.facts_of_many(clients)
    for who in READERS:
        actor = world.actor(who)
        actor = replace(
            actor,
            open_sites=actor.sites if open_site else frozenset(),
            glass=frozenset(client.id for client in clients[: 1 if covers else 0]),
            covers=frozenset({world.members["caseworker_two"].id}) if covers and who == "caseworker" else frozenset(),
        )
        for act in ACTS:
            listed = set(db.session.scalars(select(Client.id).where(scope.scope(actor, act))))
            by_branch = [
                set(db.session.scalars(select(Client.id).where(branch)))
                for branch in scope.branches(scope.reach(actor, act))
            ]
            allowed = {client.id for client in clients if decide(actor, act, facts[client.id]).allowed}
            assert listed == allowed == set().union(*by_branch)
        if decide(actor, Act.ACCOUNT_OWN).allowed:
            page = queries.my_people(actor)
            readable = {c.code for c in clients if decide(actor, Act.CLIENTS_READ, facts[c.id]).allowed}
            assert {row.code for row in page.rows} == readable


def test_deny_wins_over_assignment_site_and_search(db: Any, world: World) -> None:
    code = begin(world, "caseworker", called="Marisol Quintana")
    with recorded(None, "denied"):
        for who in ("caseworker", "supervisor"):
            client = db.session.scalar(select(Client.id).where(Client.code == code))
            db.session.add(Denial(client_id=client, staff_id=world.members[who].id))
    for who in ("caseworker", "supervisor"):
        actor = world.actor(who)
        assert queries.my_people(actor).rows == []
        assert queries.find(actor, "Marisol Quintana") == []
        assert queries.find(actor, code) == []
        with pytest.raises(Missing):
            queries.overview(actor, code)


def test_pages_follow_each_other_without_gap_or_repeat(db: Any, world: World) -> None:
    populate(db, world, [{"site": "north", "case": {"caseworker"}, "legal": set(), "denied": set()}] * 117)
    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = queries.my_people(world.actor("supervisor"), after)
        seen += [row.code for row in page.rows]
        after = page.older
    assert after == ""
    assert len(seen) == len(set(seen)) == 117
