"""`import-hmis` on a terminal: who is asked for what, what is said, and that a refused archive changes nothing."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from shelter.cli.import_command import import_hmis
from shelter.crypto import totp
from shelter.db import db
from shelter.db.deployment import deploy, deployment
from shelter.trail.proof import prove
from tests.exchange.hmis.sample import as_csv, as_folder, as_zip, members, tables
from tests.factories.agency import World
from tests.factories.exports import everything, identities


@contextmanager
def typed(*lines: str) -> Iterator[int]:
    """A descriptor from which these lines can be read; the command closes it."""
    here, there = os.pipe()
    with os.fdopen(there, "w") as file:
        file.write("\n".join(lines) + "\n")
    yield here


def run(app: Flask, *arguments: object, **environment: str) -> Result:
    env = {"LANG": "en_US.UTF-8", "LC_ALL": "", "SHELTER_PASSPHRASE": "", **environment}
    result = app.test_cli_runner().invoke(import_hmis, [str(one) for one in arguments], env=env)
    db.session.rollback()
    return result


def import_as(app: Flask, world: World, path: Path, who: str = "supervisor", *more: str) -> Result:
    member = world.members[who]
    with typed(member.passphrase, totp.code_at(member.totp_secret, time.time())) as descriptor:
        return run(app, path, "--as", member.sign_in_name, "--passphrase-fd", descriptor, *more)


def test_a_supervisor_imports_with_passphrase_and_code(app: Flask, world: World, tmp_path: Path) -> None:
    path = as_folder(tmp_path / "export", members(tables()))
    result = import_as(app, world, path)
    assert result.exit_code == 0, result.output
    assert "New people: 3" in result.output
    assert "Stays: 4" in result.output
    assert set(identities(world)) == {"c1", "c2", "c3"}
    assert prove().signed_by == 1


@pytest.mark.parametrize(
    ("passphrase", "code"), [(False, True), (True, False), (False, False)], ids=["passphrase", "code", "both"]
)
def test_a_wrong_passphrase_or_code_opens_nothing(
    app: Flask, world: World, tmp_path: Path, passphrase: bool, code: bool
) -> None:
    member = world.members["supervisor"]
    right = totp.code_at(member.totp_secret, time.time())
    path = as_zip(tmp_path / "export.zip", members(tables()))
    lines = (member.passphrase if passphrase else "wrong", right if code else "")
    with typed(*lines) as descriptor:
        result = run(app, path, "--as", member.sign_in_name, "--passphrase-fd", descriptor)
    assert result.exit_code == 1
    assert "not right" in result.output
    assert identities(world) == {}


def test_the_environment_is_read_for_the_fictional_agency_only(app: Flask, world: World, tmp_path: Path) -> None:
    member = world.members["supervisor"]
    path = as_zip(tmp_path / "export.zip", members(tables()))
    refused = run(app, path, "--as", member.sign_in_name, SHELTER_PASSPHRASE=member.passphrase)
    assert refused.exit_code == 1
    assert identities(world) == {}
    deploy(replace(deployment(), fictional=True))
    done = run(app, path, "--as", member.sign_in_name, SHELTER_PASSPHRASE=member.passphrase)
    assert done.exit_code == 0, done.output
    assert len(identities(world)) == 3


def test_somebody_who_may_not_import_is_told_so_and_it_is_written_down(
    app: Flask, world: World, tmp_path: Path
) -> None:
    path = as_zip(tmp_path / "export.zip", members(tables()))
    result = import_as(app, world, path, "caseworker")
    assert result.exit_code == 1
    assert "Supervisors import" in result.output
    assert "refused:hmis:import" in {row[5] for row in everything()["trail"]}


def test_problems_are_listed_by_place_and_no_value_is_printed(app: Flask, world: World, tmp_path: Path) -> None:
    of = tables()
    of["Client"][0]["DOB"] = "31.12.Canaria"
    of["Enrollment"][0]["PersonalID"] = "Nobodyknown"
    path = as_zip(tmp_path / "export.zip", members(of))
    result = import_as(app, world, path, "supervisor", "--problems")
    assert result.exit_code == 0, result.output
    assert "Client.csv:2 DOB (kept): This date cannot be read; it is kept as written." in result.output
    assert "Enrollment.csv:2 PersonalID (left_out): Nobody in Client.csv has this PersonalID." in result.output
    for value in ("Canaria", "Nobodyknown", "Ana", "Prueba", "1990"):
        assert value not in result.output


def test_it_speaks_the_language_of_the_terminal(app: Flask, world: World, tmp_path: Path) -> None:
    result = run(app, tmp_path / "nowhere.zip", "--as", "x", LANG="es_MX.UTF-8")
    assert "No hay ningún archivo ni carpeta en esta ruta." in result.output


def bad_exports(folder: Path) -> Iterator[tuple[str, Path]]:
    files = members(tables())
    (folder / "junk.zip").write_bytes(b"no archive")
    yield "not a ZIP", folder / "junk.zip"
    whole = as_zip(folder / "whole.zip", files).read_bytes()
    (folder / "half.zip").write_bytes(whole[: len(whole) // 2])
    yield "damaged", folder / "half.zip"
    yield "Client.csv is missing", as_zip(folder / "a.zip", {n: c for n, c in files.items() if n != "Client.csv"})
    keyless = as_csv([{name: v for name, v in row.items() if name != "PersonalID"} for row in tables()["Client"]])
    yield "no column PersonalID", as_zip(folder / "b.zip", files | {"Client.csv": keyless.encode()})
    yield "points outside", as_zip(folder / "c.zip", files | {"../Client.csv": b""})
    yield "no file or folder", folder / "nowhere"
    bomb = folder / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("Event.csv", b"A" * (64 << 20))
    yield "unpacks to more than", bomb


def test_a_refused_archive_changes_nothing_and_says_why(app: Flask, world: World, tmp_path: Path) -> None:
    before = everything()
    for why, path in bad_exports(tmp_path):
        result = import_as(app, world, path)
        assert result.exit_code == 1, path
        assert why in result.output, path
        assert len(result.output.strip().splitlines()) == 1
        assert everything() == before
