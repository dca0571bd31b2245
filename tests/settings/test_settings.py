"""What an agency words, requires, hides or sets is what its pages ask from then on, and nothing saved is lost by it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from shelter.clients import queries
from shelter.clients.actions import save_contact
from shelter.clients.parts import Part, SaveContact
from shelter.db.errors import Conflict, Missing
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.settings.actions import SetLimit, WordPick, set_limit, word_pick
from shelter.settings.queries import picks
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, named
from tests.factories.settings import ask
from tests.factories.settings import set_limit as limited

Sit = Callable[[str], Desk]


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def pick(code: str, label: str = "", *, hidden: bool = False, language: str = "en", version: int = 0) -> WordPick:
    return WordPick("plan_areas", code, language, label, hidden, version)


def state(world: World, code: str) -> str:
    """What the page says of her safe contact today."""
    contact = queries.overview(world.actor("caseworker"), code).card.contact
    assert contact is not None
    return contact.state


def test_a_question_is_asked_in_the_words_of_the_agency(world: World, desk: Sit) -> None:
    ask(world, "pronouns", question="How shall we speak of you?", why="Because it is yours to say.")
    page = words_of(desk("caseworker").get(f"/people/{begin(world)}/intake/first").text)
    assert "How shall we speak of you?" in page
    assert "Because it is yours to say." in page
    assert "Pronouns, in your own words" not in page


def test_a_hidden_question_is_not_shown_and_keeps_what_was_answered(world: World, desk: Sit) -> None:
    code, sits = named(world, "Quirina Vantongeren", "Rina"), desk("caseworker")
    ask(world, "aliases", "hidden")
    page = f"/people/{code}/intake/names"
    assert 'name="aliases"' not in sits.get(page).text
    answer = sits.post(page, legal_name="Quirina V.", aliases="Forged", version="1", progress="done")
    assert answer.status_code == 302
    values = queries.part(world.actor("caseworker"), code, Part.NAMES).values
    assert (values["legal_name"], list(values["aliases"])) == ("Quirina V.", ["Rina"])


def test_a_hidden_question_keeps_the_reason_it_was_skipped_for(world: World, desk: Sit) -> None:
    code, sits = begin(world), desk("caseworker")
    page = f"/people/{code}/intake/names"
    sits.post(page, legal_name="", **{"legal_name-skip": "not_safe"}, version="0", progress="part")
    ask(world, "legal_name", "hidden")
    sits.post(page, aliases="Rina", version="1", progress="done")
    view = queries.part(world.actor("caseworker"), code, Part.NAMES)
    assert (view.skipped, list(view.values["aliases"])) == ({"legal_name": "not_safe"}, ["Rina"])


def test_a_required_question_takes_an_answer_or_a_reason(world: World, desk: Sit) -> None:
    code, sits = begin(world), desk("caseworker")
    ask(world, "legal_name", "required")
    page = f"/people/{code}/intake/names"
    assert sits.post(page, legal_name="", version="0", progress="done").status_code == 422
    skipped = sits.post(page, legal_name="", **{"legal_name-skip": "not_today"}, version="0", progress="done")
    assert skipped.status_code == 302


def test_a_value_of_a_list_is_worded_hidden_and_added_for_every_language(world: World) -> None:
    administrator = world.actor("administrator")
    word_pick(administrator, pick("sewing", "Sewing room"))
    word_pick(administrator, pick("housing", "A home"))
    word_pick(administrator, pick("work", hidden=True))
    english = {one.code: one.own.label or one.label for one in picks("plan_areas", "en")}
    spanish = {one.code: one.own.label for one in picks("plan_areas", "es")}
    assert (english["sewing"], english["housing"]) == ("Sewing room", "A home")
    assert "work" not in english
    assert spanish["sewing"] == "Sewing room"
    assert "work" not in spanish


def test_hidden_in_one_language_is_shown_again_from_another(world: World) -> None:
    administrator = world.actor("administrator")
    word_pick(administrator, pick("work", hidden=True))
    word_pick(administrator, pick("work", hidden=False, language="es"))
    assert "work" in {one.code for one in picks("plan_areas", "en")}


@pytest.mark.parametrize(
    ("code", "label", "field"), [("", "Sewing", "code"), ("Sewing Room", "S", "code"), ("x", "", "label")]
)
def test_a_value_that_could_not_stand_in_a_record_is_refused(world: World, code: str, label: str, field: str) -> None:
    with pytest.raises(Broken) as broken:
        word_pick(world.actor("administrator"), pick(code, label))
    assert broken.value.field == field


def test_two_administrators_do_not_overwrite_each_other(world: World) -> None:
    administrator = world.actor("administrator")
    word_pick(administrator, pick("housing", "A home"))
    with pytest.raises(Conflict):
        word_pick(administrator, pick("housing", "A place"))
    set_limit(administrator, SetLimit("safe_contact_days", 20, 0))
    with pytest.raises(Conflict):
        set_limit(administrator, SetLimit("safe_contact_days", 25, 0))


def test_a_limit_holds_from_then_on_and_stays_in_its_range(world: World, desk: Sit) -> None:
    code, actor = begin(world), world.actor("caseworker")
    confirmed = now().date() - timedelta(days=10)
    save_contact(actor, SaveContact(code=code, version=0, channel="text", allowed="allowed", confirmed=confirmed))
    assert state(world, code) == "fresh"
    limited(world, "safe_contact_days", 7)
    assert state(world, code) == "stale"
    with pytest.raises(Broken):
        limited(world, "safe_contact_days", 0)
    with pytest.raises(Missing):
        set_limit(world.actor("administrator"), SetLimit("nobody_knows", 1, 0))
    refused = desk("administrator").post("/settings/limits/safe_contact_days", value="9999", version="1")
    assert (refused.status_code, "from 1 to 365" in words_of(refused.text)) == (422, True)


def test_the_page_of_a_value_carries_its_version(world: World, desk: Sit) -> None:
    sits = desk("administrator")
    page = "/settings/lists/plan_areas/housing"
    assert sits.post(page, code="housing", label="A home", version="0").status_code == 302
    stale = sits.post(page, code="housing", label="A place", version="0")
    assert (stale.status_code, "Somebody changed this value" in words_of(stale.text)) == (422, True)
    assert sits.get("/settings/lists/plan_areas/nothing").status_code == 404
