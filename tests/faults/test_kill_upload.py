"""kill -9 of a server while scans and photographs come in: what was acknowledged is whole, the rest is nowhere.

The server is a process of its own, as an operator starts it, since what keeps files works in threads that no fork takes
along. It is killed after an answer, in the middle of a body, and at random moments.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from shelter.cli.doctor import doctor
from shelter.clients.queries import agency_today
from shelter.crypto import totp
from shelter.db import db as database
from shelter.db.deployment import deployment
from shelter.documents import queries as papers
from shelter.files import orphans, queries, store
from shelter.rules import clock
from shelter.rules.clock import now
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.conftest import PEPPER
from tests.factories import clients, documents
from tests.factories.agency import World
from tests.factories.documents import file_rows, noisy_pdf
from tests.support import multipart
from tests.support.command import ROOT, Running, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
SIZE = 12 * 1024 * 1024
DOORS = ("files", "scans", "custody")
"""Pages that take a file: of the person, of one paper, and of the ledger of an original."""


@dataclass
class Killed:
    """A server that is killed and started again over the same folder and database, and what it acknowledged."""

    world: World
    code: str
    paper: bytes
    environment: dict[str, str]
    port: int
    acknowledged: set[str] = field(default_factory=set)
    visitor: Visitor = field(default_factory=lambda: Visitor(""))
    luck: Random = field(default_factory=lambda: Random(6))
    numbers: Iterator[int] = field(default_factory=count)
    running: Running | None = None
    lasts: float = 1.0
    """Seconds, of the last file that was acknowledged."""

    def start(self) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-server"]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        ready = any(line.startswith("Ready:") for line in process.stdout)
        assert ready
        self.running = Running(process, f"http://localhost:{self.port}", Path(), "")
        self.visitor.url = self.running.url

    def kill(self) -> None:
        """The whole of it, as when the machine loses its power; the database and the disk stay."""
        assert self.running is not None
        process = self.running.process
        family = [process.pid, *map(int, _children(process.pid))]
        for pid in family:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        self.running = None

    def sign_in(self) -> None:
        member = self.world.members["caseworker"]
        code = totp.code_at(member.totp_secret, now().timestamp())
        sent = {"name": member.sign_in_name, "passphrase": member.passphrase, "code": code}
        assert self.visitor.post("/sign-in", self.visitor.token("/sign-in"), **sent)[0] == 200

    def door(self) -> tuple[str, dict[str, str]]:
        """The next page that takes a file, and what is typed there."""
        place = f"/people/{self.code}"
        which = DOORS[next(self.numbers) % len(DOORS)]
        if which == "files":
            return f"{place}/files/new", {"label": "page one"}
        place = f"{place}/papers/{self.paper.hex()}"
        if which == "scans":
            return f"{place}/scans/new", {"label": "back side"}
        database.session.rollback()  # the server may have added a line that nobody heard of
        lines = len(papers.ledger(self.world.actor("caseworker"), self.code, self.paper).lines)
        typed = {"version": str(lines), "on": agency_today().isoformat(), "who": "Officer Lund", "condition": "whole"}
        return f"{place}/custody/{'seen' if lines else 'taken_in'}", typed

    def send(self, *, begun: Callable[[], object] | None = None, half: Callable[[], object] | None = None) -> bool:
        """One file through the next door; whether it was acknowledged. `half` is called in the middle of the body."""
        page, typed = self.door()
        content = noisy_pdf(SIZE)
        try:
            typed |= {"csrf_token": self.visitor.token(page)}
        except OSError:
            return False
        body = multipart.form(content, "IMG_0001.HEIC", **typed)
        line = http.client.HTTPConnection(urlsplit(self.visitor.url).netloc, timeout=60)
        if begun:
            begun()
        began = time.monotonic()
        try:
            line.putrequest("POST", page)
            for key, value in self._headers(len(body)).items():
                line.putheader(key, value)
            line.endheaders(body[: len(body) // 2])
            if half:
                half()
            line.send(body[len(body) // 2 :])
            answer = line.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        assert answer.status == 302
        self.acknowledged.add(hashlib.sha256(content).hexdigest())
        self.lasts = time.monotonic() - began
        return True

    def _headers(self, size: int) -> dict[str, str]:
        jar = next(one.cookiejar for one in self.visitor.opener.handlers if hasattr(one, "cookiejar"))
        cookies = "; ".join(f"{one.name}={one.value}" for one in jar)
        sent = {"Cookie": cookies, "Sec-Fetch-Site": "same-origin", "Content-Length": str(size)}
        return sent | {"Content-Type": multipart.CONTENT_TYPE}

    def killed_after_an_answer(self) -> None:
        assert self.send()
        self.kill()

    def killed_in_the_middle_of_a_body(self) -> None:
        assert not self.send(half=self.kill)

    def killed_at_random(self) -> None:
        """Counted from the first byte of a file; the first one after a start takes longer than those after it."""
        later = Timer(self.luck.uniform(0, 3 * self.lasts), self.kill)
        if self.send(begun=later.start):
            self.send()
        later.join()


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.fixture
def killed(app: Flask, world: World, db: Any, tmp_path: Path) -> Iterator[Killed]:
    code = clients.begin(world)
    paper = documents.paper(world, code)
    place, secret, temporary = app.extensions["shelter"], tmp_path / "boot-secret", tmp_path / "temporary"
    secret.write_text(os.urandom(32).hex())
    temporary.mkdir()
    kept = {"pepper": PEPPER.hex(), "secret_key": "ab" * 32, "agency_id": place.agency.hex(), "fictional": "no"}
    kept["fingerprint"] = place.fingerprint.hex()
    (tmp_path / "settings.toml").write_text("".join(f'{key} = "{value}"\n' for key, value in kept.items()))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "SHELTER_DATA": str(tmp_path),
        "SHELTER_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "SHELTER_BOOT_SECRET_FILE": str(secret),
        "SHELTER_WORKERS": "1",
        "SHELTER_ANSWERS_AN_HOUR": "0",
        "TMPDIR": str(temporary),
        "PORT": str(port),
    }
    server = Killed(world, code, paper, environment, port)
    server.start()
    try:
        server.sign_in()
        yield server
    finally:
        if server.running:
            server.kill()


def sound(server: Killed, db: Any) -> None:
    """What was acknowledged is whole and once; every row has its file, every name its row; nothing lies in clear."""
    db.session.rollback()
    actor, code = server.world.actor("caseworker"), server.code
    rows = {row.id for row in file_rows()}
    lying = {store.name_of(one) for one in rows}
    sent = [hashlib.sha256(b"".join(queries.content(actor, code, one)[1])).hexdigest() for one in sorted(rows)]
    kept = [digest for digest in server.acknowledged if digest in sent]
    assert len(sent) == len(set(sent)), "nothing came in twice"
    assert sorted(kept) == sorted(server.acknowledged), "nothing that was acknowledged is lost"
    _card, paper, _scans = papers.one(actor, code, server.paper)
    ledger = papers.ledger(actor, code, server.paper)
    assert ledger.holds
    photographs = {line.photo for line in ledger.lines}
    assert {*paper.text.scans, *photographs} <= rows
    assert lying <= {name for name, _since in store.names()}
    assert not [path for path in (deployment().folder / "temporary").rglob("*") if path.is_file()]
    assert prove().holds
    assert wrong_rows() == []
    db.session.rollback()


def test_what_was_acknowledged_is_whole_and_the_rest_is_found_and_cleaned(
    app: Flask, killed: Killed, db: Any, rounds: Callable[[int, int], int]
) -> None:
    assert all(killed.send() for _ in DOORS), "each door once, and how long it takes"
    ways = [killed.killed_after_an_answer, killed.killed_in_the_middle_of_a_body, killed.killed_at_random]
    for number in range(rounds(4, 60)):
        if killed.running is None:
            killed.start()
        ways[min(number, 2)]()
        sound(killed, db)
    assert len(killed.acknowledged) >= len(DOORS) + 1
    (deployment().files / "aa").mkdir(exist_ok=True)
    loose = [deployment().files / "aa" / ("aa" * 16), deployment().files / "aa" / ("ab" * 16 + "#1")]
    for path in loose:
        path.write_bytes(b"as a kill may leave them, should the random moments above have left none")
    with clock.frozen(now() + orphans.YOUNG + timedelta(hours=1)):
        app.test_cli_runner().invoke(doctor, ["--records", "--clean"])
        found = orphans.look()
    assert (found.orphans, found.begun, found.missing) == ([], [], 0)
    assert {name for name, _since in store.names()} == {store.name_of(row.id) for row in file_rows()}
    sound(killed, db)
    killed.start()
    assert killed.send(), "and it goes on"
