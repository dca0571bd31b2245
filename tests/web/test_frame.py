"""The frame: menu, preferences, what is missing, what is printed, what the clock says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import StrictUndefined

from shelter.rules.clock import frozen
from shelter.web import nav, preferences, times
from tests.web.conftest import make_app

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("context", [None, lambda: {}, lambda: {"agency": None, "me": None, "nav": None}])
@pytest.mark.parametrize("address", ["/patterns/message", "/patterns/signed-out", "/nowhere"])
def test_a_layout_without_its_context_leaves_parts_out(context: object, address: str) -> None:
    app = make_app(context)  # type: ignore[arg-type]  # what a layout must survive
    app.jinja_env.undefined = StrictUndefined
    answer = app.test_client().get(address)
    assert answer.status_code in (200, 404)
    assert "<main" in answer.text


def test_every_page_of_a_fictional_agency_says_so() -> None:
    for fictional in (True, False):
        agency = SimpleNamespace(name_on_screen="X", fictional=fictional, exit_url="")
        app = make_app(lambda agency=agency: {"agency": agency})  # type: ignore[misc]
        for address in ("/patterns/", "/patterns/signed-out", "/nowhere"):
            assert ("This agency is fictional" in app.test_client().get(address).text) is fictional


def items(*places: tuple[str, str, int]) -> list[nav.NavItem]:
    return [nav.NavItem(name, name, frozenset({role}), order) for name, role, order in places]


def test_a_menu_has_five_entries_at_most_in_order_each_once() -> None:
    many = items(*[(f"room{n}.index", "caseworker", 10 - n) for n in range(9)], ("room8.index", "caseworker", 99))
    picked = [item.endpoint for item in nav.pick(many, {"caseworker"})]
    assert picked == [f"room{n}.index" for n in (8, 7, 6, 5, 4)]


def test_a_menu_holds_only_what_the_roles_use() -> None:
    both = items(("a.index", "director", 1), ("b.index", "caseworker", 2))
    assert [item.endpoint for item in nav.pick(both, {"caseworker"})] == ["b.index"]
    assert nav.pick(both, set()) == []


def test_the_entry_of_the_room_one_is_in_is_marked(web_app: Flask) -> None:
    with web_app.test_request_context("/patterns/conflict"):
        menu = nav.menu(items(("patterns.index", "x", 1), ("preferences.away", "x", 2)), {"x"})
    assert [(entry.url, entry.active) for entry in menu] == [("/patterns/", True), ("/away", False)]


@pytest.mark.parametrize("back", ["/patterns/?a=1", "/"])
def test_a_choice_leads_back_to_where_it_was_made(unchecked: FlaskClient, back: str) -> None:
    answer = unchecked.post("/language", data={"lang": "es", "back": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, back)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lang=es;")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    "back",
    [
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere",
        "javascript:1",
        "",
        "/\t/e",
        "\\/e",
        "/a\r\nb: c",
    ],
)
def test_a_choice_never_leads_elsewhere(unchecked: FlaskClient, back: str) -> None:
    assert unchecked.post("/look", data={"look": "dark", "back": back}).headers["Location"] == "/"


def test_an_invented_choice_is_forgotten(unchecked: FlaskClient) -> None:
    cookie = unchecked.post("/look", data={"look": "'><script>"}).headers["Set-Cookie"]
    assert "Max-Age=0" in cookie
    unchecked.set_cookie(preferences.LOOK_COOKIE, "'><script>", secure=True)
    assert "data-bs-theme" not in unchecked.get("/patterns/").text


def test_a_chosen_look_stands_on_the_page(unchecked: FlaskClient) -> None:
    unchecked.post("/look", data={"look": "dark"})
    assert 'data-bs-theme="dark"' in unchecked.get("/patterns/", base_url="https://localhost").text


def test_leaving_without_script_shows_an_empty_page_that_goes_on(web_app: Flask) -> None:
    with web_app.test_request_context("/"):
        assert preferences.leave_for("https://weather.example/").headers["Refresh"] == "0; url=https://weather.example/"
        assert "Refresh" not in preferences.leave_for().headers


def test_an_internal_print_carries_code_reader_and_time_and_her_own_copy_none(web: FlaskClient) -> None:
    with frozen(NOW):
        ours, hers = web.get("/patterns/paper").text, web.get("/patterns/her-copy").text
    assert "K7-4QM2-C · printed by Rosa M. · 22 Nov 2026, 03:30" in ours
    assert not [word for word in ("K7-4QM2-C", "Rosa", "2026", "Lantern", "Harbor") if word in hers]
    assert "Lantern" not in ours
    assert "Harbor" not in ours


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Sat 21 Nov", "Saturday 21 November", "21 November 2026", "19:30", "21 Nov 2026, 19:30", "today"]),
        (
            "es",
            ["sáb 21 nov", "sábado 21 de noviembre", "21 de noviembre de 2026", "19:30", "21 nov 2026, 19:30", "hoy"],
        ),
    ],
)
def test_an_instant_is_told_in_the_sites_own_day(web_app: Flask, language: str, said: list[str]) -> None:
    told = (times.day, times.day_long, times.day_full, times.hour, times.moment, times.days_away)
    with web_app.test_request_context("/", headers={"Accept-Language": language}), frozen(NOW):
        g.zone = "America/Los_Angeles"
        assert [tell(NOW) for tell in told] == said
        assert [tell(None) for tell in told] == [""] * 6


def test_a_day_of_another_year_says_its_year_and_a_near_one_how_near(web_app: Flask) -> None:
    with web_app.test_request_context("/"), frozen(NOW):
        assert times.day(date(2025, 11, 21)) == "Fri 21 Nov 2025"
        near = [times.days_away(date(2026, 11, n)) for n in (21, 23, 25)] + [times.days_away(date(2026, 10, 1))]
        assert near == ["yesterday", "tomorrow", "in 3 days", "52 days ago"]
