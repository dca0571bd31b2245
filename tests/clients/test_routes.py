"""The pages: they work, keep what was typed, say no with the same page to a stranger as to nobody's record."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.clients import actions
from shelter.clients.models import Client
from shelter.clients.parts import Numbers, Part, SavePart
from shelter.db.aside import Draft
from shelter.trail.models import Trail
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, named, save_names
from tests.factories.settings import ask

Sit = Callable[..., Desk]
PAGES = (
    "",
    "/intake",
    "/intake/first",
    "/intake/names",
    "/intake/birth",
    "/intake/referral",
    "/intake/numbers",
    "/intake/readback",
    "/matches",
    "/contact",
    "/contact/text",
    "/dangers",
    "/dangers/new",
    "/household",
    "/household/new",
    "/message",
    "/looked",
    "/print",
    "/own-copy",
    "/own-file",
    "/reach",
)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_every_page_of_a_record_opens_to_who_works_with_her(world: World, desk: Sit) -> None:
    code, sits = named(world, "Quirina Vantongeren"), desk("caseworker")
    for page in PAGES:
        answer = sits.get(f"/people/{code}{page}")
        assert answer.status_code == 200, page
        assert "Quirina" not in re.findall(r"<title>.*?</title>", answer.text, re.S)[0]


def test_a_stranger_gets_the_same_page_for_a_record_and_for_none(world: World, desk: Sit) -> None:
    code, sits = begin(world), desk("stranger")
    nowhere = sits.get("/people/22-2222-2").text
    for page in PAGES:
        answer = sits.get(f"/people/{code}{page}")
        assert answer.status_code == 404, page
        assert answer.text == nowhere


@pytest.mark.parametrize("who", ["desk", "director", "volunteer", "administrator", "auditor"])
def test_other_roles_have_no_list_of_people_and_no_search(world: World, desk: Sit, who: str) -> None:
    sits = desk(who)
    for page in ("/people", "/people/find", "/people/new", f"/people/{begin(world)}"):
        assert sits.get(page).status_code == 403


def test_from_first_meeting_to_a_bed_takes_no_answer_that_must_be_given(world: World, desk: Sit) -> None:
    sits = desk("caseworker")
    answer = sits.post("/people/new", site=world.sites["north"].hex())
    assert answer.status_code == 302
    assert re.fullmatch(r"/people/[0-9A-Z-]{9}/intake", answer.headers["Location"])


def test_a_first_meeting_at_a_site_where_she_does_not_work_begins_nothing(world: World, desk: Sit, db: Any) -> None:
    answer = desk("caseworker").post("/people/new", site=world.sites["south"].hex())
    assert answer.status_code in (404, 422)
    assert db.session.scalar(select(func.count()).select_from(Client)) == 0


def test_an_answer_that_does_not_hold_keeps_everything_typed(world: World, desk: Sit) -> None:
    code, sits = begin(world), desk("caseworker")
    wrong = {"birth-year": "02", "birth-month": "marzo", "minor_consent_note": "her aunt Paz", "version": "0"}
    answer = sits.post(f"/people/{code}/intake/birth", **wrong)
    assert answer.status_code == 422
    for typed in ("marzo", "her aunt Paz", 'value="02"'):
        assert typed in answer.text
    answer = sits.post(f"/people/{code}/intake/numbers", a_number="A12", version="0")
    assert answer.status_code == 422
    assert 'value="A12"' in answer.text


def test_a_save_over_somebody_elses_change_shows_both_and_saves_neither_away(world: World, desk: Sit) -> None:
    code, sits = named(world, "Adela Rossi"), desk("caseworker")
    save_names(world.actor("supervisor"), code, "Adela Russo", version=1)
    url = f"/people/{code}/intake/names"
    answer = sits.post(url, legal_name="Adela Rosso", version="1", progress="part")
    assert answer.status_code == 409
    shown = words_of(answer.text)
    assert "Adela Russo" in shown
    assert "Adela Rosso" in shown
    assert "Supervisor" in shown
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    assert sits.post(url, legal_name="Adela Rosso", version=version[1], progress="part").status_code == 302
    assert actions.reveal(world.actor("caseworker"), code, "names").legal_name == "Adela Rosso"


def test_a_legal_name_is_behind_a_button_and_pressing_it_is_written_down(world: World, desk: Sit, db: Any) -> None:
    code, sits = named(world, "Quirina Vantongeren"), desk("caseworker")
    assert "Quirina" not in sits.get(f"/people/{code}").text
    reveals = select(func.count()).where(Trail.act == "clients:reveal")
    before = db.session.scalar(reveals)
    answer = sits.post(f"/people/{code}/reveal", page=f"/people/{code}", what="names")
    assert "Quirina Vantongeren" in answer.text
    assert db.session.scalar(reveals) == before + 1


def test_a_social_security_number_is_on_no_page_but_its_own_reveal(world: World, desk: Sit) -> None:
    ask(world, "ssn")
    code, sits = begin(world), desk("caseworker")
    actions.save_part(world.actor("caseworker"), SavePart(code, Part.NUMBERS, 0, Numbers(ssn="123456789")))
    for page in PAGES:
        assert "6789" not in sits.get(f"/people/{code}{page}").text, page
    assert "123-45-6789" in sits.post(f"/people/{code}/reveal", page=f"/people/{code}", what="ssn").text


def test_our_print_carries_code_reader_and_time_and_her_copy_none_of_them(world: World, desk: Sit, db: Any) -> None:
    code, sits = named(world, "Quirina Vantongeren", called="Lin"), desk("caseworker")
    ours, hers = sits.get(f"/people/{code}/print").text, sits.get(f"/people/{code}/own-copy").text
    assert re.search(rf"{code} · printed by Caseworker · \d", words_of(ours))
    assert "Quirina" not in ours
    assert "Quirina Vantongeren" in hers
    for told in (code, "Caseworker", "printed", "North House", "Test House"):
        assert told not in hers
    acts = set(db.session.scalars(select(Trail.act)))
    assert {"clients:print", "clients:copy"} <= acts


def test_search_words_travel_in_the_body_and_find(world: World, desk: Sit) -> None:
    code, sits = named(world, "Xiaoling Wang", called="Lin"), desk("caseworker")
    answer = sits.post("/people/find", words="wang hsiao-ling")
    assert code in answer.text
    assert code not in sits.get("/people/find?words=wang").text


def test_while_a_name_is_typed_the_server_says_who_may_be_here(world: World, desk: Sit) -> None:
    mine = named(world, "Guillermina Echeverria")
    theirs = named(world, "Guillermina Echeverria", who="stranger", site="south")
    answer = desk("caseworker").post("/people/matches", page="/people/new", legal_name="Guillermina Etcheverria")
    assert [mine in one["url"] for one in answer.json["here"]] == [True]
    assert answer.json["others"]
    assert theirs not in answer.text


def test_an_unfinished_form_comes_back_to_its_author_alone(world: World, desk: Sit, db: Any) -> None:
    code = begin(world)
    url = f"/people/{code}/intake/names"
    mine, other = desk("caseworker"), desk("supervisor")
    kept = mine.post(f"/drafts?page={url}", page=url, legal_name="Half a Nam", aliases="one\ntwo", version="0")
    assert kept.status_code == 204
    assert b"Half" not in db.session.scalars(select(Draft.sealed)).one()
    assert code not in db.session.scalars(select(Draft.form)).one()
    mine.post("/sign-out", page=url)
    mine = desk("caseworker", again=True)
    shown = mine.get(url).text
    assert 'value="Half a Nam"' in shown
    assert "one\ntwo" in shown
    assert "Half a Nam" not in other.get(url).text
    assert mine.post(url, legal_name="Half a Name", version="0", progress="part").status_code == 302
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_message_reaches_its_reader_and_nobody_else(world: World, desk: Sit) -> None:
    code, sits = begin(world), desk("caseworker")
    reader = world.members["supervisor"].id.hex()
    answer = sits.post(f"/people/{code}/message", to=reader, text="She asked for you")
    assert answer.status_code == 302
    assert "She asked for you" in desk("supervisor").get("/notices").text
    assert "She asked for you" not in desk("caseworker_two").get("/notices").text
    outside = world.members["stranger"].id.hex()
    assert sits.post(f"/people/{code}/message", to=outside, text="x").status_code == 422


def test_who_is_assigned_finds_a_notice_and_can_put_it_away(world: World, desk: Sit) -> None:
    code = begin(world)
    staff = world.members["caseworker_two"].id.hex()
    boss, sits = desk("supervisor"), desk("caseworker_two")
    page = f"/people/{code}/team"
    assert boss.post(f"{page}/assign", page=page, staff=staff).status_code == 302
    assert code in sits.get("/notices").text
    assert sits.post("/notices/seen", page="/notices", which="all").status_code == 302
    assert "All seen" in sits.get("/notices").text
    assert sits.get(f"/people/{code}").status_code == 200


def test_a_caseworker_does_not_assign(world: World, desk: Sit) -> None:
    code, sits = begin(world), desk("caseworker")
    assert sits.get(f"/people/{code}/team").status_code == 403
    staff = world.members["caseworker_two"].id.hex()
    answer = sits.post(f"/people/{code}/team/assign", page=f"/people/{code}/message", staff=staff)
    assert answer.status_code == 403


def test_the_door_sees_its_alerts(world: World, desk: Sit) -> None:
    code = begin(world, called="Lin")
    sits = desk("caseworker")
    fields = {"names": "Viktor", "description": "tall, scar", "respond": "call_police", "at_door": "1", "version": "0"}
    assert sits.post(f"/people/{code}/dangers/new", **fields).status_code == 302
    shown = words_of(desk("desk").get("/door-alerts").text)
    assert "tall, scar" in shown
    assert "Call police" in shown
    assert "Viktor" not in shown
    assert code not in shown
