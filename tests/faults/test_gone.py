"""Disk full, database gone, a clock that jumps: nothing is half done, it is said, and it mends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from shelter.cli import doctor
from shelter.rules import clock
from shelter.trail.models import Trail
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.accounts.browser import At
from tests.factories import notes
from tests.factories.agency import World
from tests.factories.clients import Desk, named


def test_a_full_disk_shows_nothing_that_is_not_written_down(
    app: Flask, world: World, db: Any, database_kind: str
) -> None:
    code = named(world, "Oksana Melnyk", called="Oksana")
    desk = Desk(app, world, "caseworker")
    engine = db.engine
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as served
    if database_kind == "sqlite":

        def full(raw: Any, *_: Any) -> None:
            raw.execute("pragma max_page_count=1").close()

        def room(raw: Any, *_: Any) -> None:
            raw.execute("pragma max_page_count=1073741823").close()
    else:

        def full(raw: Any, *_: Any) -> None:
            raw.execute("set default_transaction_read_only = on")
            raw.commit()

        def room(raw: Any, *_: Any) -> None:
            raw.execute("set default_transaction_read_only = off")
            raw.commit()

    before = db.session.query(Trail).count()
    db.session.rollback()
    event.listen(engine, "checkout", full)
    answer = desk.browser.get(f"/people/{code}")
    assert answer.status_code >= 500
    assert "Oksana" not in answer.text
    with pytest.raises(Exception, match=r"full|read-only"):
        notes.sign(world, code, "Words that fit nowhere. " * 800)
    db.session.rollback()
    event.remove(engine, "checkout", full)
    event.listen(engine, "checkout", room)
    assert "Oksana" in desk.get(f"/people/{code}").text, "nobody had to do anything"
    assert notes.read(world, code) == []
    notes.sign(world, code, "Words.")
    event.remove(engine, "checkout", room)
    assert db.session.query(Trail).count() > before
    assert prove().holds
    assert wrong_rows() == []


@pytest.mark.postgres
def test_a_database_that_goes_away_and_comes_back(
    app: Flask, world: World, db: Any, request: pytest.FixtureRequest
) -> None:
    code = named(world, "Oksana Melnyk", called="Oksana")
    desk = Desk(app, world, "caseworker")
    name = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
    admin = create_engine(request.getfixturevalue("postgres_server").url, isolation_level="AUTOCOMMIT")
    db.session.remove()
    with admin.connect() as connection:
        connection.execute(text(f"alter database {name} allow_connections false"))
        connection.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"))
        try:
            answer = desk.browser.get(f"/people/{code}")
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert "Oksana" not in answer.text
            assert desk.browser.get("/health/ready").status_code == 503
            assert desk.browser.get("/health/live").status_code == 200
        finally:
            connection.execute(text(f"alter database {name} allow_connections true"))
    admin.dispose()
    assert "Oksana" in desk.get(f"/people/{code}").text
    assert desk.browser.get("/health/ready").status_code == 200
    assert prove().holds


def test_a_clock_that_jumps_back_and_forth(app: Flask, world: World, db: Any) -> None:
    code = named(world, "Oksana Melnyk", called="Oksana")
    at = At(app, app.test_client())
    assert at.sign_in(world.members["caseworker"]).status_code == 302
    at.later(timedelta(days=-2))
    assert at.get(f"/people/{code}").status_code in (200, 302)
    with clock.frozen(at.now):
        assert any("clock" in one.what.lower() for one in doctor.examine() if one.bad), "it is said"
    at.later(timedelta(days=4))
    assert "Oksana" not in at.get(f"/people/{code}").text, "her shift is over, whatever happened in between"
    at.later(timedelta(days=-2))
    assert at.sign_in(world.members["caseworker"]).status_code == 302
    assert "Oksana" in at.get(f"/people/{code}").text
    db.session.rollback()
    assert prove().holds
