"""The pages around a plan: prints that betray nothing, both texts of a safety plan, one press on an appointment."""

import io
import re
from collections.abc import Callable
from datetime import date

import pikepdf
import pytest

from shelter.plans import actions, queries
from shelter.plans.actions import AddStep, Arrange, ChangeGoal, SaveSafety, SetGoal
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.support.pdftext import words_of

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


def test_a_line_that_names_us_is_on_no_paper_and_is_shown_to_be_put_differently(world: World, desk: Sign) -> None:
    code = clients.named(world, "Quirina Vantongeren", called="Zephyrine")
    actor = world.actor("caseworker")
    goal = actions.set_goal(actor, SetGoal(code, "Find my own place", "eng", "housing"))
    actions.add_step(actor, AddStep(code, goal, 1, f"Say {code} on the telephone", "client", None))
    actions.add_step(actor, AddStep(code, goal, 2, "See two rooms", "client", None))
    actions.set_goal(actor, SetGoal(code, "Leave north house in June", "eng", "housing"))
    actions.save_safety(actor, SaveSafety(code, 0, {}, ("Bus 14", "Ring North House")))
    rosa, at = desk("caseworker"), f"/people/{code}/plan"
    for language in ("en", "es"):
        text = words_of(rosa.get(f"{at}/print/{language}").data)
        assert "See two rooms" in text
        for word in (code, "north house", "telephone"):
            assert word not in text
    for page, kept, gone in (
        ("print", "See two rooms", "Leave north house"),
        ("safety/pocket", "Bus 14", "Ring North"),
    ):
        shown, paper = rosa.get(f"{at}/{page}").text, _on_paper(rosa.get(f"{at}/{page}").text)
        assert kept in paper
        assert gone in shown
        assert gone not in paper


@pytest.mark.parametrize(("language", "title"), [("en", "My list"), ("es", "Mi lista")])
def test_the_pdf_is_in_her_language_and_says_nothing_of_us_inside_or_outside(
    world: World, desk: Sign, language: str, title: str
) -> None:
    code = clients.named(world, "Quirina Vantongeren", called="Zephyrine")
    actor = world.actor("caseworker")
    goal = actions.set_goal(actor, SetGoal(code, "Aprender a manejar", "Spanish", "education"))
    actions.add_step(actor, AddStep(code, goal, 1, "Pedir el libro", "client", date(2031, 3, 9)))
    answer = desk("caseworker").get(f"/people/{code}/plan/print/{language}")
    assert answer.mimetype == "application/pdf"
    name = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="lista?\.pdf"; filename\*=UTF-8\'\'lista?\.pdf', name)
    text, inside = words_of(answer.data), _inside(answer.data)
    assert title in text
    assert "Aprender a manejar" in text
    assert "2031" in text
    for word in (code, "Zephyrine", "Vantongeren", "Test House", "North House", "Caseworker", "afety", "helter"):
        assert word not in text
        assert word not in inside
    assert "2031" not in inside
    with pikepdf.open(io.BytesIO(answer.data)) as document:
        assert set(document.docinfo) <= {"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate"}
        assert document.Root.Lang == language


def _inside(pdf: bytes) -> str:
    """What a file says of itself: its properties and its description in XML."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        said = [str(value) for value in document.docinfo.values()]
        return " ".join([*said, document.Root.Metadata.read_bytes().decode()])


def test_a_pdf_is_made_in_our_languages_alone_and_for_those_who_may_print(world: World, desk: Sign, code: str) -> None:
    assert desk("caseworker").get(f"/people/{code}/plan/print/fr").status_code == 404
    for who in ("advocate", "desk", "stranger", "director"):
        assert desk(who).get(f"/people/{code}/plan/print/en").status_code in (403, 404)


def _on_paper(page: str) -> str:
    """What the printer gets: nothing of what stands on the screen alone."""
    return re.sub(r"<(section|p)\b[^>]*no-print.*?</\1>", "", page, flags=re.DOTALL)


def test_an_earlier_safety_plan_is_shown_with_its_own_lines(world: World, desk: Sign, code: str) -> None:
    actor = world.actor("caseworker")
    actions.save_safety(actor, SaveSafety(code, 0, {"signs": ["A white car", "His cousin"]}))
    actions.save_safety(actor, SaveSafety(code, 1, {"signs": ["His cousin", "Two vans"]}, why="she saw more"))
    actions.save_safety(actor, SaveSafety(code, 2, {"signs": ["Two vans"]}, ("Bus 14",)))
    page = desk("caseworker").get(f"/people/{code}/plan/safety/earlier").text
    pairs = [re.sub(r"<[^>]+>|\s+", " ", one) for one in page.split("conflict-pair")[1:]]
    assert len(pairs) == 2
    last, first = (pair.split("After") for pair in pairs)
    assert "His cousin" in last[0]
    assert "His cousin" not in last[1]
    assert re.search(r"Bus 14\s+not there before", last[1])
    assert re.search(r"A white car\s+gone since", first[0])
    assert not re.search(r"His cousin\s+gone since", first[0])
    assert re.search(r"Two vans\s+not there before", first[1])


def test_an_earlier_goal_stands_beside_what_became_of_it(world: World, desk: Sign, code: str) -> None:
    actor = world.actor("caseworker")
    goal = actions.set_goal(actor, SetGoal(code, "A room", "eng", "housing"))
    actions.change_goal(
        actor, ChangeGoal(code, goal, 1, "A room with light", "eng", "housing", "active", "she said so")
    )
    page = desk("caseworker").get(f"/people/{code}/plan/goals/{goal.hex()}/earlier").text
    (pair,) = page.split("conflict-pair")[1:]
    before, after = pair.split("After")
    assert "“A room”" in before
    assert "“A room with light”" in after


def test_two_people_change_one_goal_and_nobodys_words_are_lost(world: World, desk: Sign, code: str) -> None:
    """Through the real form, opened by both before either saved: both texts are shown, then the second goes over the
    first, which stands among what was before.
    """
    rosa, fern = desk("caseworker"), desk("supervisor")
    goal = actions.set_goal(world.actor("caseworker"), SetGoal(code, "A room", "Spanish", "housing"))
    where = f"/people/{code}/plan/goals/{goal.hex()}"
    said = {"language": "Spanish", "area": "housing", "state": "active", "why": ""}
    seen = [_version(who.get(where).text) for who in (rosa, fern)]
    near, lock, both = "A room near the school", "A room with a lock", "A room with a lock, near the school"
    assert fern.post(where, words=near, version=seen[1], **said).status_code == 302
    late = rosa.post(where, words=lock, version=seen[0], **said)
    assert late.status_code == 409
    assert [words for words in (near, lock, "Supervisor") if words not in late.text] == []
    assert rosa.post(where, words=both, version=_version(late.text), **said).status_code == 302
    earlier = rosa.get(f"{where}/earlier").text
    assert [words for words in ("A room", near, both) if words not in earlier] == []
    assert both in rosa.get(f"/people/{code}/plan/").text


def _version(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found[1]
