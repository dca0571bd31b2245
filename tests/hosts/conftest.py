"""Two web hosts as an operator sets them up: folders of their own, one PostgreSQL, one boot secret."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from shelter.crypto import totp
from shelter.rules.clock import now
from tests.conftest import PEPPER
from tests.factories.agency import Member, World
from tests.support import databases
from tests.support.command import ROOT, Visitor
from tests.support.workroom import Workroom


@pytest.fixture
def database_url(
    database_kind: str, workroom: Workroom, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """On PostgreSQL as the application comes to it: as a role that owns no table."""
    if database_kind == "sqlite":
        yield databases.sqlite_clone(workroom, tmp_path)
        return
    server = request.getfixturevalue("postgres_server")
    with databases.postgres_clone(workroom, server) as url:
        yield databases.application_role(workroom, server, url)


def as_owner(app: Flask, request: pytest.FixtureRequest, *statements: str) -> str:
    """Does what a migration does, as the role that owns the tables; its address."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("postgresql"):
        server = request.getfixturevalue("postgres_server")
        url = make_url(server.url).set(database=make_url(url).database).render_as_string(hide_password=False)
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    return str(url)


@dataclass
class Hosts:
    """The servers by their addresses, and whoever comes to them through a proxy that sends her to either."""

    world: World
    urls: tuple[str, str]
    processes: tuple[subprocess.Popen[str], subprocess.Popen[str]]

    def visitor(self) -> Visitor:
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        return Visitor(self.urls[0], opener)

    def sign_in(self, who: str, at: int = 0) -> Visitor:
        visitor, member = self.visitor(), self.world.members[who]
        visitor.url = self.urls[at]
        status, _ = self.try_in(visitor, member)
        assert status == 200
        return visitor

    def try_in(self, visitor: Visitor, member: Member, **instead: str) -> tuple[int, str]:
        code = totp.code_at(member.totp_secret, now().timestamp())
        sent = {"name": member.sign_in_name, "passphrase": member.passphrase, "code": code} | instead
        return visitor.post("/sign-in", visitor.token("/sign-in"), **sent)


@pytest.fixture
def environment() -> dict[str, str]:
    """What an operator tells both hosts beside the database and the boot secret."""
    return {}


@pytest.fixture
def hosts(app: Flask, world: World, db: Any, tmp_path: Path, environment: dict[str, str]) -> Iterator[Hosts]:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    secret = tmp_path / "boot-secret"
    secret.write_text(os.urandom(32).hex())
    place = app.extensions["shelter"]
    stored = {"pepper": PEPPER.hex(), "secret_key": "ab" * 32, "agency_id": place.agency.hex(), "fictional": "no"}
    stored["fingerprint"] = place.fingerprint.hex()
    with ExitStack() as stack:
        started = []
        for name in ("one", "two"):
            folder = tmp_path / f"host-{name}"
            folder.mkdir()
            (folder / "settings.toml").write_text("".join(f'{key} = "{value}"\n' for key, value in stored.items()))
            more = {"SHELTER_DATABASE_URL": url, "SHELTER_BOOT_SECRET_FILE": str(secret), "SHELTER_WORKERS": "1"}
            more |= {"SHELTER_ANSWERS_AN_HOUR": "0"} | environment  # crowds are played by a few who never rest
            started.append(stack.enter_context(_started(folder, more)))
        ready = [_ready(process, port) for process, port in started]
        yield Hosts(world, (ready[0], ready[1]), (started[0][0], started[1][0]))


@contextmanager
def _started(folder: Path, more: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, **more, "SHELTER_DATA": str(folder), "PORT": str(port)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-server"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process, port
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
        if process.stdout:
            process.stdout.close()


def _ready(process: subprocess.Popen[str], port: int) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ready:"):
            return f"http://localhost:{port}"
    raise AssertionError("".join(said))
