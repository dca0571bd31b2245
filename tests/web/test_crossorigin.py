"""Another site's page can make the browser send nothing that changes anything here."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shelter.web import crossorigin

HERE = "http://localhost"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost:1234"},
        {"Origin": "https://localhost"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Origin": "http://elsewhere.example/http://localhost"},
    ],
)
def test_an_unsafe_request_from_elsewhere_is_refused(unchecked: FlaskClient, headers: dict[str, str]) -> None:
    assert unchecked.post("/echo", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": HERE}],
)
def test_an_unsafe_request_from_our_own_page_passes(unchecked: FlaskClient, headers: dict[str, str]) -> None:
    assert unchecked.post("/echo", headers=headers).status_code == 200


def test_following_a_link_from_elsewhere_shows_the_page(web: FlaskClient) -> None:
    assert web.get("/patterns/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "localhost.elsewhere.example", "localhost@elsewhere.example", "", "[", "a b"]
)
def test_a_host_that_is_not_ours_is_refused(web: FlaskClient, host: str) -> None:
    assert web.get("/away", headers={"Host": host}).status_code == 400


def test_the_application_is_not_made_without_its_hosts() -> None:
    with pytest.raises(crossorigin.NoHosts):
        crossorigin.init(Flask("bare"))


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "PROPFIND", "PUT", "PATCH", "DELETE", "FOO"])
def test_a_method_nobody_asked_for_is_not_allowed(unchecked: FlaskClient, method: str) -> None:
    answer = unchecked.open("/echo", method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert answer.headers["Allow"]


@pytest.mark.parametrize("method", ["TRACE", "FOO"])
def test_an_unknown_method_is_not_allowed_even_where_nothing_is(unchecked: FlaskClient, method: str) -> None:
    assert unchecked.open("/nowhere", method=method).status_code == 405


def test_a_query_that_says_one_thing_twice_is_refused(web: FlaskClient) -> None:
    assert web.get("/away?next=/a&next=/b").status_code == 400
    assert web.get("/away?next=/a&other=/b").status_code == 200
