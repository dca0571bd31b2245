"""Agreement, safety plan, appointments and closing: who may, what is kept, and what no paper says."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.plans import actions, queries
from shelter.plans.actions import (
    Answer,
    Arrange,
    AskToLook,
    ChangeAppointment,
    ChangeGoal,
    CloseCase,
    MarkReviewed,
    ReopenCase,
    ReviewSafety,
    SaveSafety,
    SetGoal,
    Settle,
    TakeTemplate,
)
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.plans import plan_templates
from tests.factories.agency import World
from tests.factories.services import told
from tests.factories.stays import make_beds, resident


def goal(world: World, code: str, words: str = "A room of my own") -> bytes:
    return actions.set_goal(world.actor("caseworker"), SetGoal(code, words, "Spanish", "housing"))


def view(world: World, code: str, who: str = "caseworker") -> queries.AgreementView:
    return queries.agreement(world.actor(who), code)


class TestAgreement:
    def ask(self, world: World, code: str, what: str = "agreement", of: bytes = b"") -> str:
        actions.ask_to_look(world.actor("caseworker"), AskToLook(code, view(world, code).version, what, of, "Please"))
        return view(world, code).text.asked[-1].id

    def test_a_supervisor_agrees_and_nobody_else_can(self, world: World, code: str) -> None:
        goal(world, code)
        asked = self.ask(world, code)
        assert [one.code for one in queries.waiting_for(world.actor("supervisor"))] == [code]
        with pytest.raises(Denied):
            actions.answer(world.actor("caseworker"), Answer(code, asked, 1, "agreed"))
        with pytest.raises(Broken) as no:
            actions.answer(world.actor("supervisor"), Answer(code, asked, 1, "changes"))
        assert no.value.field == "comment"
        actions.answer(world.actor("supervisor"), Answer(code, asked, 1, "agreed", "Good."))
        agreed = view(world, code).agreed
        assert agreed is not None
        assert agreed.comment == "Good."
        assert queries.waiting_for(world.actor("supervisor")) == []
        with pytest.raises(Broken):
            actions.answer(world.actor("supervisor"), Answer(code, asked, 2, "agreed"))

    def test_a_second_pair_of_eyes_is_the_one_who_was_asked(self, world: World, code: str) -> None:
        from shelter.clients import actions as clients

        two = world.members["caseworker_two"].id
        with pytest.raises(Broken):
            self.ask(world, code, "second_look", world.members["director"].id)
        clients.assign(world.actor("supervisor"), code, two)
        asked = self.ask(world, code, "second_look", two)
        with pytest.raises(Missing):
            actions.answer(world.actor("supervisor"), Answer(code, asked, 1, "seen"))
        assert [one.code for one in queries.waiting_for(world.actor("caseworker_two"))] == [code]
        actions.answer(world.actor("caseworker_two"), Answer(code, asked, 1, "seen"))

    def test_what_was_looked_at_is_known_by_its_version(self, world: World, code: str) -> None:
        made = goal(world, code)
        self.ask(world, code)
        actions.change_goal(
            world.actor("caseworker"), ChangeGoal(code, made, 1, "Two rooms", "", "housing", "active", "a baby")
        )
        assert view(world, code).text.asked[0].goals == {made.hex(): 1}
        _, versions = queries.earlier_versions(world.actor("caseworker"), code, made)
        assert [(one.words, one.why) for one in versions] == [("Two rooms", "a baby"), ("A room of my own", "")]


def test_the_next_review_follows_the_last_in_the_agreed_rhythm(world: World, code: str) -> None:
    today, actor = agency_today(), world.actor("caseworker")
    assert view(world, code).next_review is None
    goal(world, code)
    assert view(world, code).next_review == today
    with pytest.raises(Broken):
        actions.mark_reviewed(actor, MarkReviewed(code, 0, today + timedelta(days=1)))
    actions.mark_reviewed(actor, MarkReviewed(code, 0, today - timedelta(days=3), "Well.", 30))
    assert view(world, code).next_review == today + timedelta(days=27)
    client = db.session.scalar(select(Client.id).where(Client.code == code))
    assert client is not None
    assert queries.reviews_due(actor, [client]) == {client: today + timedelta(days=27)}
    with pytest.raises(Conflict):
        actions.mark_reviewed(actor, MarkReviewed(code, 0, today))


class TestSafetyPlan:
    def test_every_version_is_kept_and_two_people_lose_nothing(self, world: World, code: str) -> None:
        actor = world.actor("caseworker")
        first = SaveSafety(code, 0, {"signs": ["A grey van"], "made_up": ["x"]}, ("Bus 14",), "Spanish")
        actions.save_safety(actor, first)
        actions.save_safety(world.actor("supervisor"), SaveSafety(code, 1, {"signs": ["Two vans"]}, why="she saw more"))
        with pytest.raises(Conflict):
            actions.save_safety(actor, SaveSafety(code, 1, {"signs": ["mine"]}))
        _, texts, _ = queries.safety_earlier(actor, code)
        assert [text.parts for text in texts] == [{"signs": ["Two vans"]}, {"signs": ["A grey van"]}]

    def test_going_through_it_is_written_down_by_occasion(self, world: World, code: str) -> None:
        actor = world.actor("caseworker")
        with pytest.raises(Missing):
            actions.review_safety(actor, ReviewSafety(code, 0, "arrival"))
        actions.save_safety(actor, SaveSafety(code, 0, {"take": ["The blue bag"]}))
        actions.review_safety(actor, ReviewSafety(code, 1, "arrival"))
        client = db.session.scalar(select(Client.id).where(Client.code == code))
        assert client is not None
        assert queries.safety_reviewed(actor, [client]) == {client: (agency_today(), frozenset({"arrival"}))}


class TestAppointments:
    def test_one_is_arranged_changed_and_settled(self, world: World, code: str) -> None:
        actor, day = world.actor("caseworker"), date(2026, 12, 3)
        asked = Arrange(code, "meeting", "Eye clinic", day, time(10), interpreter="asked", transport="nobody_yet")
        made = actions.arrange(actor, asked)
        _, (coming,), past, _ = queries.appointments(actor, code)
        assert (coming.text.what, coming.lacks, past) == ("Eye clinic", True, [])
        moved = Arrange(code, "meeting", "Eye clinic", day, time(11), goes_along="Mei", transport="confirmed")
        actions.change_appointment(actor, ChangeAppointment(made, 1, moved))
        with pytest.raises(Conflict):
            actions.settle(actor, Settle(code, made, 1, "done"))
        actions.settle(actor, Settle(code, made, 2, "missed", "the bus"))
        _, coming_now, (been,), _ = queries.appointments(actor, code)
        assert (coming_now, been.text.state, been.text.at) == ([], "missed", time(11))
        client = db.session.scalar(select(Client.id).where(Client.code == code))
        assert client is not None
        assert queries.pending_of(actor, [client]) == []
        actions.settle(actor, Settle(code, made, 3, "planned"))
        assert [one.id for one in queries.pending_of(actor, [client])] == [made]


def test_a_template_sets_the_chosen_goals_with_their_steps(world: World, code: str) -> None:
    actor, day = world.actor("caseworker"), date(2026, 11, 21)
    template = plan_templates()["arrival"]
    assert actions.take_template(actor, TakeTemplate(code, "arrival", (0, 2), day)) == 2
    goals = queries.plan(actor, code).goals
    assert {one.words for one in goals} == {template.goal[0].label, template.goal[2].label}
    first = next(one for one in goals if one.words == template.goal[0].label)
    assert [step.due for step in first.steps] == [day + timedelta(days=one.days) for one in template.goal[0].step]
    for goals_chosen in ((), (9,)):
        with pytest.raises(Broken):
            actions.take_template(actor, TakeTemplate(code, "arrival", goals_chosen, day))


class TestClosing:
    def close(self, world: World, code: str, who: str = "caseworker") -> None:
        obtained = ("t_visa", "certification")
        command = CloseCase(code, agency_today(), "goals_met", "own_home", obtained, "Legal Aid", continued="referred")
        actions.close_case(world.actor(who), command)

    def test_closed_it_rests_and_opened_again_it_is_the_same_file(self, world: World, code: str) -> None:
        made = goal(world, code)
        self.close(world, code)
        case = queries.case(world.actor("supervisor"), code)
        assert not case.is_open
        assert case.keep_until == date(agency_today().year + 8, 1, 1)
        assert case.episodes[0].obtained == ["t_visa", "certification"]
        (fact,) = told(world, "closing")
        assert fact.values["obtained"] == "certification t_visa"
        assert (fact.values["continued"], case.episodes[0].continued) == ("referred", "referred")
        assert "Legal Aid" not in str(fact.values)
        with pytest.raises(Broken):
            self.close(world, code)
        actions.reopen_case(world.actor("caseworker"), ReopenCase(code, "she called"))
        self.close(world, code)
        case = queries.case(world.actor("caseworker"), code)
        assert [one.reopened_why for one in case.episodes] == ["", "she called"]
        assert [one.id for one in queries.plan(world.actor("caseworker"), code).goals] == [made]

    def test_nobody_who_sleeps_here_is_closed(self, world: World) -> None:
        code = resident(world, make_beds(world)["A"])
        with pytest.raises(Broken) as no:
            self.close(world, code)
        assert no.value.message_key == "plans.still-here"

    @pytest.mark.parametrize("who", ["desk", "caseworker_two", "stranger", "director"])
    def test_nobody_else_closes(self, world: World, code: str, who: str) -> None:
        with pytest.raises((Missing, Denied)):
            self.close(world, code, who)
