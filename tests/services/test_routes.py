"""Services through the pages: quick entry and its undo, a group on one screen, a wrong day keeps what was typed."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from shelter.clients.queries import agency_today
from shelter.stays.actions import Leave, leave
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.services import ask, enter, hers, told
from tests.factories.stays import DAY, make_beds, resident, stay_of

Sign = Callable[[str], Desk]


def test_quick_entry_by_list_or_by_code_and_its_undo(world: World, desk: Sign, code: str) -> None:
    rosa, today = desk("caseworker"), "2026-01-05"
    answer = rosa.post("/services", who=code, what="transport", minutes="20", on=_today())
    assert answer.status_code == 302
    rosa.post("/services", code=code.lower(), what="crisis", minutes="", on=_today())
    assert {one.text.what for one in hers(world, code)} == {"transport", "crisis"}
    late = rosa.post("/services", who=code, what="crisis", minutes="15", on=today, words="At the bus stop")
    assert late.status_code == 422
    assert "before we knew her" in late.text
    assert "At the bus stop" in late.text
    newest = hers(world, code)[0]
    rosa.post(f"/people/{code}/services/{newest.id.hex()}/undo", "/services")
    assert len(told(world, "service")) == 1


def test_a_group_is_one_screen(world: World, desk: Sign, code: str) -> None:
    other, rosa = clients.begin(world, called="Ana"), desk("caseworker")
    page = rosa.get("/services/group").text
    assert "Ana" in page
    token = rosa._alone(rosa.browser.get, "/services/group").text.split('name="csrf_token"')[1].split('value="')[1]
    data = {"csrf_token": token.split('"')[0], "what": "support_group", "codes": [code, other], "on": _today()}
    answer = rosa._alone(rosa.browser.post, "/services/group", data=data)
    assert answer.status_code == 302
    assert [len(hers(world, one)) for one in (code, other)] == [1, 1]


def test_every_count_has_its_form_and_every_service_its_lines(desk: Sign, world: World) -> None:
    night = desk("desk")
    for kind in ("call", "education", "outreach", "survey", "unmet"):
        assert night.get(f"/services/counts/{kind}").status_code == 200
    assert night.get("/services/counts/diary").status_code == 404
    assert night.get("/services/lines").status_code == 403
    lines = desk("caseworker").get("/services/lines").text
    for line in ("A1", "B10", "C7", "E11"):
        assert f"{line} " in lines


def test_her_own_file_holds_what_was_done_what_was_paid_and_her_safety_plan(
    world: World, app: Flask, code: str
) -> None:
    from shelter.clients.queries import own_file
    from shelter.plans import actions as plans
    from shelter.plans.actions import SaveSafety

    enter(world, code, what="transport", words="To the clinic")
    ask(world, code, 40)
    plans.save_safety(world.actor("caseworker"), SaveSafety(code, 0, {"take": ["The blue bag"]}, ("Bus 14",)))
    with app.test_request_context():
        _client, held, _wishes = own_file(world.actor("caseworker"), code)
        said = {str(line.words) for one in held for line in one.lines}
    for words in ("To the clinic", "$40.00", "The blue bag", "Bus 14"):
        assert any(words in line for line in said), words


def test_an_amount_is_read_as_people_write_it(world: World, desk: Sign, code: str) -> None:
    rosa = desk("caseworker")
    for written, status in [("$1,240.50", 302), ("40", 302), ("forty", 422), ("0", 422), ("1,24", 422)]:
        answer = rosa.post(f"/people/{code}/money/new", what="food", amount=written, fund="emergency")
        assert answer.status_code == status, written
    assert "$1,240.50" in rosa.get(f"/people/{code}/money").text


def _today() -> str:
    from shelter.clients.queries import agency_today

    return agency_today().isoformat()


FORMS: dict[str, dict[str, str]] = {
    "/people/{}/services/new": {"times": "1"},
    "/services": {"who": "{}"},
    "/services/group": {"codes": "{}"},
}


@pytest.mark.parametrize("form", FORMS)
def test_an_unusual_day_is_warned_of_and_carried_by_a_reason_and_a_day_to_come_by_none(
    world: World, desk: Sign, form: str
) -> None:
    """Through each real form: before we knew her, outside any stay of hers, and in two days."""
    today = agency_today()
    code = resident(world, make_beds(world)["A"], since=today - 9 * DAY)
    stay = stay_of(code)
    leave(world.actor("caseworker"), Leave(code, stay.id, today - 4 * DAY, stay.days_version))
    rosa, where = desk("caseworker"), form.format(code)
    said = {"what": "support_group", "minutes": "30", "words": "At the bus stop"}
    said |= {name: words.format(code) for name, words in FORMS[form].items()}
    for why in ("", "It is planned"):
        refused = rosa.post(where, **said, on=str(today + 2 * DAY), why=why)
        assert refused.status_code == 422
        assert "This day has not come yet" in refused.text
        assert "At the bus stop" in refused.text
    assert hers(world, code) == []
    for day, warning in ((date(2026, 1, 5), "before we knew her"), (today - DAY, "did not stay here on that day")):
        warned = rosa.post(where, **said, on=str(day), why="")
        assert warned.status_code == 422
        assert warning in warned.text
        assert "At the bus stop" in warned.text
        assert rosa.post(where, **said, on=str(day), why="She told us of it later").status_code == 302
    assert [one.text.why for one in hers(world, code)] == ["She told us of it later"] * 2
