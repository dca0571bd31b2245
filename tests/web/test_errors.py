"""However a request fails, the page says what to do and neither page nor log says anything about anybody."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shelter.web.errors import CodesOnly
from tests.web.conftest import make_app

SECRETS = ("Rosalinda", "Quintanilla", "415 555")


@pytest.fixture
def log(web_app: Flask) -> Iterator[io.StringIO]:
    """All that the process writes down while a test runs, as production formats it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(CodesOnly())
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.parametrize(
    ("how", "status"),
    [("denied", 403), ("missing", 404), ("broken", 400), ("unforeseen", 500)]
    + [(str(code), code) for code in (400, 403, 404, 405, 413, 429, 500, 503)],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_failure_has_its_page(web: FlaskClient, how: str, status: int, language: str) -> None:
    answer = web.get(f"/fail/{how}", headers={"Accept-Language": language})
    assert answer.status_code == status
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1>") == 1
    assert not [secret for secret in SECRETS if secret in answer.text]


def test_a_code_without_a_page_of_its_own_gets_a_general_one(web: FlaskClient) -> None:
    assert web.get("/fail/418").status_code == 418
    assert web.get("/fail/502").status_code == 502


def test_what_is_hidden_and_what_never_was_look_the_same_byte_for_byte(
    web: FlaskClient, unchecked: FlaskClient
) -> None:
    answers = [web.get("/fail/missing"), web.get("/nowhere"), web.get("/fail/404"), unchecked.post("/also-nowhere")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    kept = [{name: v for name, v in answer.headers if name not in ("Set-Cookie", "Vary")} for answer in answers]
    assert all(headers == kept[0] for headers in kept)


def test_a_broken_rule_that_nobody_caught_is_said_in_its_sentence(web: FlaskClient) -> None:
    assert "At most 3." in web.get("/fail/broken").text


def test_what_was_not_foreseen_is_written_down_by_code_and_place_alone(web: FlaskClient, log: io.StringIO) -> None:
    page = web.get("/fail/unforeseen").text
    written = log.getvalue()
    reference = page.split("<code>")[1].split("</code>")[0]
    assert reference in written
    assert "RuntimeError" in written
    assert "conftest.py:" in written
    assert not [secret for secret in SECRETS if secret in written]


def test_a_log_line_cannot_be_forged_and_holds_no_argument_that_is_not_a_code(log: io.StringIO) -> None:
    logger = logging.getLogger("shelter.test")
    logger.warning("saw %s at %s", "Rosalinda\nERROR forged", "clients.show")
    logger.warning("count %d", 3)
    try:
        raise ValueError("Rosalinda")
    except ValueError:
        logging.getLogger("werkzeug").exception("Rosalinda failed")
    lines = log.getvalue().splitlines()
    assert len(lines) == 3
    assert "saw … at clients.show" in lines[0]
    assert "count 3" in lines[1]
    assert "Rosalinda" not in log.getvalue()


def test_a_line_with_too_few_arguments_is_still_written() -> None:
    record = logging.LogRecord("shelter", logging.INFO, __file__, 1, "odd %s %s", ("one",), None)
    assert CodesOnly().format(record).endswith("odd %s %s")


def test_of_what_the_server_says_only_words_are_written() -> None:
    """It puts addresses of machines, paths and bad lines into its sentences itself."""
    said = "Invalid request from ip=203.0.113.9: Invalid Method 'G;T /calendar/SECRET.ics'"
    line = CodesOnly().format(logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, said, (), None))
    assert line.endswith("Invalid request from ip")
    said, given = "WORKER TIMEOUT (pid:%s)", (812,)
    line = CodesOnly().format(logging.LogRecord("gunicorn.error", logging.CRITICAL, "", 0, said, given, None))
    assert line.endswith("WORKER TIMEOUT (pid:812)")


def test_a_failure_of_the_frame_itself_still_has_its_page(log: io.StringIO) -> None:
    def fail() -> dict[str, object]:
        raise RuntimeError("Rosalinda")

    answer = make_app(fail).test_client().get("/patterns/")
    assert answer.status_code == 500
    assert "<h1>Something went wrong on our side</h1>" in answer.text
    assert make_app(fail).test_client().get("/away").status_code == 200
    assert "Rosalinda" not in log.getvalue()


def test_a_page_that_cannot_be_drawn_is_answered_with_its_number(web_app: Flask, log: io.StringIO) -> None:
    web_app.jinja_env.globals.pop("asset")
    answer = web_app.test_client().get("/nowhere")
    assert (answer.status_code, answer.text) == (404, "404")
