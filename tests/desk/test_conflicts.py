"""A household's names are compared both ways; the desk reads an answer, never a reason."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.clients import actions as client_actions
from shelter.clients.models import Client
from shelter.clients.parts import SaveDanger
from shelter.course import actions as course
from shelter.course import queries as course_queries
from shelter.course.actions import Refer, TakeTurn
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.desk import actions, queries
from shelter.desk.actions import Arrival, KeepOut
from shelter.desk.models import CheckState, ConflictCheck, IntakeItem
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.conflicts import Known, compare
from shelter.rules.desk import check_limits
from shelter.stays import actions as stays
from shelter.stays.models import Hold, Stay
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id, save_names
from tests.factories.notes import child_of
from tests.factories.stays import DAY, days_of, make_beds, resident, tonight

Beds = dict[str, bytes]
SignedIn = Callable[[str], Desk]


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def lin(world: World, beds: Beds) -> str:
    """A resident called Adaeze Okonjo on her papers, who fears Mortimer Grauwacke."""
    code = resident(world, beds["D"])
    save_names(world.actor("caseworker"), code, "Adaeze Okonjo")
    client_actions.save_danger(
        world.actor("caseworker"), SaveDanger(code, 0, "", ("Mortimer Grauwacke",), at_door=False)
    )
    return code


def arrive(world: World, beds: Beds, name: str = "", *dangers: str) -> str:
    told = Arrival((beds["A"],), tonight(), "Sol", legal_name=name, danger_names=dangers)
    return actions.take_arrival(world.actor("desk"), told).codes[0]


def state(world: World, code: str, who: str = "desk") -> CheckState | None:
    return queries.check_of(world.actor(who), code)[1].state


@pytest.mark.parametrize(
    ("name", "dangers", "what"),
    [
        ("Mortimer Grauwacke", (), (True, "danger_of")),
        ("Sol Reyes", ("Adaeze Okonjo",), (False, "resident")),
        ("Sol Reyes", ("M. Grauwacke", "Grauwacke Mortimer"), (False, "danger_of")),
        ("Sol Reyes", ("Volunteer Name",), (False, "staff")),
        ("Sol Reyes", ("Casimir Oblonsky",), (False, "ban")),
        ("Casimir Oblonski", (), (True, "ban")),
    ],
)
def test_names_are_compared_both_ways_and_the_desk_reads_the_answer_alone(
    world: World, beds: Beds, lin: str, name: str, dangers: tuple[str, ...], what: tuple[bool, str]
) -> None:
    keep_out(world)
    code = arrive(world, beds, name, *dangers)
    assert state(world, code) is CheckState.PENDING
    assert actions.check(world.actor("caseworker_two"), code) is CheckState.POSSIBLE
    _, seen = queries.check_of(world.actor("supervisor"), code)
    assert what in {(one.hers, one.what) for one in seen.found}
    _, told = queries.check_of(world.actor("desk"), code)
    assert (told.state, told.found, told.note, told.checks) == (CheckState.POSSIBLE, (), "", False)


def test_nothing_near_is_nothing_found(world: World, beds: Beds, lin: str) -> None:
    code = arrive(world, beds, "Rosalind Quiñones", "Ferdinand Abernathy", "Okafor")
    assert actions.check(world.actor("supervisor"), code) is CheckState.NOTHING
    assert state(world, code) is CheckState.NOTHING


def test_whoever_looked_settles_it_and_the_desk_reads_nothing_found(world: World, beds: Beds, lin: str) -> None:
    code = arrive(world, beds, "Sol Reyes", "Adaeze Okonjo")
    with pytest.raises(Broken):
        actions.settle(world.actor("supervisor"), code, 1, stands=False, note="")
    actions.check(world.actor("caseworker"), code)
    version = queries.check_of(world.actor("caseworker"), code)[1].version
    actions.settle(world.actor("supervisor"), code, version, stands=False, note="Another Adaeze, of 60 years")
    with pytest.raises(Conflict):
        actions.settle(world.actor("caseworker"), code, version, stands=True, note="")
    assert state(world, code) is CheckState.NOTHING
    assert state(world, code, "caseworker") is CheckState.CLEARED


def test_only_who_opens_identities_at_the_site_may_compare(world: World, beds: Beds, lin: str) -> None:
    code = arrive(world, beds)
    for who in ("desk", "volunteer", "stranger", "advocate", "director"):
        with pytest.raises((Denied, Missing)):
            actions.check(world.actor(who), code)
    assert state(world, code) is CheckState.PENDING


def test_nobody_asks_again_and_again_who_is_here(world: World, beds: Beds) -> None:
    code, most = arrive(world, beds), check_limits().an_hour
    for _ in range(most):
        actions.check(world.actor("supervisor"), code)
    with pytest.raises(Broken) as refused:
        actions.check(world.actor("supervisor"), code)
    assert refused.value.message_key == "desk.too_many_checks"
    actions.check(world.actor("caseworker"), code)
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        actions.check(world.actor("supervisor"), code)


def keep_out(world: World, days: int = 90, who: str = "desk", site: str = "north") -> None:
    review = tonight() + days * DAY
    actions.keep_out(
        world.actor(who), KeepOut(world.sites[site], ("Casimir Oblonsky",), "Limps", "Followed a resident", review)
    )


def test_nobody_is_kept_out_without_a_day_to_look_again(world: World) -> None:
    for days, key in ((0, "desk.review_passed"), (400, "desk.review_too_far")):
        with pytest.raises(Broken) as refused:
            keep_out(world, days)
        assert (refused.value.message_key, refused.value.field) == (key, "review")
    with pytest.raises(Missing):
        keep_out(world, site="south")
    keep_out(world, 30)
    (ban,) = queries.bans(world.actor("desk"))
    assert not ban.due
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert queries.bans(world.actor("desk"))[0].due
    assert queries.bans(world.actor("stranger")) == []
    with pytest.raises(Missing):
        actions.let_in_again(world.actor("stranger"), ban.id)
    actions.let_in_again(world.actor("desk"), ban.id)
    assert queries.bans(world.actor("desk")) == []


def test_a_site_says_whether_they_may_sleep_in_while_the_check_waits(world: World, beds: Beds, desk: SignedIn) -> None:
    arrive(world, beds)
    assert "They may sleep in meanwhile." in desk("desk").get("/arrivals").text
    actions.let_sleep_in(world.actor("supervisor"), world.sites["north"], False)
    assert "Call the one on call before they sleep in." in desk("caseworker").get("/arrivals").text
    with pytest.raises(Denied):
        actions.let_sleep_in(world.actor("desk"), world.sites["north"], True)


def waits_for_the_check(world: World) -> None:
    actions.let_sleep_in(world.actor("supervisor"), world.sites["north"], False)


def refused_a_bed(world: World, who: str, code: str, bed: bytes, day: date | None = None, **more: Any) -> str:
    """The key of what is said beside the bed; nobody is in it."""
    with pytest.raises(Broken) as refused:
        stays.admit(world.actor(who), stays.Admit(code, bed, day or tonight(), **more))
    assert refused.value.field == "bed"
    assert db.session.scalar(select(func.count(Stay.id)).where(Stay.client_id == client_id(code))) == 0
    return refused.value.message_key


def test_a_house_that_waits_for_the_check_gives_no_bed_before_the_answer(world: World, beds: Beds) -> None:
    waits_for_the_check(world)
    rosa, code = world.actor("caseworker"), begin(world, called="Sol")
    for who in ("caseworker", "supervisor"):
        assert refused_a_bed(world, who, code, beds["A"]) == "desk.check_before_bed"
    assert refused_a_bed(world, "caseworker", code, beds["A"], tonight() - 9 * DAY) == "desk.check_before_bed"
    save_names(rosa, code, "Rosalind Quiñones")
    assert refused_a_bed(world, "caseworker", code, beds["A"]) == "desk.check_before_bed"
    actions.check(world.actor("supervisor"), code)
    stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
    joins = begin(world, called="Bo")
    assert refused_a_bed(world, "caseworker", joins, beds["B"], joins=code) == "desk.check_before_bed"
    actions.check(world.actor("caseworker"), joins)
    stays.admit(rosa, stays.Admit(joins, beds["B"], tonight(), joins=code))


def test_a_held_bed_is_no_way_around_the_answer(world: World, beds: Beds) -> None:
    waits_for_the_check(world)
    code, kept = begin(world, called="Sol"), stays.hold(world.actor("desk"), beds["A"])
    assert refused_a_bed(world, "caseworker", code, beds["A"], hold=kept.id) == "desk.check_before_bed"
    assert db.session.scalars(select(Hold.bed_id)).all() == [beds["A"]]


def test_a_new_name_in_the_household_makes_the_next_bed_wait_again(world: World, beds: Beds) -> None:
    waits_for_the_check(world)
    rosa, code = world.actor("caseworker"), begin(world, called="Sol")
    child = child_of(world, code)
    actions.check(rosa, code)
    stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
    save_names(rosa, child, "Bonifacio Quiñones")
    assert refused_a_bed(world, "caseworker", child, beds["B"], joins=code) == "desk.check_before_bed"
    actions.check(rosa, child)  # the one check of the household, asked for on the page of the child
    stays.admit(rosa, stays.Admit(child, beds["B"], tonight(), joins=code))
    assert [one.check for one in queries.arrived(world.actor("desk"))] == []


def test_a_house_that_does_not_wait_gives_the_bed_and_the_desk_sees_a_pending_check(world: World, beds: Beds) -> None:
    code = begin(world, called="Sol")
    stays.admit(world.actor("caseworker"), stays.Admit(code, beds["A"], tonight()))
    (came,) = queries.arrived(world.actor("desk"))
    assert (came.check, came.bed) == (CheckState.PENDING, True)


def test_what_was_typed_is_kept_where_the_house_waits(world: World, beds: Beds, desk: SignedIn) -> None:
    waits_for_the_check(world)
    code = begin(world, called="Sol")
    leaves = (tonight() + 9 * DAY).isoformat()
    said = {"bed": beds["A"].hex(), "arrived": tonight().isoformat(), "expected_exit": leaves}
    page = desk("caseworker").post(f"/people/{code}/stay/new", **said)
    assert page.status_code == 422
    assert 'id="bed-error"' in page.text
    assert "This house gives no bed before the conflict check" in page.text
    assert f'value="{leaves}"' in page.text


def test_with_a_possible_conflict_the_bed_is_given_by_who_reads_why(world: World, beds: Beds, lin: str) -> None:
    waits_for_the_check(world)
    told = Arrival((beds["A"],), tonight(), "Sol", legal_name="Mortimer Grauwacke")
    (code,) = actions.take_arrival(world.actor("desk"), told).codes
    actions.check(world.actor("supervisor"), code)
    assert refused_a_bed(world, "desk", code, beds["A"]) == "desk.check_conflict"
    actions.let_sleep_in(world.actor("supervisor"), world.sites["north"], True)
    assert refused_a_bed(world, "desk", code, beds["A"]) == "desk.check_conflict"
    stays.release(world.actor("desk"), beds["A"])
    stays.admit(world.actor("supervisor"), stays.Admit(code, beds["A"], tonight()))


def test_the_desk_never_learns_that_a_name_was_near(world: World, beds: Beds, lin: str) -> None:
    code = arrive(world, beds, "Sol Reyes", "Adaeze Okonjo")
    actions.check(world.actor("caseworker"), code)
    version = queries.check_of(world.actor("caseworker"), code)[1].version
    actions.settle(world.actor("supervisor"), code, version, stands=False, note="")
    for who, reads in (("desk", CheckState.NOTHING), ("caseworker", CheckState.CLEARED)):
        assert [one.check for one in queries.arrived(world.actor(who)) if one.code == code] == [reads]


def test_at_the_door_of_a_house_that_waits_she_is_written_down_and_her_bed_is_held(
    world: World, beds: Beds, lin: str, desk: SignedIn
) -> None:
    ana, night = world.actor("supervisor"), desk("desk")
    actions.put_on_call(
        ana, actions.Turn(world.sites["north"], ana.id, tonight(), tonight() + 300 * DAY, "555-0142", "")
    )
    waits_for_the_check(world)
    page = night.get("/arrivals/new").text
    assert "555-0142" in page
    more = {"companions": "Bo", "more_beds": beds["B"].hex(), "legal_name": "Rosalind Quiñones"}
    night.post("/arrivals/new", working_name="Sol", bed=beds["A"].hex(), arrived=tonight().isoformat(), **more)
    came = [one for one in queries.arrived(world.actor("desk")) if one.code != lin]
    assert {(one.name, one.check, one.bed) for one in came} == {
        ("Sol", CheckState.PENDING, False),
        ("Bo", None, False),
    }
    sol, bo = (next(one.code for one in came if one.name == name) for name in ("Sol", "Bo"))
    held = set(db.session.scalars(select(Hold.bed_id)))
    assert held == {beds["A"], beds["B"]}
    assert refused_a_bed(world, "desk", sol, beds["A"]) == "desk.check_before_bed"
    listed = night.get("/arrivals").text
    assert f"/people/{sol}/stay/new" not in listed
    assert "555-0142" in listed
    actions.check(ana, sol)
    assert f"/people/{sol}/stay/new" in night.get("/arrivals").text
    given = {"bed": beds["A"].hex(), f"with_{bo}": beds["B"].hex(), "arrived": tonight().isoformat()}
    assert night.post(f"/people/{sol}/stay/new", **given).status_code == 302
    assert {one.bed for one in queries.arrived(world.actor("desk"))} == {True}
    assert db.session.scalars(select(Hold.bed_id)).all() == []
    assert {room for room, *_ in days_of(sol)} == {"Room 1, A"}


def test_an_arrival_that_waits_is_taken_back_with_the_beds_held_for_it(world: World, beds: Beds) -> None:
    waits_for_the_check(world)
    told = Arrival((beds["A"], beds["B"]), tonight(), "Sol", companions=("Bo",), legal_name="Rosalind Quiñones")
    undo = actions.take_arrival(world.actor("desk"), told).undo
    with pytest.raises(Broken):
        actions.take_arrival(world.actor("caseworker"), Arrival((beds["A"],), tonight(), "Ada"))
    actions.withdraw(world.actor("desk"), undo)
    for model in (Client, ConflictCheck, IntakeItem, Hold):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_the_pages_from_check_to_settling(world: World, beds: Beds, lin: str, desk: SignedIn) -> None:
    code, worker = arrive(world, beds, "Sol Reyes", "Adaeze Okonjo"), desk("caseworker")
    page = f"/people/{code}/conflict"
    assert worker.post(f"{page}/check", page).status_code == 302
    assert lin in worker.get(page).text
    assert worker.post(f"{page}/settle", stands="no", version="2", note="Another person").status_code == 302
    night = desk("desk")
    shown = night.get(page).text
    assert "Nothing found" in shown
    assert lin not in shown
    assert "Another person" not in shown


def test_what_somebody_likes_to_be_called_makes_no_suspect() -> None:
    known = [Known("staff", "Rosa", ("Rosa Jimenez",))]
    assert compare(["Rosa"], [], known) == []
    assert [one.what for one in compare(["Rosa Jimenes"], [], known)] == ["staff"]


def test_a_check_begins_with_a_yes_and_with_a_bed_and_only_once(world: World, beds: Beds) -> None:
    rosa = world.actor("caseworker")
    code = begin(world, called="Sol")
    course.refer(rosa, Refer(code, world.sites["north"], tonight(), 1, "the county line"))
    (coming,) = course_queries.course_of(rosa, code).comings
    assert state(world, code, "caseworker") is None
    course.take_turn(rosa, TakeTurn(code, coming.id, 1, "screened"))
    assert state(world, code, "caseworker") is CheckState.PENDING
    assert actions.check(rosa, code) is CheckState.NOTHING
    course.take_turn(rosa, TakeTurn(code, coming.id, 2, "accepted"))
    stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
    assert state(world, code) is CheckState.NOTHING
    walked_in = resident(world, beds["B"], called="Bo")
    assert state(world, walked_in) is CheckState.PENDING
    long_here = resident(world, beds["C"], called="Eva", since=tonight() - 9 * DAY)
    assert state(world, long_here) is None


def answered(world: World, beds: Beds) -> str:
    """A household that nothing was found about, told of with two names."""
    rosa, code = world.actor("caseworker"), begin(world, called="Sol")
    save_names(rosa, code, "Rosalind Quiñones")
    client_actions.save_danger(rosa, SaveDanger(code, 0, "", ("Ferdinand Abernathy",), at_door=False))
    assert state(world, code, "caseworker") is CheckState.PENDING
    assert actions.check(rosa, code) is CheckState.NOTHING
    return code


@pytest.mark.parametrize(
    ("hers", "aliases", "feared", "now"),
    [
        ("Rosalind Quiñones", (), (), CheckState.NOTHING),
        ("ROSALIND  quinones", (), (), CheckState.NOTHING),
        ("", (), (), CheckState.NOTHING),
        ("Rosalind Okafor", (), (), CheckState.PENDING),
        ("Rosalind Quiñones", ("Rosa Lind",), (), CheckState.PENDING),
        ("Rosalind Quiñones", (), ("Ferdinand Abernathy",), CheckState.NOTHING),
        ("Rosalind Quiñones", (), ("Ugo Basso",), CheckState.PENDING),
    ],
)
def test_every_new_name_asks_again_and_nothing_else_does(
    world: World, beds: Beds, hers: str, aliases: tuple[str, ...], feared: tuple[str, ...], now: CheckState
) -> None:
    rosa, code = world.actor("caseworker"), answered(world, beds)
    save_names(rosa, code, hers, *aliases, version=1)
    if feared:
        client_actions.save_danger(rosa, SaveDanger(code, 1, "", feared, at_door=False))
    assert state(world, code, "caseworker") is now
    if now is CheckState.PENDING:
        version = queries.check_of(rosa, code)[1].version
        with pytest.raises(Broken):
            actions.settle(rosa, code, version, stands=False, note="Not looked at")


def test_whoever_joins_a_household_brings_her_names(world: World, beds: Beds) -> None:
    rosa, code = world.actor("caseworker"), answered(world, beds)
    nameless = begin(world, called="Bo")
    client_actions.join_household(rosa, code, nameless)
    assert state(world, code, "caseworker") is CheckState.NOTHING
    save_names(rosa, nameless, "Bogdan Okafor")
    assert state(world, code, "caseworker") is CheckState.PENDING


def test_names_put_right_in_the_morning_are_compared_again(world: World, beds: Beds) -> None:
    rosa = world.actor("caseworker")
    for told, state_now in (("Rosalind Quiñones", CheckState.NOTHING), ("Rosalind Okafor", CheckState.PENDING)):
        code = arrive(world, beds, "Rosalind Quiñones", "Ferdinand Abernathy")
        actions.check(rosa, code)
        actions.complete(rosa, actions.Complete(code, "Sol", told, danger_names=("Ferdinand Abernathy",)))
        assert state(world, code, "caseworker") is state_now
        beds["A"] = beds["B"]


def test_residents_and_lists_of_every_site_are_compared(world: World, beds: Beds) -> None:
    elsewhere = make_beds(world, "south", labels="Z")
    far = begin(world, "stranger", "south", "Ada")
    save_names(world.actor("stranger"), far, "Adaeze Okonjo")
    stays.admit(world.actor("stranger"), stays.Admit(far, elsewhere["Z"], tonight()))
    code = arrive(world, beds, "Sol Reyes", "Adaeze Okonjo")
    assert actions.check(world.actor("caseworker_two"), code) is CheckState.POSSIBLE
    (found,) = queries.check_of(world.actor("caseworker_two"), code)[1].found
    assert (found.what, found.ref) == ("resident", far)


def test_the_pages_of_a_person_lead_to_the_check(world: World, beds: Beds, desk: SignedIn) -> None:
    code, rosa = resident(world, beds["A"], called="Bo"), desk("caseworker")
    for page in (f"/people/{code}", f"/people/{code}/household", f"/people/{code}/course"):
        assert f"/people/{code}/conflict" in rosa.get(page).text, page
