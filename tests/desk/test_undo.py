"""Every act of the desk is taken back for ten minutes without a word, later put right with one; books turn by day."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from shelter.clients.models import Client, DoorAlert, Household
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.keystore import KeyDek
from shelter.db.sections import fill
from shelter.desk import actions, queries
from shelter.desk.actions import (
    Arrival,
    Came,
    KeepOut,
    KeepThing,
    PutOnList,
    Report,
    ThingRight,
    ToKnow,
    Turn,
    TurnAway,
)
from shelter.desk.models import (
    AT_DOOR,
    AtDoor,
    Ban,
    DeskFacts,
    DoorEntry,
    IntakeItem,
    KeptThing,
    OnCallTurn,
    RequestWaiting,
)
from shelter.desk.upkeep import forget_let_in
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stays.models import Stay, StayBed
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.stays import DAY, resident, tonight

Beds = dict[str, bytes]
SignedIn = Callable[[str], Desk]
EVENING = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = EVENING + timedelta(minutes=11)


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with clock.frozen(EVENING):
        yield


def report_of(world: World, words: str = "She slipped.", **more: object) -> Report:
    told: dict[str, object] = {
        "site": world.sites["north"], "kind": "injury", "day": tonight(), "hour": None, "words": words, "people": (),
        "injuries": "", "police": False, "child": False, "owner": world.members["supervisor"].id,
    }  # fmt: skip
    return Report(**(told | more))  # type: ignore[arg-type]


def too_late(act: Callable[[], object]) -> None:
    with clock.frozen(LATER), pytest.raises(Broken) as refused:
        act()
    assert refused.value.message_key == "desk.too_late_to_undo"


def test_a_note_is_taken_back_by_who_wrote_it_and_later_put_right_for_the_desk_alone(world: World) -> None:
    desk, rosa = world.actor("desk"), world.actor("caseworker")
    note = actions.hand_over(desk, world.sites["north"], "The boiler ticks.", "")
    assert queries.hand_over(desk, note).fresh
    assert not queries.hand_over(rosa, note).fresh
    with pytest.raises(Missing):
        actions.take_back_note(rosa, note)
    too_late(lambda: actions.take_back_note(desk, note))
    with pytest.raises(Broken):
        actions.put_note_right(rosa, note, 1, "The boiler leaks.", "", "")
    actions.put_note_right(rosa, note, 1, "The boiler leaks.", "Sol knows.", "I heard wrong")
    with pytest.raises(Conflict):
        actions.put_note_right(desk, note, 1, "x", "", "y")
    with pytest.raises(Missing):
        actions.take_back_note(desk, note)
    (found,) = queries.hand_overs(desk).shown
    ((was, who),) = found.before
    assert (found.house.words, found.people, was.house, was.reason, who) == (
        "The boiler leaks.", "Sol knows.", "The boiler ticks.", "I heard wrong", "Caseworker",
    )  # fmt: skip
    gone = actions.hand_over(desk, world.sites["north"], "Nothing", "")
    actions.take_back_note(desk, gone)
    assert len(queries.hand_overs(desk).shown) == 1
    assert wrong_rows() == []


def test_what_was_done_about_an_incident_is_taken_back_before_the_report_itself(world: World) -> None:
    desk, ana = world.actor("desk"), world.actor("supervisor")
    found = actions.report(desk, report_of(world, kind="breach"))
    actions.follow_up(ana, found, 1, "Told.", done=True, told_funder=True)
    with pytest.raises(Missing):
        actions.take_back_incident(desk, found)
    assert actions.take_back_incident(ana, found)
    after = queries.incident(ana, found)
    assert (after.report.done, after.report.told_funder, after.since, len(after.clocks)) == (False, None, (), 1)
    too_late(lambda: actions.take_back_incident(desk, found))
    better = report_of(world, "She slipped on the ice.", kind="breach", people=("K7-4QM2-C",))
    actions.put_incident_right(ana, found, after.version, better, "It was outside")
    right = queries.incident(desk, found)
    assert (right.report.words, right.report.people, right.before[0][0].was.words) == (
        "She slipped on the ice.", ["K7-4QM2-C"], "She slipped.",
    )  # fmt: skip
    with pytest.raises(Broken):
        actions.put_incident_right(ana, found, right.version, report_of(world, day=tonight() + DAY), "x")
    slip = actions.report(desk, report_of(world))
    assert not actions.take_back_incident(desk, slip)
    with pytest.raises(Missing):
        queries.incident(desk, slip)
    with pytest.raises(Broken) as nothing:
        actions.follow_up(ana, found, right.version, "", done=False, told_funder=False)
    assert nothing.value.field == "words"


def test_a_line_at_the_door_goes_step_by_step_and_volunteers_put_it_right_too(world: World, beds: Beds) -> None:
    desk, helper, north = world.actor("desk"), world.actor("volunteer"), world.sites["north"]
    lin = resident(world, beds["A"])
    entry = actions.write_door(desk, Came(north, "visitor", "Ada Lovett", "tea", (lin,)))
    actions.went(helper, entry)
    with pytest.raises(Missing):
        actions.take_back_door(desk, entry)
    actions.take_back_door(helper, entry)
    assert queries.door_entry(desk, entry).entry.left is None
    actions.put_door_right(helper, entry, 3, Came(north, "visitor", "Ada Lowell", "tea", ()), "Misspelt")
    line = queries.door_entry(desk, entry)
    assert (line.entry.who, line.people, line.before[0][0].who) == ("Ada Lowell", (lin,), "Ada Lovett")
    with pytest.raises(Missing):
        actions.take_back_door(desk, entry)
    slip = actions.write_door(helper, Came(north, "delivery", "Bread", "", ()))
    actions.take_back_door(helper, slip)
    assert [one.id for one in queries.door_log(desk).shown] == [entry]


def test_whom_a_visit_was_for_goes_back_a_step_at_a_time(world: World, beds: Beds) -> None:
    desk, north = world.actor("desk"), world.sites["north"]
    lin, sol = resident(world, beds["A"]), resident(world, beds["B"], called="Sol")
    entry = actions.write_door(desk, Came(north, "visitor", "Ada Lovett", "tea", (lin,)))
    for version, people in ((1, (sol,)), (2, ())):
        with clock.frozen(EVENING + timedelta(minutes=version)):
            actions.put_door_right(desk, entry, version, Came(north, "visitor", "Ada", "tea", people), "Misheard")
    assert queries.door_entry(desk, entry).people == ()
    actions.take_back_door(desk, entry)
    assert queries.door_entry(desk, entry).people == (sol,)
    actions.take_back_door(desk, entry)
    line = queries.door_entry(desk, entry)
    assert (line.people, line.entry.who) == ((lin,), "Ada Lovett")


def test_what_is_kept_goes_back_a_move_at_a_time(world: World, beds: Beds) -> None:
    desk, lin = world.actor("desk"), resident(world, beds["A"])
    thing = actions.keep(desk, KeepThing(lin, "mail", "A letter", "drawer"))
    actions.handle(desk, lin, thing, "handed_out")
    actions.take_back_thing(desk, lin, thing)
    assert queries.thing_of(desk, lin, thing).thing.here
    too_late(lambda: actions.take_back_thing(desk, lin, thing))
    right = ThingRight(lin, thing, 3, "mail", "Two letters", "safe", "handed_out", "Counted wrong")
    actions.put_thing_right(desk, right)
    with pytest.raises(Conflict):
        actions.put_thing_right(desk, right)
    found = queries.thing_of(desk, lin, thing)
    assert (found.thing.what, found.thing.here, found.before[0][0].what) == ("Two letters", False, "A letter")
    slip = actions.keep(desk, KeepThing(lin, "mail", "Hers?", ""))
    actions.take_back_thing(desk, lin, slip)
    assert set(db.session.scalars(select(KeptThing.id))) == {thing}


def test_whom_not_to_admit_is_off_the_list_at_once_and_gone_in_ten_minutes(world: World) -> None:
    desk = world.actor("desk")
    actions.keep_out(desk, KeepOut(world.sites["north"], ("Mort Grau",), "", "", tonight() + 30 * DAY))
    (line,) = queries.bans(desk)
    actions.let_in_again(desk, line.id)
    assert queries.bans(desk) == []
    with pytest.raises(Missing):
        actions.take_back_ban(world.actor("caseworker"), line.id)
    actions.take_back_ban(desk, line.id)
    assert [one.id for one in queries.bans(desk)] == [line.id]
    actions.let_in_again(desk, line.id)
    with clock.frozen(LATER), pytest.raises(Missing):
        actions.take_back_ban(desk, line.id)
    forget_let_in(LATER)
    db.session.commit()
    with pytest.raises(Missing):
        actions.take_back_ban(desk, line.id)


def test_who_was_put_on_a_list_by_mistake_is_gone_without_a_word(world: World) -> None:
    desk, rosa, north = world.actor("desk"), world.actor("caseworker"), world.sites["north"]
    told = PutOnList(north, "Sol", 1, 0, (), "soon", "she_calls")
    waits = actions.put_on_list(desk, told)
    ban = actions.keep_out(desk, KeepOut(north, ("Mort Grau",), "", "Slip", tonight() + 30 * DAY))
    for who, act, line in ((rosa, actions.take_back_waiting, waits), (rosa, actions.take_back_ban, ban)):
        with pytest.raises(Missing):
            act(who, line)
    too_late(lambda: actions.take_back_waiting(desk, waits))
    too_late(lambda: actions.take_back_ban(desk, ban))
    assert not actions.take_back_waiting(desk, waits)
    assert not actions.take_back_ban(desk, ban)
    assert db.session.scalars(select(RequestWaiting)).all() == db.session.scalars(select(Ban)).all() == []
    assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == waits)).all() == []
    kept = actions.put_on_list(desk, told)
    actions.change_waiting(rosa, kept, 1, PutOnList(north, "Sol", 1, 2, (), "soon", "she_calls"))
    with pytest.raises(Missing):  # what a colleague wrote since is hers to take back
        actions.take_back_waiting(desk, kept)
    assert not actions.take_back_waiting(rosa, kept)
    assert [one.request.children for one in queries.waiting(desk)] == [0]
    assert wrong_rows() == []


def test_a_turn_on_call_is_taken_back_step_by_step_and_gone_after_that(world: World) -> None:
    ana, north = world.actor("supervisor"), world.sites["north"]
    turn = Turn(north, ana.id, tonight(), tonight(), "555-0100", "")
    made = actions.put_on_call(ana, turn)
    actions.take_off_call(ana, made)
    assert queries.on_call(world.actor("desk")) == []
    with pytest.raises(Denied):
        actions.take_back_turn(world.actor("desk"), made)
    assert actions.take_back_turn(ana, made)
    assert [one.id for one in queries.on_call(world.actor("desk"))] == [made]
    too_late(lambda: actions.take_back_turn(ana, made))
    assert not actions.take_back_turn(ana, made)
    assert db.session.scalars(select(OnCallTurn)).all() == []
    gone = actions.put_on_call(ana, turn)
    actions.take_off_call(ana, gone)
    too_late(lambda: actions.take_back_turn(ana, gone))
    with clock.frozen(LATER):
        stays = actions.put_on_call(ana, turn)
    assert list(db.session.scalars(select(OnCallTurn.id))) == [stays]
    assert wrong_rows() == []


def test_what_the_desk_must_know_stands_again_as_it_stood(world: World, beds: Beds) -> None:
    desk, lin = world.actor("desk"), resident(world, beds["A"])
    actions.know(desk, lin, 0, ToKnow(school="Oak Street"))
    actions.take_back_facts(desk, lin)
    assert db.session.scalars(select(DeskFacts)).all() == []
    actions.know(desk, lin, 0, ToKnow(school="Oak Street"))
    with clock.frozen(LATER):
        actions.know(desk, lin, 1, ToKnow(school="Elm Street"))
        with pytest.raises(Missing):
            actions.take_back_facts(world.actor("caseworker"), lin)
        actions.take_back_facts(desk, lin)
        found = queries.known_of(desk, lin)
        assert (found.facts.school, found.fresh) == ("Oak Street", False)
        with pytest.raises(Broken):
            actions.take_back_facts(desk, lin)
    assert wrong_rows() == []


def test_each_list_offers_to_take_back_what_was_written_a_moment_ago(world: World, beds: Beds, desk: SignedIn) -> None:
    night, lead, lin = desk("desk"), desk("supervisor"), resident(world, beds["A"])
    north, day = world.sites["north"].hex(), tonight().isoformat()
    on_call = {"staff": world.members["supervisor"].id.hex(), "first": day, "last": day, "phone": "555-0100"}
    told = {
        "/requests/waiting/new": (night, {"called": "Sol", "adults": "1", "danger": "soon", "channel": "she_calls"}),
        "/not-to-admit/new": (
            night, {"names": "Mort Grau", "reason": "A slip", "review": (tonight() + 30 * DAY).isoformat()},
        ),
        "/on-call/new": (lead, on_call),
        f"/people/{lin}/desk-facts": (night, {"version": "0", "school": "Oak Street"}),
    }  # fmt: skip
    for path, (who, answers) in told.items():
        saved = who.post(path, site=north, **answers)
        assert saved.status_code == 302, (path, saved.text)
        offered = re.search(r'action="([^"]+/undo)"', who.get(saved.location).text)
        assert offered, path
        assert who.post(offered.group(1), saved.location).status_code == 302, path
    for model in (RequestWaiting, Ban, OnCallTurn, DeskFacts):
        assert db.session.scalars(select(model)).all() == [], model


def test_a_request_is_put_right_and_the_ledger_told(world: World) -> None:
    desk, north = world.actor("desk"), world.sites["north"]
    made = actions.turn_away(desk, TurnAway(north, tonight(), 1, 0, "capacity"))
    too_late(lambda: actions.take_back_request(desk, made))
    actions.put_request_right(desk, made, 1, TurnAway(north, tonight(), 1, 3, "conflict"), "Three children")
    found = queries.turned_away_one(desk, made)
    assert (found.request.children, found.request.reason, found.before[0][0].why) == (3, "conflict", "capacity")


def an_arrival(world: World, beds: Beds) -> actions.Arrived:
    told = Arrival(
        (beds["A"], beds["B"]), tonight(), "Sol", companions=("Bo",), legal_name="Quirina Vantongeren", at_door="A van"
    )
    return actions.take_arrival(world.actor("desk"), told)


def test_of_an_arrival_taken_back_nothing_is_left(world: World, beds: Beds) -> None:
    desk, came = world.actor("desk"), an_arrival(world, beds)
    with pytest.raises(Missing):
        actions.withdraw(world.actor("caseworker"), came.undo, came.alert)
    ids = list(db.session.scalars(select(Client.id)))
    items = list(db.session.scalars(select(IntakeItem.id)))
    actions.withdraw(desk, came.undo, came.alert)
    for model in (Client, Stay, StayBed, IntakeItem, Household, DoorAlert):
        assert db.session.scalars(select(model)).all() == [], model
    assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id.in_([*ids, *items]))).all() == []
    assert queries.arrived(desk) == []
    assert wrong_rows() == []
    again = an_arrival(world, beds)
    actions.keep(desk, KeepThing(again.codes[1], "mail", "A letter", ""))
    with pytest.raises(Broken):
        actions.withdraw(desk, again.undo, again.alert)
    assert len(queries.arrived(desk)) == 2


def test_a_book_turns_by_day_and_finds_one_by_halving(world: World) -> None:
    desk, north = world.actor("desk"), world.sites["north"]
    for days_ago in range(90, 0, -1):
        row = DoorEntry(site_id=north, no=91 - days_ago)
        came = EVENING - days_ago * DAY
        fill(desk, row, AT_DOOR, AtDoor(kind="visitor", who=f"{days_ago}", came=came, by=desk.id))
        db.session.add(row)
    db.session.commit()
    latest = queries.door_log(desk)
    assert [one.entry.who for one in latest.shown] == [str(n) for n in range(1, 61)]
    assert latest.older == tonight() - 61 * DAY
    rest = queries.door_log(desk, latest.older)
    assert ([one.entry.who for one in rest.shown], rest.older) == ([str(n) for n in range(61, 91)], None)
    assert queries.door_log(desk, tonight() - 200 * DAY).shown == []


def test_the_pages_of_putting_right(world: World, beds: Beds, desk: SignedIn) -> None:
    night, actor = desk("desk"), world.actor("desk")
    lin = resident(world, beds["A"])
    north = world.sites["north"]
    note = actions.hand_over(actor, north, "The boiler ticks.", "").hex()
    found = actions.report(actor, report_of(world)).hex()
    entry = actions.write_door(actor, Came(north, "visitor", "Ada", "", ())).hex()
    thing = actions.keep(actor, KeepThing(lin, "mail", "A letter", "")).hex()
    made = actions.turn_away(actor, TurnAway(north, tonight(), 1, 0, "capacity")).hex()
    told = {
        f"/hand-over/{note}/put-right": {"house": "It leaks."},
        f"/incidents/{found}/put-right": {
            "kind": "injury", "day": tonight().isoformat(), "words": "It was ice.",
            "owner": world.members["supervisor"].id.hex(),
        },
        f"/door-log/{entry}/put-right": {"kind": "visitor", "who": "Eda"},
        f"/people/{lin}/kept/{thing}/put-right": {"kind": "mail", "what": "Two letters", "move": "taken_in"},
        f"/requests/turned-away/{made}/put-right": {
            "reason": "conflict", "day": tonight().isoformat(), "adults": "1",
        },
    }  # fmt: skip
    for path, answers in told.items():
        refused = night.post(path, version="1", **answers)
        assert refused.status_code == 422, path
        assert "Say in a few words why" in refused.text, path
        assert night.post(path, version="1", why="A slip", **answers).status_code == 302, path
        clash = night.post(path, version="1", why="Another", **answers)
        assert clash.status_code == 409, path
    for page in ("/hand-over", f"/incidents/{found}", "/door-log", f"/people/{lin}/kept", "/requests"):
        assert "A slip" in night.get(page).text, page
    older = night.get("/door-log?until=2020-01-01").text
    assert "Nobody yet" in older
