"""`make upgrade` for real, without root: a good version takes the old one's place, a bad one leaves no trace."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from shelter.db.deployment import deployment
from tests.conftest import PEPPER
from tests.factories.agency import World
from tests.factories.clients import named
from tests.support.sources import ROOT

DATABASES = ("sqlite",)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SERVICE = """#!/usr/bin/env bash
set -eu
cd "$(dirname "$0")"
case "$1" in
  start) (cd current && exec setsid .venv/bin/flask --app wsgi run-server) > log 2>&1 & echo $! > pid ;;
  stop) [ ! -e pid ] || { kill -INT -- "-$(cat pid)" 2>/dev/null || kill -INT "$(cat pid)" 2>/dev/null || true
        for _ in $(seq 100); do kill -0 "$(cat pid)" 2>/dev/null || break; sleep 0.1; done; rm -f pid; } ;;
esac
"""
GOOD = """
def upgrade() -> None:
    op.add_column("client", sa.Column("tried", sa.String(8)))
"""
BREAKS = """
def upgrade() -> None:
    op.execute("delete from trail_subject")
    raise RuntimeError("in the middle")
"""
SPOILS = """
def upgrade() -> None:
    op.execute("update trail set act = 'changed' where seq = 1")
"""


def tree(place: Path, upgrade: str = "") -> Path:
    """The code as it would be unpacked, with one migration more where `upgrade` says what it does."""
    place.mkdir(parents=True)
    for name in ("shelter", "migrations", "templates"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.py", "wsgi.py", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, place / name)
    if upgrade:
        newest = max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
        lines = ['"""Tried."""', "import sqlalchemy as sa", "from alembic import op"]
        lines += ['revision = "9000"', f'down_revision = "{newest}"', upgrade]
        (place / "migrations" / "versions" / "9000_tried.py").write_text("\n".join(lines))
    return place


@pytest.fixture
def installed(app: Flask, world: World, db: Any, tmp_path: Path) -> Iterator[Path]:
    """A running agency under a folder laid out as `make install` does."""
    named(world, "Oksana Melnyk", called="Oksana")
    db.session.remove()
    db.engine.dispose()
    prefix, data = tmp_path / "opt", tmp_path / "data"
    old = tree(prefix / "releases" / "old")
    (old / ".venv").symlink_to(Path(sys.prefix))
    (prefix / "current").symlink_to(old)
    data.mkdir()
    shutil.copy(tmp_path / "shelter.sqlite", data / "shelter.db")
    fingerprint = deployment().fingerprint or b""
    stored = {"pepper": PEPPER.hex(), "secret_key": "ab" * 32, "agency_id": deployment().agency.hex()}
    stored |= {"fingerprint": fingerprint.hex(), "fictional": "no"}
    settings = data / "settings.toml"
    settings.write_text("".join(f'{key} = "{value}"\n' for key, value in stored.items()))
    settings.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    backups = tmp_path / "backups"
    backups.mkdir()
    said = {"SHELTER_DATA": data, "SHELTER_BACKUPS": backups, "SHELTER_WORKERS": 1, "PORT": port}
    (tmp_path / "environment").write_text("".join(f"{name}={value}\n" for name, value in said.items()))
    service = prefix / "service"
    service.write_text(SERVICE)
    service.chmod(0o755)
    yield tmp_path
    subprocess.run([str(service), "stop"], check=False)


def upgrade(place: Path, source: Path) -> subprocess.CompletedProcess[str]:
    service = place / "opt" / "service"
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("SHELTER_")},
        "VENV": sys.prefix,
        "START": f"{service} start",
        "STOP": f"{service} stop",
    }
    script = source / "shelter" / "cli" / "machine" / "upgrade.sh"
    command = [str(script), "--prefix", str(place / "opt"), "--environment", str(place / "environment")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def rows(place: Path) -> tuple[str, int, int]:
    """The schema's number, links of the trail, and whom they are about."""
    with closing(sqlite3.connect(place / "data" / "shelter.db")) as raw:
        (stands,) = raw.execute("select version_num from alembic_version").fetchone()
        (links,) = raw.execute("select count(*) from trail").fetchone()
        (subjects,) = raw.execute("select count(*) from trail_subject").fetchone()
    return stands, links, subjects


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param(BREAKS, "could not be migrated", id="breaks"),
        pytest.param(SPOILS, "doctor finds what was not there before", id="spoils", marks=pytest.mark.drill),
    ],
)
def test_a_version_that_fails_leaves_everything_as_it_was(installed: Path, changes: str, says: str) -> None:
    before = rows(installed)
    done = upgrade(installed, tree(installed / "new", changes))
    assert done.returncode == 1, done.stdout
    assert says in done.stdout
    assert "Nothing was lost" in done.stdout
    after = rows(installed)
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] >= before[1], "the trail of the backup that was made first"
    assert (installed / "opt" / "current").resolve().name == "old"
    assert [one.name for one in (installed / "opt" / "releases").iterdir()] == ["old"]
    assert len(list((installed / "backups").glob("*.records"))) == 1, "made before anything was touched"


def test_a_good_version_serves_in_the_place_of_the_old_one(installed: Path) -> None:
    before = rows(installed)
    done = upgrade(installed, tree(installed / "new", GOOD))
    assert done.returncode == 0, done.stdout + done.stderr + (installed / "opt" / "log").read_text()
    assert rows(installed)[0] == "9000" != before[0]
    assert (installed / "opt" / "current").resolve().name != "old"
    assert (installed / "opt" / "releases" / "old").is_dir(), "kept"
    assert not (installed / "data" / "before-upgrade").exists()


HALF = """#!/usr/bin/env bash
for last; do :; done
head -c 4096 "$2" > "$last/$(basename "$2")"
exit 1
"""


def test_a_disk_too_full_for_the_copy_leaves_the_old_version_running(tmp_path: Path) -> None:
    old, data, commands = tmp_path / "opt/releases/old", tmp_path / "data", tmp_path / "commands"
    for folder in (old / ".venv/bin", data, commands, tmp_path / "new"):
        folder.mkdir(parents=True)
    (tmp_path / "opt/current").symlink_to(old)
    for place, text in (
        (commands / "cp", HALF),
        (commands / "service", f'#!/bin/sh\necho "$1" > {tmp_path}/stands\n'),
        (old / ".venv/bin/flask", "#!/bin/sh\n"),
    ):
        place.write_text(text)
        place.chmod(0o755)
    (data / "shelter.db").write_bytes(b"whole" * 9000)
    (tmp_path / "environment").write_text(f"SHELTER_DATA={data}\n")
    script = ROOT / "shelter/cli/machine/upgrade.sh"
    told = ("--from", tmp_path / "new", "--prefix", tmp_path / "opt", "--environment", tmp_path / "environment")
    path = f"{commands}:{os.environ['PATH']}"
    more = {"PATH": path, "VENV": sys.prefix, "START": "service start", "STOP": "service stop"}
    done = subprocess.run([script, *told], env={**os.environ, **more}, capture_output=True, text=True, check=False)
    assert (done.returncode, (tmp_path / "stands").read_text().strip()) == (1, "start"), done.stdout + done.stderr
    assert "nothing was changed" in done.stdout
    assert (data / "shelter.db").read_bytes() == b"whole" * 9000
    assert not (data / "before-upgrade").exists()
    assert [one.name for one in (tmp_path / "opt/releases").iterdir()] == ["old"]
