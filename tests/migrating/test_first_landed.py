"""The database of the first version that landed, made by that version's own code, works after every migration since.

`first_landed.bin` holds its rows (msgpack, zlib) and what its people know by heart; all of them are made up. It was
written by the tests' factories of commit a6873fa: a person in a bed with names, a telephone, a goal, a paper and a
matter with a notice.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import Date, DateTime, MetaData, create_engine, insert

from config import Settings
from shelter import create_app
from shelter.accounts.queries import names_of
from shelter.clients.models import IDENTITY, Client
from shelter.crypto.kit import kit_from_seed
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.roll import current_roll
from shelter.db.sections import row_of
from shelter.stewards.kit_member import kit_as_actor
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.factories.agency import Member, World
from tests.factories.clients import Desk
from tests.house.test_schema import differences
from tests.support import databases

FIRST = msgspec.msgpack.decode(zlib.decompress((Path(__file__).parent / "first_landed.bin").read_bytes()))


def laid_down(url: str) -> None:
    """The schema as it was then, with every row."""
    databases.step_down(url, "base")
    databases.migrate(url, FIRST["revision"])
    engine, then = create_engine(url), MetaData()
    then.reflect(engine)
    with engine.begin() as connection:
        for table in then.sorted_tables:
            for row in FIRST["tables"].get(table.name, ()):
                connection.execute(insert(table), {name: as_of(table.c[name].type, one) for name, one in row.items()})
    engine.dispose()


def as_of(kind: Any, value: Any) -> Any:
    """Days come out of msgpack as text, and instants with a zone that SQLite does not keep."""
    if isinstance(kind, Date) and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(kind, DateTime) and isinstance(value, datetime):
        return value.astimezone(UTC)
    return value


@pytest.fixture
def world(database_url: str, settings: Settings) -> Iterator[World]:
    laid_down(database_url)
    databases.migrate(database_url)
    known = replace(settings, agency_id=FIRST["agency"], fingerprint=FIRST["fingerprint"], pepper=FIRST["pepper"])
    members = {
        who: Member(one["id"], one["name"], one["passphrase"], one["totp"], None)  # type: ignore[arg-type]
        for who, one in FIRST["members"].items()
    }
    kit = kit_from_seed(FIRST["kit_seed"], agency=FIRST["agency"], number=1)
    app = create_app(known)
    with app.app_context():
        yield World(known, kit, FIRST["kit_seed"], FIRST["sites"], members)
        db.session.remove()
    databases.let_go(app)


def test_everybody_signs_in_as_before_and_reads_and_writes_what_was_hers(world: World, database_url: str) -> None:
    app, code = current(), FIRST["code"]
    names = f"/people/{code}/intake/names"
    pages = {
        "caseworker": (
            (f"/people/{code}", "Zephyrine"),
            (names, "Quirina"),
            (f"/people/{code}/plan/", "a window"),
        ),
        "supervisor": ((names, "Belisama"),),
        "advocate": ((f"/people/{code}/matters", "T visa"),),
        "desk": (("/beds", "Zephyrine"),),
    }
    for who, seen in pages.items():
        sits = Desk(app, world, who)
        for path, words in seen:
            answer = sits.get(path)
            assert answer.status_code == 200, (who, path)
            assert words in answer.text, (who, path)
    for who in ("stranger", "caseworker_two", "director"):
        assert Desk(app, world, who).get(f"/people/{code}").status_code in (403, 404)
    mia = Desk(app, world, "caseworker", again=True)
    assert mia.get(f"/people/{code}/matters").status_code in (403, 404)
    assert mia.post(names, legal_name="Quirina V.", aliases="", version="1", progress="done").status_code == 302
    assert "Quirina V." in mia.get(names).text
    assert prove().holds
    assert differences(database_url) == []


def test_nothing_is_lost_of_seals_or_trail_and_the_kit_opens_it(world: World) -> None:
    assert prove().holds
    assert wrong_rows() == []
    kit = kit_as_actor(world.kit, current_roll())
    rows = [row_of(row, IDENTITY) for row in db.session.query(Client).all()]
    (identity,) = open_each(kit, rows, IDENTITY).values
    assert identity is not None
    assert identity.legal_name == "Quirina Vantongeren"
    assert set(names_of(kit, {one.id for one in world.members.values()}).values()) >= {"Caseworker", "Advocate"}


def current() -> Flask:
    from flask import current_app

    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]
