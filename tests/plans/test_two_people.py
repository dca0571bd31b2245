"""Two people change one plan: whatever either wrote stands somewhere in the end; what was typed is never dropped."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from shelter.clients.queries import agency_today
from shelter.plans import actions, queries
from shelter.plans.actions import AddStep, Arrange, AskToLook, MarkReviewed, SaveSafety, SetGoal
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk

DATABASES = ("sqlite",)  # what is asked of here are forms; the race itself is asked of in tests/db
Sign = Callable[..., Desk]
HERON, OTTER = "a window over the herons", "a room beside the otters"


@pytest.fixture
def plan(world: World) -> dict[str, str]:
    """Somebody with one of everything that two people may change, and the address of each form."""
    who, day = world.actor("caseworker"), agency_today()
    code = clients.named(world, "Xiomara Baldomar")
    goal = actions.set_goal(who, SetGoal(code, "A room", "Spanish", "housing"))
    actions.add_step(who, AddStep(code, goal, 1, "Call the landlord", "staff", day))
    step = queries.goal(who, code, goal)[1].steps[0].id
    actions.save_safety(who, SaveSafety(code, 0, {"signs": ["a grey van"]}))
    met = actions.arrange(who, Arrange(code, "meeting", "Clinic", day))
    actions.mark_reviewed(who, MarkReviewed(code, 0, day, "first look"))
    actions.ask_to_look(who, AskToLook(code, 1, "agreement", words="please"))
    (asked,) = queries.agreement(who, code).text.asked
    top = f"/people/{code}/plan"
    goals, days = f"{top}/goals/{goal.hex()}", f"{top}/appointments/{met.hex()}"
    return {
        "code": code,
        "a goal": goals,
        "a new step": f"{goals}/steps/new",
        "a moved step": f"{goals}/steps/{step}/moved",
        "a dropped step": f"{goals}/steps/{step}/dropped",
        "a review": f"{top}/review",
        "the safety plan": f"{top}/safety/edit",
        "an appointment": days,
        "what became of it": f"{days}/settle",
        "an answer": f"{top}/asked/{asked.id}",
    }


def said(words: str) -> dict[str, dict[str, str]]:
    """What each form is sent with."""
    day = str(agency_today() + timedelta(days=3))
    return {
        "a goal": {"words": words, "language": "Spanish", "area": "housing", "state": "active", "why": ""},
        "a new step": {"what": words, "owner": "client"},
        "a moved step": {"due": day, "why": words},
        "a dropped step": {"why": words},
        "a review": {"on": str(agency_today()), "words": words},
        "the safety plan": {"signs": words},
        "an appointment": {"kind": "meeting", "what": words, "on": str(agency_today())},
        "what became of it": {"state": "done", "outcome": words},
        "an answer": {"answer": "changes", "comment": words},
    }


def held(world: World, code: str) -> str:
    """All that the plan holds now, and what stood before a goal and a safety plan."""
    who = world.actor("supervisor")
    found = [queries.plan(who, code), queries.agreement(who, code).text, queries.safety(who, code).text]
    found += [queries.appointments(who, code)[1:3], queries.safety_earlier(who, code)[1]]
    goal = queries.plan(who, code).goals[0].id
    return str([*found, queries.earlier_versions(who, code, goal)[1]])


FORMS = ("a goal", "a new step", "a moved step", "a dropped step", "a review", "the safety plan")


def both_open(world: World, desk: Sign, where: str) -> tuple[Desk, Desk, str, str]:
    rosa, fern = desk("caseworker"), desk("supervisor")
    return rosa, fern, version(rosa.get(where).text), version(fern.get(where).text)


def version(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("what", FORMS)
def test_the_second_keeps_what_was_typed_and_both_stand_in_the_end(
    world: World, desk: Sign, plan: dict[str, str], what: str
) -> None:
    where = plan[what]
    rosa, fern, hers, theirs = both_open(world, desk, where)
    assert fern.post(where, version=theirs, **said(HERON)[what]).status_code == 302
    late = rosa.post(where, version=hers, **said(OTTER)[what])
    assert late.status_code in (409, 422)
    assert OTTER in late.text
    assert HERON in held(world, plan["code"])
    assert OTTER not in held(world, plan["code"])
    assert rosa.post(where, version=version(late.text), **said(OTTER)[what]).status_code == 302
    now = held(world, plan["code"])
    assert HERON in now
    assert OTTER in now


@pytest.mark.parametrize("what", ["an appointment", "what became of it"])
def test_of_an_appointment_both_texts_are_shown_before_one_goes_over_the_other(
    world: World, desk: Sign, plan: dict[str, str], what: str
) -> None:
    """There is one line, so the second sees whose words go before they do."""
    where = plan[what]
    rosa, fern, hers, theirs = both_open(world, desk, where)
    assert fern.post(where, version=theirs, **said(HERON)[what]).status_code == 302
    late = rosa.post(where, version=hers, **said(OTTER)[what])
    assert late.status_code == 409
    assert HERON in late.text
    assert OTTER in late.text
    assert HERON in held(world, plan["code"])
    together = f"{HERON}; {OTTER}"
    assert rosa.post(where, version=version(late.text), **said(together)[what]).status_code == 302
    assert together in held(world, plan["code"])


def test_an_answer_that_comes_second_is_refused_and_its_words_stay_in_the_form(
    world: World, desk: Sign, plan: dict[str, str]
) -> None:
    where, fern = plan["an answer"], desk("supervisor")
    stands = version(fern.get(where).text)
    assert fern.post(where, version=stands, **said(HERON)["an answer"]).status_code == 302
    late = fern.post(where, f"/people/{plan['code']}/plan/review", version=stands, **said(OTTER)["an answer"])
    assert late.status_code == 422
    assert OTTER in late.text
    assert HERON in held(world, plan["code"])
