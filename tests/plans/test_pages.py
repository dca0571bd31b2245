"""The pages around a plan: prints that betray nothing, both texts of a safety plan, one press on an appointment."""

from collections.abc import Callable

from shelter.plans import actions, queries
from shelter.plans.actions import AddStep, Arrange, SaveSafety, SetGoal
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk

Sign = Callable[[str], Desk]


def test_what_is_printed_for_her_names_neither_her_nor_us(world: World, desk: Sign) -> None:
    code = clients.named(world, "Quirina Vantongeren", called="Zephyrine")
    actor = world.actor("caseworker")
    goal = actions.set_goal(actor, SetGoal(code, "Aprender a manejar", "Spanish", "education"))
    actions.add_step(actor, AddStep(code, goal, 1, "Pedir el libro", "client", None))
    actions.save_safety(actor, SaveSafety(code, 0, {"signs": ["a grey van"]}, ("Bus 14, back door", "Call M.")))
    rosa = desk("caseworker")
    plan, slip = (rosa.get(f"/people/{code}/plan/{page}").text for page in ("print", "safety/pocket"))
    assert "Aprender a manejar" in plan
    assert "Pedir el libro" in plan
    assert "Bus 14, back door" in slip
    assert "grey van" not in slip
    for paper in (plan, slip):
        printed = paper.split('<main id="main">')[1]
        shown = printed.replace(f"/people/{code}", "")
        for word in (code, "Zephyrine", "Vantongeren", "Test House", "North House", "Caseworker", "afety", "helter"):
            assert word not in _without_screen_only(shown), word
        assert "<title>Paper</title>" in paper


def _without_screen_only(page: str) -> str:
    return "".join(line for line in page.splitlines() if "no-print" not in line and "Back to the screen" not in line)


def test_two_people_write_one_safety_plan_and_both_texts_are_shown(world: World, desk: Sign, code: str) -> None:
    actions.save_safety(world.actor("supervisor"), SaveSafety(code, 0, {"signs": ["A grey van"]}))
    answer = desk("caseworker").post(f"/people/{code}/plan/safety/edit", signs="A white car", version="0")
    assert answer.status_code == 409
    assert "A grey van" in answer.text
    assert "A white car" in answer.text


def test_an_appointment_is_done_by_one_press_and_put_back_by_another(world: World, desk: Sign, code: str) -> None:
    from shelter.clients.queries import agency_today

    made = actions.arrange(world.actor("caseworker"), Arrange(code, "follow_up", "Ask about school", agency_today()))
    rosa, where = desk("caseworker"), f"/people/{code}/plan/appointments"
    rosa.post(f"{where}/{made.hex()}/done", where, version="1")
    assert queries.appointments(world.actor("caseworker"), code)[2][0].text.state == "done"
    rosa.post(f"{where}/{made.hex()}/planned", where, version="2")
    assert queries.appointments(world.actor("caseworker"), code)[1][0].text.state == "planned"


def test_every_page_of_the_plan_opens_empty_and_full(world: World, desk: Sign, code: str) -> None:
    rosa = desk("caseworker")
    pages = ("", "begin", "begin/family", "review", "ask", "appointments", "appointments/new", "safety", "safety/edit")
    for page in (*pages, "case", "case/close"):
        assert rosa.get(f"/people/{code}/plan/{page}").status_code == 200, page
    assert rosa.get(f"/people/{code}/plan/begin/nothing").status_code == 404


def test_an_earlier_safety_plan_is_shown_with_its_own_lines(world: World, desk: Sign, code: str) -> None:
    actor = world.actor("caseworker")
    actions.save_safety(actor, SaveSafety(code, 0, {"signs": ["A white car"]}))
    actions.save_safety(actor, SaveSafety(code, 1, {"signs": ["Two vans"]}, why="she saw more"))
    page = desk("caseworker").get(f"/people/{code}/plan/safety/earlier")
    assert page.status_code == 200
    assert "A white car" in page.text
