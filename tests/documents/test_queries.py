"""What waits on whom: over the reader's own scope alone, in one batch, with the groups that the page draws."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from shelter.clients import actions as client_actions
from shelter.clients import scope
from shelter.clients.models import Assignment, Client, Denial
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.db import db
from shelter.documents import queries
from shelter.documents.actions import PaperFacts
from shelter.documents.queries import what_waits
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import commit_reads, recorded
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import begun, counsel_agrees, paper, step

LOST = PaperFacts(kind="i94", state="lost")
READERS = ("caseworker", "caseworker_two", "supervisor", "advocate", "legal_supervisor", "stranger")


def waits(world: World, who: str) -> list[tuple[str, str]]:
    return [(row.code, row.on) for group in queries.waiting(world.actor(who)) for row in group.rows]


def test_papers_of_a_child_stand_in_the_childs_own_record(world: World, desk: Callable[[str], Desk], code: str) -> None:
    """Whoever works with the mother looks for the child's passport too, and neither file says anything of the other."""
    member = AddMember(code, FirstMeeting(working_name="Nico"), "child", Told())
    child = client_actions.add_member(world.actor("caseworker"), member)
    hers, the_childs = begun(world, code), begun(world, child)
    assert {where for where, _on in waits(world, "caseworker")} == {code, child}
    for whose, found in ((code, hers), (child, the_childs)):
        assert [one.id for one in queries.of_client(world.actor("caseworker"), whose).papers] == [found]
    assert waits(world, "advocate") == [(code, "unasked")], "of the child, when she has a matter with the child"
    shown = desk("caseworker").get(f"/people/{code}/papers").text
    assert "own record; Household leads there" in shown
    assert child not in shown


def test_each_paper_waits_on_the_one_who_has_to_move(world: World, code: str) -> None:
    found = begun(world, code)
    assert waits(world, "caseworker") == [(code, "unasked")]
    step(world, "caseworker", code, found, "asked")
    assert waits(world, "advocate") == [(code, "legal")]
    counsel_agrees(world, code, found)
    assert waits(world, "caseworker") == [(code, "client_with_staff")]
    step(world, "caseworker", code, found, "arranged", "police_report", owner="office")
    assert waits(world, "caseworker") == [(code, "office")]


@pytest.mark.parametrize("state", ["in_hand", "agency_safe", "police_evidence", "never_had", "returned", "issued", ""])
def test_a_paper_that_nobody_has_to_fetch_does_not_wait(world: World, code: str, state: str) -> None:
    paper(world, code, PaperFacts(kind="i94", state=state))
    assert waits(world, "caseworker") == []


@pytest.mark.parametrize("state", ["with_trafficker", "with_employer", "lost", "destroyed", "refused", "expired"])
def test_a_paper_out_of_reach_without_a_way_waits_for_somebody_to_begin(world: World, code: str, state: str) -> None:
    paper(world, code, PaperFacts(kind="i94", state=state))
    assert waits(world, "caseworker") == [(code, "nobody")]


def test_everybody_sees_what_waits_of_those_whose_papers_she_may_read_and_of_nobody_else(world: World) -> None:
    chance = random.Random(7)
    for _ in range(8):
        site, who = chance.choice([("north", "caseworker"), ("north", "caseworker_two"), ("south", "stranger")])
        paper(world, clients.begin(world, who, site), LOST, who)
    every = {client.code: client for client in db.session.scalars(select(Client))}
    with recorded(None, "world"):
        for client in every.values():
            for who, kind in [("advocate", "legal"), ("caseworker_two", "case"), ("stranger", "case")]:
                staff = world.members[who].id
                if chance.random() < 0.4 and db.session.get(Assignment, (client.id, staff, kind)) is None:
                    db.session.add(Assignment(client_id=client.id, staff_id=staff, kind=kind))
            for who in READERS:
                if chance.random() < 0.15:
                    db.session.add(Denial(client_id=client.id, staff_id=world.members[who].id))
    for who in (*READERS, "desk", "director"):
        actor = world.actor(who)
        may = [c for c, row in every.items() if decide(actor, Act.PAPERS_READ, scope.facts_of(row)).allowed]
        assert sorted(c for c, _ in waits(world, who)) == sorted(may), who


def test_the_list_costs_as_many_queries_for_many_papers_as_for_few(world: World, code: str) -> None:
    def asked() -> int:
        actor, said = world.actor("caseworker"), []
        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        queries.waiting(actor)
        return len(said)

    paper(world, code, LOST)
    begun(world, code)
    few = asked()
    for _ in range(6):
        begun(world, clients.begin(world))
    assert asked() <= few + 1


def test_whose_papers_were_on_the_list_is_written_down(world: World, code: str) -> None:
    paper(world, code, LOST)
    queries.waiting(world.actor("supervisor"))
    commit_reads()
    query = select(Trail.act).join(TrailSubject, TrailSubject.seq == Trail.seq)
    acts = db.session.scalars(query.where(Trail.actor_id == world.members["supervisor"].id)).all()
    assert set(acts) == {"papers:read", "clients:read"}


def test_a_working_name_is_shown_to_legal_staff_too(world: World) -> None:
    code = clients.begin(world, called="Lin")
    clients.give_advocate(world, code)
    paper(world, code, LOST)
    [group] = queries.waiting(world.actor("advocate"))
    assert [row.called for row in group.rows] == ["Lin"]


def test_a_long_list_shows_its_first_lines_and_the_whole_of_one_heading_by_the_hundred(
    world: World, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_waits, "FIRST", 2)
    monkeypatch.setattr(what_waits, "AT_ONCE", 3)
    made = [paper(world, code, LOST) for _ in range(5)]
    begun(world, code)
    actor = world.actor("caseworker")
    first = queries.waiting(actor)
    assert [(group.name, len(group.rows), group.count) for group in first] == [("unasked", 1, 1), ("nobody", 2, 5)]
    [one], [other] = queries.waiting(actor, "nobody"), queries.waiting(actor, "nobody", 3)
    assert [row.paper.id for row in (*one.rows, *other.rows)] == made
    assert (one.newer, one.older, other.newer, other.older) == (None, 3, 0, None)
    assert queries.waiting(actor, "nothing like it") == []
