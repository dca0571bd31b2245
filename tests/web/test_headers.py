"""Every answer carries the same armour, whatever went wrong on the way."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from shelter.web.headers import CSP, as_download, forget_everything

ADDRESSES = ["/patterns/", "/away", "/fail/missing", "/fail/500", "/fail/unforeseen", "/nowhere", "/assets/none.css"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_goes_out_bare(web: FlaskClient, address: str) -> None:
    headers = web.get(address).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "charset=utf-8" in headers["Content-Type"]
    assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin", "Strict-Transport-Security"} & set(
        headers.keys()
    )


def test_the_policy_runs_nothing_inline_and_frames_nowhere() -> None:
    assert "default-src 'none'" in CSP
    assert "frame-ancestors 'none'" in CSP
    assert "require-trusted-types-for 'script'" in CSP
    assert "unsafe" not in CSP
    assert "http" not in CSP


def test_https_is_kept_for_more_than_a_year_but_only_promised_over_https(web: FlaskClient) -> None:
    promised = web.get("/away", base_url="https://localhost").headers["Strict-Transport-Security"]
    assert int(promised.split("max-age=")[1].split(";")[0]) >= 365 * 24 * 3600


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        ("K7-4QM2-C plan.pdf", "K7-4QM2-C plan.pdf", "K7-4QM2-C%20plan.pdf"),
        ("año.csv", "ano.csv", "a%C3%B1o.csv"),
        ('a"; filename="b.exe', "a__ filename__b.exe", "a%22%3B%20filename%3D%22b.exe"),
        ("../../etc/passwd", "_.._etc_passwd", "....etcpasswd"),
        ("a\r\nSet-Cookie: x=1", "a__Set-Cookie_ x_1", "aSet-Cookie%3A%20x%3D1"),
        ("…", "file", "%E2%80%A6"),
    ],
)
def test_a_download_is_kept_never_shown_and_its_name_cannot_break_out(name: str, plain: str, exact: str) -> None:
    response = as_download(Response(b"x"), name)
    assert response.headers["Content-Disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")


def test_the_headers_of_a_download_survive_the_general_ones(web_app: Flask) -> None:
    web_app.add_url_rule("/file", "file", lambda: as_download(Response(b"x"), "x.pdf"))
    assert web_app.test_client().get("/file").headers["Content-Security-Policy"].startswith("sandbox;")


def test_the_end_of_a_session_empties_the_browser() -> None:
    assert forget_everything(Response()).headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
