"""The day: each thing stands once, in its group, leads to itself, and is done in place; nobody else's stands there."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from shelter.clients.actions import save_contact
from shelter.clients.parts import SaveContact
from shelter.clients.queries import agency_today
from shelter.course import actions as course
from shelter.course.actions import AgreeAfterwards, AskMoreTime, Decide
from shelter.db.errors import Missing
from shelter.notes import queries as notes
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.plans import actions as plans
from shelter.plans.actions import AddStep, Arrange, AskToLook, MarkReviewed, ReviewSafety, SaveSafety, SetGoal
from shelter.policy.errors import Denied
from shelter.releases import queries as releases
from shelter.releases.actions import Extend, Signed, Which, extend, let_end
from shelter.rules.broken import Broken
from shelter.rules.consent import State
from shelter.settings.queries import limit
from shelter.today import actions, queries
from shelter.today.actions import HandOver
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.notes import sign
from tests.factories.releases import live
from tests.factories.services import ask, enter
from tests.factories.stays import DAY, make_beds, resident, stay_of

Sign = Callable[[str], Desk]


def kinds(lines: tuple[queries.Line, ...]) -> list[str]:
    return sorted(line.what for line in lines)


def test_what_is_due_stands_in_its_group_and_goes_when_it_is_done(world: World, code: str) -> None:
    actor, today = world.actor("caseworker"), agency_today()
    goal = plans.set_goal(actor, SetGoal(code, "A room of my own"))
    plans.add_step(actor, AddStep(code, goal, 1, "Look at two rooms", "staff", today - timedelta(days=1)))
    plans.arrange(actor, Arrange(code, "meeting", "Clinic", today))
    plans.arrange(actor, Arrange(code, "follow_up", "School", today + timedelta(days=3)))
    plans.arrange(actor, Arrange(code, "follow_up", "Bank", today + timedelta(days=30)))
    day = queries.day(actor)
    assert (day.people, kinds(day.overdue), kinds(day.today)) == (1, ["step"], ["appointment", "review"])
    assert [line.words for line in (*day.this_week, *day.later)] == ["School", "Bank"]
    plans.mark_reviewed(actor, MarkReviewed(code, 0, today))
    assert kinds(queries.day(actor).today) == ["appointment"]


def test_a_stay_brings_the_safety_plan_and_who_was_not_met(world: World) -> None:
    today, actor = agency_today(), world.actor("caseworker")
    code = resident(world, make_beds(world)["A"], since=today - timedelta(days=20))
    day = queries.day(actor)
    assert kinds(day.overdue) == ["answers", "safety-arrival"]
    assert [line.code for line in day.not_met] == [code]
    plans.save_safety(actor, SaveSafety(code, 0, {"take": ["The blue bag"]}))
    plans.review_safety(actor, ReviewSafety(code, 1, "arrival"))
    sign(world, code, "We talked.", present=("client",))
    day = queries.day(actor)
    assert (kinds(day.overdue), day.not_met) == (["answers"], ())


@pytest.mark.parametrize("how", ["note without her", "service", "taken back"])
def test_being_met_is_a_note_of_a_meeting_or_a_service(world: World, how: str) -> None:
    from shelter.services import actions as services
    from shelter.services.actions import TakeBack

    today = agency_today()
    code = resident(world, make_beds(world)["A"], since=today - timedelta(days=20))
    if how == "note without her":
        sign(world, code, "I called the school.", present=("partner",))
    else:
        (service,) = enter(world, code)
        if how == "taken back":
            services.take_back(world.actor("caseworker"), TakeBack(code, service, 1, "twice"))
    assert bool(queries.day(world.actor("caseworker")).not_met) is (how != "service")


def test_somebody_who_left_long_ago_does_not_fill_the_day(world: World) -> None:
    from shelter.stays import actions as stays
    from shelter.stays.actions import Leave

    today, actor = agency_today(), world.actor("caseworker")
    code = resident(world, make_beds(world)["A"], since=today - timedelta(days=90))
    clients.phone(actor, code, "2135550143")
    stay = stay_of(code)
    leave = Leave(code, stay.id, today - timedelta(days=60), version=stay.days_version)
    stays.leave(actor, leave)
    assert (queries.day(actor).people, queries.day(actor).is_empty) == (0, True)
    plans.arrange(actor, Arrange(code, "meeting", "Clinic", today))
    day = queries.day(actor)
    assert (day.people, "appointment" in kinds(day.today)) == (1, True)


def test_more_time_waits_for_the_supervisor_alone_until_it_is_decided(world: World, desk: Sign) -> None:
    today, worker, boss = agency_today(), world.actor("caseworker"), world.actor("supervisor")
    code = resident(world, make_beds(world)["A"], since=today - timedelta(days=20))
    places.change_rules(boss, ChangeRules(world.sites["north"], 90, 60, 0))
    asked = course.ask_more_time(worker, AskMoreTime(code, stay_of(code).id, today + timedelta(days=90), "school ends"))
    assert queries.day(worker).time == ()
    assert "course-more_time" in [line.what for line in _all(queries.day(worker))]
    (waiting,) = queries.day(boss).time
    assert (waiting.code, waiting.asked.id) == (code, asked)
    assert "course-more_time" not in [line.what for line in _all(queries.day(boss))], "it stands once"
    fern = desk("supervisor")
    page = fern.get("/today/").text
    link = f"/people/{code}/course/more-time/{asked.hex()}"
    assert link in page
    assert fern.get(link).status_code == 200
    course.decide_more_time(boss, Decide(code, asked, 1, "granted", "Gladly."))
    assert queries.day(boss).time == ()


def _all(day: queries.Day) -> list[queries.Line]:
    return [*day.overdue, *day.today, *day.this_week, *day.later]


def test_nobody_elses_people_stand_there(world: World, code: str) -> None:
    plans.arrange(world.actor("caseworker"), Arrange(code, "meeting", "Clinic", agency_today()))
    for who in ("caseworker_two", "stranger"):
        day = queries.day(world.actor(who))
        assert (day.people, day.is_empty) == (0, True)
    for who in ("desk", "advocate", "director"):
        with pytest.raises(Denied):
            queries.day(world.actor(who))


def test_every_line_leads_to_a_page_and_a_press_does_it_in_place(world: World, desk: Sign, code: str) -> None:
    actor, today = world.actor("caseworker"), agency_today()
    plans.set_goal(actor, SetGoal(code, "A room of my own"))
    plans.arrange(actor, Arrange(code, "meeting", "Clinic", today, transport="nobody_yet"))
    clients.phone(actor, code, "2135550143")
    rosa = desk("caseworker")
    page = rosa.get("/today/").text
    assert "Needed, nobody yet" in page
    main = page[page.index("<main") :]
    for link in set(re.findall(r'href="(/people/[^"]+)"', main)):
        assert rosa.get(link).status_code == 200, link
    press = re.search(r'action="(/people/[^"]+/done)"', main)
    assert press is not None
    answer = rosa.post(press[1], "/today/", version="1", back="today")
    assert answer.headers["Location"].endswith("/today/")
    assert "Clinic" not in rosa.get("/today/").text


def test_a_call_and_a_limit_lead_to_their_own_forms_in_one_click(world: World, desk: Sign) -> None:
    from shelter.stays import actions as stays
    from shelter.stays.actions import Leave

    worker, today = world.actor("caseworker"), agency_today()
    places.change_rules(world.actor("supervisor"), ChangeRules(world.sites["north"], 90, 60, 0))
    beds = make_beds(world)
    here = resident(world, beds["A"], since=today - timedelta(days=57))
    gone = resident(world, beds["B"], since=today - timedelta(days=50))
    stay = stay_of(gone)
    stays.leave(worker, Leave(gone, stay.id, today - timedelta(days=28), version=stay.days_version))
    save_contact(worker, SaveContact(gone, 0, "text", "allowed", "2135550143", confirmed=today))
    after = course.agree_afterwards(worker, AgreeAfterwards(gone, stay.id))
    rosa = desk("caseworker")
    page = rosa.get("/today/").text
    for link in (
        f"/people/{here}/course/{stay_of(here).id.hex()}/more-time",
        f"/people/{gone}/course/afterwards/{after.hex()}/30",
    ):
        assert f'href="{link}"' in page
        assert rosa.get(link).status_code == 200


def test_the_day_opens_and_leads_to_the_call_of_somebody_who_left_long_ago(world: World, desk: Sign) -> None:
    from shelter.stays import actions as stays
    from shelter.stays.actions import Leave

    worker, today = world.actor("caseworker"), agency_today()
    gone = resident(world, make_beds(world)["A"], since=today - timedelta(days=100))
    stays.leave(worker, Leave(gone, stay_of(gone).id, today - timedelta(days=85), version=1))
    save_contact(worker, SaveContact(gone, 0, "text", "allowed", "2135550143", confirmed=today))
    after = course.agree_afterwards(worker, AgreeAfterwards(gone, stay_of(gone).id))
    assert queries.day(worker).people == 0
    rosa = desk("caseworker")
    link = f"/people/{gone}/course/afterwards/{after.hex()}/30"
    assert f'href="{link}"' in rosa.get("/today/").text
    assert rosa.get(link).status_code == 200


def test_a_supervisor_sees_what_waits_for_her_and_who_works_with_whom(world: World, desk: Sign, code: str) -> None:
    actor = world.actor("caseworker")
    plans.set_goal(actor, SetGoal(code, "A room of my own"))
    plans.ask_to_look(actor, AskToLook(code, 0, "agreement"))
    ask(world, code, 300)
    day = queries.day(world.actor("supervisor"))
    assert ([one.code for one in day.asked], [one.code for one in day.money]) == ([code], [code])
    loads = {one.worker.working_name: one.people for one in queries.caseloads(world.actor("supervisor"))}
    assert loads == {"Caseworker": 1, "Caseworker_Two": 0, "Supervisor": 0}
    assert list(loads) == sorted(loads, key=str.casefold)
    fern = desk("supervisor")
    for page in ("/today/", "/today/caseload", f"/today/caseload/{world.members['caseworker'].id.hex()}"):
        assert fern.get(page).status_code == 200
    with pytest.raises(Denied):
        queries.caseloads(actor)


class TestHandOver:
    def hand_over(self, world: World, code: str, to: str, who: str = "supervisor") -> None:
        of, new = world.members["caseworker"].id, world.members[to].id
        actions.hand_over(world.actor(who), HandOver(code, of, new, "She wants calls on Mondays."))

    def test_the_next_colleague_has_her_file_with_the_note_and_the_last_one_has_not(
        self, world: World, code: str
    ) -> None:
        self.hand_over(world, code, "caseworker_two")
        found = notes.notes(world.actor("caseworker_two"), code).notes
        assert [one.words for one in found] == ["She wants calls on Mondays."]
        with pytest.raises(Missing):
            notes.notes(world.actor("caseworker"), code)

    @pytest.mark.parametrize("to", ["caseworker", "stranger", "advocate", "director"])
    def test_to_nobody_who_may_not_work_with_her(self, world: World, code: str, to: str) -> None:
        with pytest.raises(Broken):
            self.hand_over(world, code, to)
        assert notes.notes(world.actor("caseworker"), code).notes == ()

    def test_a_caseworker_hands_nobody_over(self, world: World, code: str) -> None:
        with pytest.raises(Denied):
            self.hand_over(world, code, "caseworker_two", who="caseworker")


def test_a_release_is_let_end_in_place_and_holds_until_its_last_day(world: World, code: str, desk: Sign) -> None:
    actor, ends = world.actor("caseworker"), agency_today() + timedelta(days=3)
    release, rosa = live(world, code, expires=ends), desk("caseworker")
    (line,) = (one for one in queries.day(actor).this_week if one.what == "release")
    (path,) = set(re.findall(rf"/people/{code}/releases/[^/\"]+/let-end", rosa.get("/today/").text))
    rosa.post(path, "/today/", version=str(line.version - 1))
    assert "release" in kinds(queries.day(actor).this_week)
    rosa.post(path, "/today/", version=str(line.version))
    assert "release" not in kinds(queries.day(actor).this_week)
    (view,) = releases.of_client(actor, code).releases
    assert view.state is State.LIVE
    extend(actor, Extend(Which(code, release, line.version + 1), ends + DAY, "self", Signed("Lin Z.", "typed"), True))
    assert "release" in kinds(queries.day(actor).this_week)
    for who in ("stranger", "desk", "advocate"):
        with pytest.raises((Missing, Denied)):
            let_end(world.actor(who), Which(code, release, line.version + 2))


def test_an_answer_about_safe_contact_is_asked_for_before_it_runs_out_and_a_no_is_left_alone(world: World) -> None:
    worker, today = world.actor("caseworker"), agency_today()
    lasts = limit("safe_contact_days")
    said = {
        "ends soon": ("allowed", lasts - 5),
        "ended": ("allowed", lasts + 1),
        "holds": ("allowed", 1),
        "no": ("never", 1),
    }
    codes = {}
    for words, (allowed, days) in said.items():
        codes[clients.begin(world, called=words)] = words
        code = next(reversed(codes))
        rule = SaveContact(
            code=code, version=0, channel="call", allowed=allowed, value="1", confirmed=today - timedelta(days=days)
        )
        save_contact(worker, rule)
    day = queries.day(worker)
    due = {
        codes[line.code]: line.due
        for group in (day.overdue, day.today, day.this_week, day.later)
        for line in group
        if line.what == "contact" and line.code in codes
    }
    assert due == {"ends soon": today + timedelta(days=5), "ended": today}
