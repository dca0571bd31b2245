"""The pages of reports: who may come, what each answers, confirming before a release, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from shelter.db.inbox import emit
from shelter.reports import queries
from shelter.reports.catalogue import PEOPLE_SERVED, Quarter
from shelter.trail.record import recorded
from tests.factories.agency import CAST, World
from tests.factories.reports import Q3, Someone, crowd, matter_of, mixed, publish, tell
from tests.reports.conftest import Browser, Hands

At = Callable[[str], Browser]
HOME = "/reports/people-served/2026-Q3"
PAGES = (
    *("/reports/", "/reports/how", "/reports/trends", "/reports/wall", f"{HOME}/", f"{HOME}/1", f"{HOME}/prepare"),
    "/reports/people-served/2026-Q4/",
)
FILES = tuple(f"{HOME}/1.{kind}" for kind in ("csv", "xlsx", "pdf"))


def test_every_address_of_reports_is_closed_to_everybody_but_a_director(app: Flask, world: World) -> None:
    tell(world, *mixed(120))
    publish(world)
    listed = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("reports.")}
    names = ("index", "take_in", "how", "show", "prepare", "publish", "download", "trends", "wall")
    assert listed == {f"reports.{name}" for name in names}
    for who in CAST.keys() - {"director"}:
        browser = Browser(app)
        browser.sign_in(world.members[who])
        for path in (*PAGES, *FILES):
            assert browser.get(path).status_code == 403, (who, path)
        for path in ("/reports/take-in", f"{HOME}/publish"):
            assert browser.post(path, "/sessions", way="as-asked").status_code == 403, (who, path)


def test_a_director_may_open_every_page(world: World, at: At) -> None:
    tell(world, *mixed(120))
    publish(world)
    director = at("director")
    for path in (*PAGES, *FILES):
        assert director.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "path",
    [
        *("/reports/people-served/2026-Q5/", "/reports/people-served/2027-Q1/", "/reports/people-served/1999-Q1/"),
        *("/reports/clients/2026-Q3/", f"{HOME}/99", f"{HOME}/99.csv", f"{HOME}/1.json", "/reports/people-served/x/"),
    ],
)
def test_what_is_not_in_the_catalogue_is_nowhere(at: At, path: str) -> None:
    assert at("director").get(path).status_code == 404


def test_a_release_of_another_quarter_is_not_found_under_this_one(world: World, at: At) -> None:
    tell(world, *mixed(120, Q3.before()))
    publish(world, quarter=Q3.before())
    assert at("director").get(f"{HOME}/1").status_code == 404


def test_the_gallery_says_what_is_due(world: World, at: At) -> None:
    tell(world, *mixed(120))
    publish(world)
    page = at("director").get("/reports/").text
    assert "July to September 2026" in page
    assert "Release 1, 20 October 2026" in page
    assert "After 31 December 2026" in page
    assert page.count("Ready to prepare") > 10


def test_a_running_quarter_says_when_and_why(at: At) -> None:
    page = at("director").get("/reports/people-served/2026-Q4/").text
    assert "After 31 December 2026" in page
    assert "would show who came in between" in page


def test_preparing_shows_how_many_numbers_and_publishing_leads_to_the_table(world: World, at: At) -> None:
    tell(world, *mixed(150))
    director = at("director")
    page = director.get(f"{HOME}/").text
    assert "numbers shown" in page
    assert "come back" in page
    answer = director.post(f"{HOME}/publish", f"{HOME}/", way="all-sites-ages-five")
    assert (answer.status_code, answer.location) == (302, f"{HOME}/1")
    shown = director.get(f"{HOME}/").text
    assert "Published as release 1" in shown
    assert "each hidden number could be any of a range at least" in shown or "No number is hidden" in shown
    again = director.post(f"{HOME}/publish", f"{HOME}/prepare", way="all-sites-ages-five")
    assert again.location == f"{HOME}/1"
    assert "was published before, as release 1" in director.get(again.location).text


def test_a_director_confirms_before_she_releases_and_what_she_chose_is_kept(world: World, at: At, hands: Hands) -> None:
    tell(world, *mixed(150))
    director = at("director")
    hands.later(timedelta(minutes=11))
    answer = director.post(f"{HOME}/publish", f"{HOME}/", way="all-sites")
    assert answer.status_code == 403
    assert "passphrase" in answer.text
    assert queries.published(world.actor("director"), PEOPLE_SERVED, Q3) is None
    assert "July" not in answer.headers.get("Location", "")


def test_no_version_chosen_or_an_unknown_one_is_said_beside_the_question(world: World, at: At) -> None:
    tell(world, *mixed(150))
    director = at("director")
    for sent in ({}, {"way": "everything"}):
        answer = director.post(f"{HOME}/publish", f"{HOME}/", **sent)
        assert answer.status_code == 422
        assert "Error:" in answer.text
    assert queries.published(world.actor("director"), PEOPLE_SERVED, Q3) is None


def test_a_refused_table_says_why_in_a_sentence(world: World, at: At) -> None:
    tell(world, *mixed(150))
    publish(world)
    tell(world, *crowd({(29, "north"): 1}))
    director = at("director")
    answer = director.post(f"{HOME}/publish", f"{HOME}/prepare", way="as-asked")
    assert answer.status_code == 422
    assert "a small group" in answer.text
    assert "disclosure." not in answer.text


def test_where_nothing_can_be_shown_there_is_no_button(world: World, at: At) -> None:
    tell(world, *mixed(6))
    page = at("director").get(f"{HOME}/").text
    assert "There are too few people in this table" in page
    assert "Publish this table" not in page


def test_what_waits_is_taken_in_from_the_gallery(world: World, at: At) -> None:
    tell(world, *mixed(30))
    tell(world, *mixed(30, seed=8))
    director = at("director")
    assert "2 new entries wait" in director.get("/reports/").text
    director.post("/reports/take-in", "/reports/")
    page = director.get("/reports/").text
    assert "2 new entries taken in." in page
    assert "Take in what is new" not in page


def test_publishing_takes_in_what_waits(world: World, at: At) -> None:
    tell(world, *mixed(150))
    director = at("director")
    director.post(f"{HOME}/publish", f"{HOME}/", way="as-asked")
    assert queries.gallery(world.actor("director")).waiting == 0


def test_a_download_is_a_file_that_is_never_run_or_kept_by_the_browser(world: World, at: At) -> None:
    tell(world, *mixed(120))
    publish(world)
    director = at("director")
    for path in FILES:
        answer = director.get(path)
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="people-served-2026-Q3-no-1.')
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_legal_help_without_a_site_has_a_column_of_its_own(world: World, at: At) -> None:
    tell(world, *mixed(150))
    with recorded(world.actor("advocate"), "told"):
        alone = [Someone(stays=()) for _ in range(12)]
        emit(world.actor("advocate"), [matter_of(one, site=None, opened="2026-08") for one in alone])
    publish(world)
    found = queries.published(world.actor("director"), PEOPLE_SERVED, Q3)
    assert found is not None
    assert found.table[("*", "*")] == 162
    assert "No site" in at("director").get(f"{HOME}/1").text


def test_a_quarter_that_hides_offers_the_year_with_how_many_numbers_come_back(world: World, at: At) -> None:
    year = Quarter(2025, 0)
    for number in (1, 2, 3, 4):
        tell(world, *crowd({(21, "north"): 4, (29, "south"): 9}, Quarter(year.year, number)))
    page = at("director").get("/reports/people-new/2025-Q2/").text
    assert "Use the year instead: 3 numbers come back" in page
    assert "/reports/people-new/2025/" in page
    assert ">52<" not in page
