"""What machines ask each other: alive, ready, counts; and that none of it says anything about anybody."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from shelter.db import migrated
from shelter.db.deployment import deploy, deployment
from shelter.hosts.metrics import Table
from tests.factories.agency import World
from tests.factories.clients import Desk, named
from tests.hosts.conftest import as_owner

TOKEN = "a token of thirty-two characters or more"


def test_alive_and_ready_before_there_is_an_agency(app: Flask, db: Any) -> None:
    client = app.test_client()
    assert client.get("/health/live").text == "ok\n"
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.text) == (200, "database ok\nschema ok\nstore ok\n")
    assert not answer.headers.getlist("Set-Cookie")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("stands", "says", "status"), [("0001", "older", 503), ("9999", "ok", 200)])
def test_an_older_schema_is_not_ready_and_an_expanded_one_is(
    app: Flask, db: Any, request: pytest.FixtureRequest, stands: str, says: str, status: int
) -> None:
    as_owner(app, request, f"update alembic_version set version_num = '{stands}'")
    answer = app.test_client().get("/health/ready")
    assert answer.status_code == status
    assert f"schema {says}" in answer.text


def test_a_store_that_is_away_and_a_database_that_is_away(app: Flask, db: Any, monkeypatch: Any) -> None:
    here = deployment()
    client = app.test_client()
    deploy(replace(here, files=here.folder / "settings.toml" / "files"))
    assert "store away" in client.get("/health/ready").text
    deploy(here)

    def away(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(migrated, "inspect", away)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "schema away" in answer.text
    shutil.rmtree(here.files, ignore_errors=True)


def test_counts_are_there_for_the_token_alone_and_name_nobody(app: Flask, world: World, db: Any) -> None:
    code = named(world, "Oksana Melnyk", called="Oksana")
    browser = app.test_client()
    assert browser.get("/metrics").status_code == 404, "no token is set"
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], metrics_token=TOKEN)
    for wrong in ("", "Bearer ", f"Bearer {TOKEN}x", TOKEN):
        assert browser.get("/metrics", headers={"Authorization": wrong}).status_code == 404
    desk = Desk(app, world, "caseworker")
    assert desk.get(f"/people/{code}").status_code == 200
    assert desk.get("/people/K7-0000-0").status_code == 404
    db.session.remove()
    answer = browser.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    lines = answer.text.splitlines()[1:]
    assert all(
        re.fullmatch(r'shelter_seconds_\w+\{endpoint="[a-z_.]+",status="[2-5]xx"(,le="[^"]+")?\} [\d.]+', one)
        for one in lines
    )
    assert any('endpoint="clients.show",status="2xx"} 1' in one for one in lines)
    assert any('endpoint="clients.show",status="4xx"} 1' in one for one in lines)
    for secret in (code, "Oksana", world.members["caseworker"].sign_in_name, "K7-"):
        assert secret not in answer.text


def test_the_counts_of_workers_are_summed(monkeypatch: Any) -> None:
    table = Table(["a.b"])
    for worker in range(5):
        monkeypatch.setattr("os.getpid", lambda worker=worker: worker)
        table.count("a.b", 200, 0.2)
        table.count("never.heard.of", 503, 9.0)
    said = "\n".join(table.lines())
    assert 'shelter_seconds_count{endpoint="a.b",status="2xx"} 5' in said
    assert 'shelter_seconds_bucket{endpoint="a.b",status="2xx",le="0.1"} 0' in said
    assert 'shelter_seconds_bucket{endpoint="a.b",status="2xx",le="0.25"} 5' in said
    assert 'shelter_seconds_sum{endpoint="a.b",status="2xx"} 1.000000' in said
    assert 'shelter_seconds_count{endpoint="nowhere",status="5xx"} 5' in said
