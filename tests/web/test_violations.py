"""Browsers report what they refused to run; the log learns the rule, and nothing of the page it was on."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

from shelter.web import violations
from shelter.web.headers import CSP, REPORTS_TO

CODE = "K7-4QM2-C"
OLD = {"csp-report": {"document-uri": f"https://h/people/{CODE}", "effective-directive": "script-src-elem"}}
NEW = [{"type": "csp-violation", "url": f"https://h/people/{CODE}", "body": {"effectiveDirective": "img-src"}}]


@pytest.fixture(autouse=True)
def nothing_said() -> None:
    violations._said.clear()


def said(caplog: Any) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "shelter"]


@pytest.mark.parametrize(("sent", "rule"), [(OLD, "script-src-elem"), (NEW, "img-src")])
def test_the_rule_is_written_down_once_and_nothing_of_the_page(
    web: FlaskClient, caplog: Any, sent: Any, rule: str
) -> None:
    with caplog.at_level(logging.WARNING, "shelter"):
        for _ in range(3):
            answer = web.post(REPORTS_TO, data=json.dumps(sent), content_type="application/csp-report")
            assert (answer.status_code, answer.data) == (204, b"")
            assert not answer.headers.getlist("Set-Cookie")
    assert said(caplog) == [f"content policy broken {rule}"]
    assert CODE not in caplog.text


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"[1]", b"\xff", b'{"csp-report": {"violated-directive": "<K7-4QM2-C>"}}', b"[" * 9000]
)
def test_what_is_no_report_is_taken_without_a_word_of_it(web: FlaskClient, caplog: Any, raw: bytes) -> None:
    with caplog.at_level(logging.WARNING, "shelter"):
        assert web.post(REPORTS_TO, data=raw).status_code == 204
    assert said(caplog) == ["content policy broken unreadable"]


def test_invented_rules_fill_neither_the_log_nor_the_memory(web: FlaskClient, caplog: Any) -> None:
    with caplog.at_level(logging.WARNING, "shelter"):
        for letter in "abcdefgh":
            web.post(REPORTS_TO, data=json.dumps({"csp-report": {"effective-directive": f"rule-{letter}"}}))
    assert said(caplog) == ["content policy broken unreadable"]
    assert set(violations._said) == {"unreadable"}


def test_every_rule_of_our_own_policy_is_known() -> None:
    ours = {part.split()[0] for part in CSP.split(";") if part.strip()}
    assert ours - {"report-uri", "report-to"} <= violations.RULES


def test_a_long_one_is_refused_and_the_policy_names_the_place(web: FlaskClient) -> None:
    assert web.post(REPORTS_TO, data=b"x" * (violations.LONGEST + 1)).status_code == 413
    assert f"report-uri {REPORTS_TO}" in CSP
