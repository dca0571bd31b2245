"""Each thing that `doctor` is to find is broken here once: it is said, with what to do; what is safe is mended."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from shelter.cli import doctor as examined
from shelter.cli.doctor import doctor
from shelter.cli.tick import tick_once
from shelter.clients.models import Client
from shelter.db.lease import Lease
from shelter.rules import clock
from shelter.trail.models import Trail
from tests.factories.agency import World
from tests.factories.clients import named

Usage = namedtuple("Usage", "total used free")
SWAPS = "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n"


def said(app: Flask, *more: str) -> list[str]:
    output = app.test_cli_runner().invoke(doctor, [*more]).output.splitlines()
    return [
        f"{line} {after.strip()}" for line, after in zip(output, [*output[1:], ""], strict=True) if line[:2] == "!!"
    ]


def found(app: Flask, words: str) -> str:
    """The one complaint with these words, and below it what to do."""
    (one,) = [line for line in said(app) if words in line]
    assert len(one.split(". ", 1)[-1]) > 10, "it says what to do"
    return one


def put_back(db: Any) -> None:
    """A section as it was before: whole, and sealed by somebody who might."""
    row = db.session.scalars(select(Client)).first()
    other = db.session.scalars(select(Client).where(Client.id != row.id)).first()
    db.session.execute(update(Client).where(Client.id == row.id).values(identity=other.identity))


BREAKS: dict[str, Callable[[Any], object]] = {
    "section identity is": put_back,
    "The trail is broken at link 3": lambda db: db.session.execute(update(Trail).where(Trail.seq == 3).values(act="x")),
    "tick last ran": lambda db: db.session.execute(delete(Lease)),
}


@pytest.mark.parametrize("words", BREAKS)
def test_what_is_broken_in_the_database_is_said_with_what_to_do(app: Flask, world: World, db: Any, words: str) -> None:
    named(world, "Oksana Melnyk"), named(world, "Quirina Vantongeren")
    tick_once(app)
    assert [one for one in said(app) if words in one] == []
    BREAKS[words](db)
    db.session.commit()
    found(app, words)


def test_a_clock_that_is_behind_and_a_machine_without_room_or_with_swap(
    app: Flask, world: World, db: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named(world, "Oksana Melnyk")
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, 1 << 30))
    swaps = tmp_path / "swaps"
    swaps.write_text(SWAPS)
    monkeypatch.setattr("shelter.cli.examining.SWAPS", swaps)
    assert "Make room" in found(app, "The disk has 1024 MiB left")
    assert "swapoff" in found(app, "swap disk")
    db.session.remove()
    with app.app_context(), clock.frozen(clock.now() - timedelta(hours=2)):
        behind = [one for one in examined.examine() if one.bad and "clock" in one.what]
        assert behind
        assert all("clock" in one.what_to_do for one in behind)


def test_settings_that_others_can_read_are_said_and_made_private(app: Flask, world: World) -> None:
    folder = app.extensions["shelter_settings"].folder
    (folder / "settings.toml").touch()
    (folder / "settings.toml").chmod(0o644)
    folder.chmod(0o755)
    assert "--clean" in found(app, "settings.toml can be read by others")
    said(app, "--clean")
    assert [one.stat().st_mode & 0o077 for one in (folder, folder / "settings.toml")] == [0, 0]
    assert [one for one in said(app) if "can be read" in one] == []


def test_a_weak_setting_is_said(app: Flask, world: World) -> None:
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], answers_an_hour=0)
    assert "docs/settings.md" in found(app, "SHELTER_ANSWERS_AN_HOUR is 0")
