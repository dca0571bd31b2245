"""Her own file holds what every room wrote, in her language or sealed; what she asks about it is written down."""

import io
from collections.abc import Iterator

import pikepdf
import pytest
from flask import Flask

from shelter.clients import actions, queries
from shelter.clients.actions import AnswerWish
from shelter.db.errors import Conflict, Missing
from shelter.plans.actions import SetGoal, set_goal
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.releases import live
from tests.support.pdftext import words_of

GOAL = "Quiero aprender a manejar"
WORDS = "tres barcos en el mar"


@pytest.fixture
def code(world: World) -> str:
    found = clients.named(world, "Xiomara Baldomar")
    set_goal(world.actor("caseworker"), SetGoal(found, GOAL, "Spanish", "work"))
    live(world, found)
    return found


@pytest.fixture
def in_a_request(app: Flask) -> Iterator[None]:
    """The rooms say what they hold in the reader's language."""
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("in_a_request")
def test_every_room_says_what_it_holds_and_a_room_she_may_not_open_says_nothing(world: World, code: str) -> None:
    _, holdings, _ = queries.own_file(world.actor("caseworker"), code)
    said = {str(line.words) for held in holdings for line in held.lines}
    assert GOAL in said
    assert any("Harbor Legal Aid" in str(line.label) for held in holdings for line in held.lines)
    for who in ("advocate", "desk", "director", "stranger"):
        with pytest.raises((Missing, Denied)):
            queries.own_file(world.actor(who), code)


@pytest.mark.usefixtures("in_a_request")
def test_a_wish_is_answered_once_and_keeping_something_needs_a_why(world: World, code: str) -> None:
    actor = world.actor("caseworker")
    wish = actions.wish(actor, code, "delete", "my sister's name")
    with pytest.raises(Broken):
        actions.answer_wish(actor, AnswerWish(code, wish, 1, "kept", ""))
    actions.answer_wish(actor, AnswerWish(code, wish, 1, "done", ""))
    with pytest.raises(Conflict):
        actions.answer_wish(world.actor("supervisor"), AnswerWish(code, wish, 1, "kept", "the law"))
    _, _, (view,) = queries.own_file(actor, code)
    assert (view.wish.state, view.wish.words, view.answered_by) == ("done", "my sister's name", "Caseworker")
    with pytest.raises(Missing):
        actions.answer_wish(actor, AnswerWish(clients.begin(world), wish, 2, "done", ""))


def test_on_paper_in_her_language_and_as_a_file_that_opens_with_her_words(app: Flask, world: World, code: str) -> None:
    rosa, place = Desk(app, world, "caseworker"), f"/people/{code}"
    paper = rosa.get(f"{place}/own-copy?lang=es").text
    assert "Autorizaciones" in paper
    assert "Su nombre" in paper
    assert GOAL in paper
    assert "Xiomara Baldomar" in paper
    shown = rosa.get(f"{place}/own-file").text
    assert "Xiomara" not in shown
    short = rosa.post(f"{place}/own-file/sealed", f"{place}/own-file", lang="es", passphrase="kurz")
    assert short.status_code == 302
    sealed = rosa.post(f"{place}/own-file/sealed", f"{place}/own-file", lang="es", passphrase=WORDS)
    assert sealed.headers["Content-Disposition"].startswith("attachment")
    assert GOAL.encode() not in sealed.data
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sealed.data))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed.data), password=WORDS) as opened:
        opened.save(out, encryption=False)
    assert "manejar" in words_of(out.getvalue())
