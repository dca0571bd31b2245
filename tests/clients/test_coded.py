"""What happened and who she is, in codes: who opens which, what is skipped, and what alone is told to reports."""

from collections.abc import Callable

import pytest
from flask import Flask

from shelter.clients import actions, queries
from shelter.clients.actions import SaveHappened, SaveHerself
from shelter.clients.forms.coded import HappenedForm, HerselfForm
from shelter.db.errors import Conflict, Missing
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.picklists import picklists
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.services import told


@pytest.fixture
def code(world: World) -> str:
    found = clients.begin(world)
    clients.give_advocate(world, found)
    return found


@pytest.fixture
def sign_in(app: Flask, world: World) -> Callable[[str], Desk]:
    return lambda who: Desk(app, world, who)


def test_the_lists_of_funders_are_whole() -> None:
    sizes = {name: len(picklists()[name].choices) for name in ("victimisations", "classifications", "control")}
    assert sizes == {"victimisations": 26, "classifications": 8, "control": 16}


def test_what_happened_is_opened_by_case_work_alone_and_told_in_codes(world: World, code: str) -> None:
    said = SaveHappened(
        code,
        0,
        "actual",
        "labor",
        ("servitude",),
        ("debt_bondage", "withholds_documents"),
        skipped={"industry": "not_today"},
    )
    actions.save_happened(world.actor("caseworker"), said)
    assert queries.happened(world.actor("supervisor"), code).said.control == ["debt_bondage", "withholds_documents"]
    for who in ("advocate", "legal_supervisor", "desk", "stranger", "director"):
        with pytest.raises((Missing, Denied)):
            queries.happened(world.actor(who), code)
    (fact,) = told(world, "happened")
    assert fact.values["control"] == "debt_bondage withholds_documents"
    assert fact.values["industry"] == "not_today"
    assert fact.origin == "advocacy"


def test_each_question_says_why_it_is_asked_and_can_be_left(app: Flask) -> None:
    with app.test_request_context():
        for form in (HappenedForm(meta={"csrf": False}), HerselfForm(meta={"csrf": False})):
            asked = [form[name] for name in form.asked]
            assert [one.short_name for one in asked if not (one.purpose and one.purpose.seen_by)] == []
            assert [one.short_name for one in asked if not one.skippable] == []


def test_her_own_words_are_told_to_nobody(world: World, code: str) -> None:
    said = SaveHerself(code, 0, ("hispanic", "white"), "female", "una mujer ñuu savi", "MEX", "MEX")
    actions.save_herself(world.actor("caseworker"), said)
    assert queries.herself(world.actor("caseworker"), code).said.own_words == "una mujer ñuu savi"
    (fact,) = told(world, "herself")
    assert fact.values["race_ethnicity"] == "hispanic white"
    assert "savi" not in str(fact.values)
    with pytest.raises(Broken) as no:
        actions.save_herself(world.actor("caseworker"), SaveHerself(code, 1, country="QQQ"))
    assert no.value.field == "country"


def test_either_may_come_first_and_each_has_its_own_version(world: World, code: str) -> None:
    actor = world.actor("caseworker")
    actions.save_herself(actor, SaveHerself(code, 0, sex_asked="female"))
    actions.save_happened(actor, SaveHappened(code, 0, "possible"))
    actions.save_happened(actor, SaveHappened(code, 1, "actual"))
    with pytest.raises(Conflict):
        actions.save_happened(actor, SaveHappened(code, 1, "not"))
    assert queries.happened(actor, code).said.trafficking_status == "actual"
    assert queries.herself(actor, code).version == 1


def test_through_the_pages_each_question_can_be_left_with_a_reason(
    world: World, sign_in: Callable[[str], Desk], code: str
) -> None:
    rosa = sign_in("caseworker")
    answer = rosa.post(
        f"/people/{code}/happened", version="0", trafficking_status="actual", **{"control-skip": "not_safe"}
    )
    assert answer.status_code == 302
    assert queries.happened(world.actor("caseworker"), code).said.skipped == {"control": "not_safe"}
    assert rosa.post(f"/people/{code}/herself", version="0", country="PHL", sex_asked="female").status_code == 302
    stale = rosa.post(f"/people/{code}/herself", version="0", country="MEX")
    assert stale.status_code == 409
    assert sign_in("advocate").get(f"/people/{code}/happened").status_code == 403
