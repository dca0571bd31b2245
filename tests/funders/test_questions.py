"""Who stands behind a number: named to those who may see them, never to the preparer, never beyond one's own people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

from shelter.db import db
from shelter.db.engine import WRITE
from shelter.db.errors import NoKey
from shelter.db.letters import Letter, opened_letter
from shelter.funders import actions, queries
from shelter.funders.actions import AskNumber, FillForm, questions
from shelter.funders.models import FunderQuestion, Question
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.performance import Answer, Window
from shelter.trail.models import Trail
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.services import enter
from tests.reports.conftest import Browser, Hands, at, hands

__all__ = ["at", "hands"]
At = Callable[[str], Browser]
DAY = date(2026, 9, 21)


@pytest.fixture
def filled(world: World) -> bytes:
    """Ana (north; an advocate works with her too) and Eva (south): a ride each, and legal advice for Ana."""
    ana = clients.begin(world, called="Ana")
    clients.give_advocate(world, ana)
    eva = clients.begin(world, "stranger", "south", called="Eva")
    enter(world, ana, what="transport", on=DAY, why="before")
    enter(world, eva, what="transport", on=DAY, why="before", who="stranger")
    enter(world, ana, what="legal_advice", on=DAY, why="before", who="advocate")
    return actions.fill_form(world.actor("preparer"), FillForm("ovc_pmt", Window(2026, 4), "VOCA"))


def ask(world: World, file: bytes, section: str, row: str) -> None:
    actions.ask_number(world.actor("preparer"), AskNumber(file, section, row, "Is this right?"))


def seen(world: World, who: str) -> list[tuple[list[str], int]]:
    """Called so behind each number, and how many records are of others."""
    return [([each.called for each in one.people], one.others) for one in queries.asked(world.actor(who))]


def test_each_sees_her_own_people_and_how_many_records_are_of_others(world: World, filled: bytes) -> None:
    ask(world, filled, "8", "B9")
    assert seen(world, "caseworker") == [(["Ana"], 1)]
    assert seen(world, "stranger") == [(["Eva"], 1)]
    assert seen(world, "advocate") == []
    (one,) = queries.asked(world.actor("caseworker"))
    assert [(each.what, each.day) for each in one.people[0].counted] == [("service", "2026-09-21")]


def test_what_legal_staff_wrote_is_named_to_legal_staff_alone(world: World, filled: bytes) -> None:
    ask(world, filled, "8", "E11")
    assert seen(world, "advocate") == [(["Ana"], 0)]
    assert seen(world, "caseworker") == []


def test_the_preparer_can_neither_read_the_answer_nor_the_question_again(world: World, filled: bytes) -> None:
    ask(world, filled, "8", "B9")
    for who in ("preparer", "director"):
        with pytest.raises(Denied):
            queries.asked(world.actor(who))
        row = db.session.scalars(select(FunderQuestion)).one()
        letter = Letter("funder_question", row.id, Kind.ADVOCACY, row.ck_version, row.sealed)
        with pytest.raises(NoKey):
            opened_letter(world.actor(who), letter, Question)


def test_others_can_write_while_the_ledger_is_counted(
    world: World, filled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = questions.answer_of

    def while_another_writes(*args: Any) -> Answer:
        with db.engine.connect().execution_options(**{WRITE: True}) as another:
            another.execute(update(FunderQuestion).values(kind=FunderQuestion.kind))
            another.commit()
        return counted(*args)

    monkeypatch.setattr(questions, "answer_of", while_another_writes)
    ask(world, filled, "8", "B9")
    assert seen(world, "caseworker") == [(["Ana"], 1)]


def test_a_letter_opens_in_its_own_row_only(world: World, filled: bytes) -> None:
    ask(world, filled, "8", "B9")
    row = db.session.scalars(select(FunderQuestion)).one()
    moved = Letter("funder_question", bytes(16), Kind.ADVOCACY, row.ck_version, row.sealed)
    assert opened_letter(world.actor("caseworker"), moved, Question) is None


def test_a_number_of_nobody_has_nobody_behind_it_and_questions_go_with_the_file(world: World, filled: bytes) -> None:
    with pytest.raises(Broken, match=r"funders\.nobody-behind"):
        ask(world, filled, "2", "1")
    with pytest.raises(Broken, match=r"funders\.no-such-number"):
        ask(world, filled, "99", "1")
    ask(world, filled, "1", "1")
    assert db.session.scalar(select(func.count()).select_from(FunderQuestion)) == 2
    actions.drop_file(world.actor("preparer"), filled)
    assert db.session.scalar(select(func.count()).select_from(FunderQuestion)) == 0


def test_through_the_pages(world: World, filled: bytes, at: At, hands: Hands) -> None:
    preparer = at("preparer")
    page = f"/funder-files/{filled.hex()}/ask"
    assert preparer.post(page, page, number="8|B9", words="").status_code == 422
    asked = preparer.post(page, page, number="8|B9", words="Who rode?")
    assert asked.status_code == 302
    assert "Ana" not in preparer.get(asked.location).text
    shown = at("caseworker").get("/numbers-asked-about").text
    assert "Who rode?" in shown
    assert "Ana" in shown
    assert "Eva" not in shown
    assert "numbers:explain" in set(db.session.scalars(select(Trail.act)))
    assert preparer.get("/numbers-asked-about").status_code == 403
