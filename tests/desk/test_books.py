"""The books of a house: who reads what of them, and nothing written is changed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Conflict, Missing, NoKey
from shelter.db.sections import open_section
from shelter.desk import actions, queries
from shelter.desk.actions import Came, KeepThing, Report, ToKnow, Turn
from shelter.desk.models import FOR_WHOM, PEOPLE_NOTE, DoorEntry, HandOver
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.factories.clients import Desk, begin
from tests.factories.stays import DAY, resident, tonight

Beds = dict[str, bytes]
SignedIn = Callable[[str], Desk]
EVENING = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with clock.frozen(EVENING):
        yield


def happened(world: World, kind: str = "injury", owner: str = "supervisor", **more: object) -> bytes:
    told = {
        "site": world.sites["north"],
        "kind": kind,
        "day": tonight(),
        "hour": time(19),
        "words": "She slipped on the stairs.",
        "people": (),
        "injuries": "a sprained wrist",
        "police": False,
        "child": False,
        "owner": world.members[owner].id,
    }
    return actions.report(world.actor("desk"), Report(**(told | more)))  # type: ignore[arg-type]


def test_the_next_shift_reads_it_and_what_is_about_people_needs_the_desks_key(world: World) -> None:
    north, desk = world.sites["north"], world.actor("desk")
    with pytest.raises(Broken):
        actions.hand_over(desk, north, "", "")
    actions.hand_over(desk, north, "The boiler ticks.", "Lin sleeps badly.")
    (note,) = queries.hand_overs(world.actor("caseworker")).shown
    assert (note.house.words, note.people, note.by) == ("The boiler ticks.", "Lin sleeps badly.", "Desk")
    row = db.session.scalars(select(HandOver)).one()
    with pytest.raises(NoKey):
        open_section(world.actor("volunteer"), row, PEOPLE_NOTE)
    assert queries.hand_overs(world.actor("stranger")).shown == []
    with pytest.raises(Missing):
        actions.hand_over(desk, world.sites["south"], "x", "")
    with pytest.raises(Denied):
        queries.hand_overs(world.actor("volunteer"))


def test_a_funders_clock_runs_from_the_hour_it_happened_until_it_is_told(world: World) -> None:
    found, actor = happened(world, "breach"), world.actor("supervisor")
    view = queries.incident(actor, found)
    (run,) = view.clocks
    assert (run.until, run.passed, run.rule.to_be_confirmed) == (EVENING + timedelta(hours=23), False, False)
    with clock.frozen(EVENING + timedelta(hours=24)):
        assert queries.incident(actor, found).clocks[0].passed
    actions.follow_up(actor, found, view.version, "Told at nine.", done=False, told_funder=True)
    with pytest.raises(Conflict):
        actions.follow_up(actor, found, view.version, "x", done=True, told_funder=False)
    after = queries.incident(actor, found)
    assert (after.clocks, after.since[0][2], after.owner) == ((), "Told at nine.", "Supervisor")
    assert queries.incident(actor, happened(world, "quarrel")).clocks == ()


def test_an_incident_that_cannot_be_is_refused_beside_its_field(world: World) -> None:
    for more, field in (({"day": tonight() + DAY}, "day"), ({"owner": "director"}, "owner")):
        with pytest.raises(Broken) as refused:
            happened(world, **more)  # type: ignore[arg-type]
        assert refused.value.field == field
    found = happened(world)
    with pytest.raises(Missing):
        queries.incident(world.actor("stranger"), found)


def test_a_volunteer_keeps_the_door_and_learns_nothing_of_whom_a_visit_was_for(
    world: World, beds: Beds, desk: SignedIn
) -> None:
    lin, north = resident(world, beds["A"]), world.sites["north"]
    actions.write_door(world.actor("desk"), Came(north, "visitor", "Ada Lovett", "tea", (lin,)))
    actions.write_door(world.actor("volunteer"), Came(north, "delivery", "Bread", "", ()))
    bread, visit = queries.door_log(world.actor("volunteer")).shown[:2]
    assert {bread.entry.who, visit.entry.who} == {"Bread", "Ada Lovett"}
    assert {one.people for one in queries.door_log(world.actor("volunteer")).shown} == {()}
    assert (lin,) in {one.people for one in queries.door_log(world.actor("desk")).shown}
    row = db.session.scalars(select(DoorEntry).where(DoorEntry.whom.is_not(None))).one()
    with pytest.raises(NoKey):
        open_section(world.actor("volunteer"), row, FOR_WHOM)
    page = desk("volunteer")
    assert lin not in page.get("/door-log").text
    assert page.post(f"/door-log/{row.id.hex()}/gone", "/door-log").status_code == 302
    assert any(one.entry.left for one in queries.door_log(world.actor("desk")).shown)


def test_who_is_on_call_opens_what_must_be_opened(world: World) -> None:
    supervisor, north = world.actor("supervisor"), world.sites["north"]
    turn = Turn(north, world.members["caseworker"].id, tonight(), tonight() + DAY, "555 0100", "")
    actions.put_on_call(supervisor, turn)
    (found,) = queries.on_call(world.actor("volunteer"))
    assert (found.who, found.today) == ("Caseworker", True)
    with clock.frozen(EVENING + 3 * DAY):
        assert queries.on_call(world.actor("desk")) == []
    for wrong in (
        Turn(north, turn.staff, tonight(), tonight() - DAY, "", ""),
        Turn(north, world.members["volunteer"].id, tonight(), tonight(), "", ""),
    ):
        with pytest.raises(Broken):
            actions.put_on_call(supervisor, wrong)
    with pytest.raises(Denied):
        actions.put_on_call(world.actor("desk"), turn)


def test_things_are_kept_under_her_code_and_each_hand_is_named(world: World, beds: Beds) -> None:
    lin, mine = resident(world, beds["A"]), world.actor("desk")
    actions.keep(mine, KeepThing(lin, "medication", "a blue box", "cupboard 2"))
    (thing,) = queries.known_of(mine, lin).things
    actions.handle(world.actor("caseworker"), lin, thing.id, "handed_out")
    actions.handle(world.actor("caseworker"), lin, thing.id, "handed_out")  # pressed twice
    (after,) = queries.known_of(mine, lin).things
    assert [(move.move, who) for move, who in after.moves] == [("taken_in", "Desk"), ("handed_out", "Caseworker")]
    with pytest.raises(Missing):
        actions.handle(mine, lin, thing.id, "thrown_away")
    with pytest.raises(Missing):
        actions.keep(mine, KeepThing(begin(world), "mail", "a letter", ""))  # nobody who sleeps here
    with pytest.raises(Missing):
        queries.known_of(world.actor("stranger"), lin)


def test_two_colleagues_who_write_about_a_child_see_both_texts(world: World, beds: Beds, desk: SignedIn) -> None:
    child, night = resident(world, beds["A"], called="Bo"), desk("desk")
    page = f"/people/{child}/desk-facts"
    assert night.post(page, version="0", custody="Not to be handed to the father.").status_code == 302
    actions.know(world.actor("caseworker"), child, 1, ToKnow(custody="Until 1 March.", school="Elm Street"))
    told = night.post(page, version="1", custody="Ask Ana first.")
    assert told.status_code == 409
    assert "Until 1 March." in told.text
    assert "Ask Ana first." in told.text
    assert queries.known_of(world.actor("desk"), child).facts.school == "Elm Street"
    assert "Until 1 March." in night.get(f"/people/{child}/kept").text


def test_the_pages_of_the_books(world: World, desk: SignedIn) -> None:
    night, north = desk("desk"), world.sites["north"].hex()
    assert night.post("/hand-over/new", house="", people="", site=north).status_code == 422
    assert night.post("/hand-over/new", house="Boiler", people="", site=north).status_code == 302
    owner = world.members["desk"].id.hex()
    fields = {"kind": "injury", "day": tonight().isoformat(), "words": "Slipped.", "owner": owner, "site": north}
    assert night.post("/incidents/new", **fields, people="K7-0000-0").status_code == 422
    made = night.post("/incidents/new", **fields, police="1")
    assert night.post(made.location, version="1", words="Iced it.", done="1").status_code == 302
    assert "Iced it." in night.get(made.location).text
    assert night.post("/door-log", kind="visitor", who="Ada", site=north).status_code == 302
    shown = night.get("/hand-over").text
    assert "Boiler" in shown
    assert "Nobody stands on the list for tonight" in shown
    assert "nothing left to do" in night.get("/incidents").text
