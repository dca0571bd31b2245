"""Style and script come from here, under a name that changes with their content."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shelter.web import assets


def test_a_fingerprinted_file_is_kept_for_good_and_any_other_is_not(web_app: Flask, web: FlaskClient) -> None:
    with web_app.test_request_context("/"):
        address = assets.asset("theme.css")
    assert "immutable" in web.get(address).headers["Cache-Control"]
    assert web.get("/assets/theme.css").headers["Cache-Control"] == "no-store"
    assert web.get("/assets/theme.css?v=old").headers["Cache-Control"] == "no-store"


def test_a_changed_file_has_another_address(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = tmp_path / "a.css"  # type: ignore[operator]  # a Path
    sheet.write_text("a {}")
    monkeypatch.setattr(assets, "_served", lambda: {"a.css": sheet})
    before = assets.fingerprint("a.css")
    sheet.write_text("b { color: red }")
    assert assets.fingerprint("a.css") != before


@pytest.mark.parametrize("name", ["nothing.css", "..%2f__init__.py", "%2e%2e/%2e%2e/etc/passwd", ".gitkeep"])
def test_nothing_else_is_served(web: FlaskClient, name: str) -> None:
    assert web.get(f"/assets/{name}").status_code == 404


def test_bootstrap_stands_in_a_layer_under_ours(web: FlaskClient) -> None:
    sheet = web.get("/assets/bootstrap.css").text
    assert sheet.startswith("@layer bootstrap{/*!")
    assert "@charset" not in sheet
    assert "sourceMappingURL" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_no_page_asks_for_anything_from_elsewhere(web: FlaskClient) -> None:
    pages = [web.get(address).text for address in ("/patterns/", "/patterns/signed-out", "/patterns/paper", "/nowhere")]
    addresses = re.findall(r'(?:src|href)="([^"]+)"', " ".join(pages))
    assert addresses
    assert not [address for address in addresses if not re.match(r"/(?!/)|#|data:,", address)]


def test_a_sheet_and_a_module_stay_short() -> None:
    lines = {path.name: len(path.read_text().splitlines()) for path in assets.STATIC.iterdir()}
    assert lines["theme.css"] <= 300
    assert not [name for name, n in lines.items() if name.endswith(".js") and n > 80]
