"""Bad input and faults, one by one, as somebody meets them: through the page, in each language, measured.

Whatever happens, the answer is a sentence, memory and disk stay bounded, nothing is half stored, and what was
acknowledged before is whole afterwards.
"""

from __future__ import annotations

import io
import os
import re
import resource
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.documents.models import Paper, PaperHeld
from shelter.files import queries
from shelter.files.checking import most_bytes
from tests.factories import documents
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import file_rows, noisy_pdf, pdf, picture, running_pdf, stored
from tests.support import multipart
from tests.support.live_server import served
from tests.support.s3_server import S3Server

Sign = Callable[[str], Desk]
MIB = 1024 * 1024
LANGUAGES = ("en", "es")
LABEL = "the page she likes"


# -- what is sent ------------------------------------------------------------------


@cache
def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("passport.jpg", bytes(50 * MIB))
    return out.getvalue()


def png(width: int, height: int, body: bytes, *more: tuple[bytes, bytes]) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *more, (b"IDAT", zlib.compress(body, 9)), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(one)) + kind + one + struct.pack(">I", zlib.crc32(kind + one)) for kind, one in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def wide_jpeg() -> bytes:
    """A small JPEG that says in its frame header to be 65,000 dots wide and high."""
    raw = bytearray(picture())
    at = raw.index(b"\xff\xc0")
    raw[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(raw)


@cache
def swollen_text() -> bytes:
    """Text in a picture that becomes 50 MB when it is unpacked."""
    return png(8, 8, bytes(200), (b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50 * MIB), 9)))


KIND = ("not a JPEG, PNG, HEIC or PDF", "no es un JPEG, PNG, HEIC ni PDF")
DOTS = ("too many dots", "demasiados puntos")
DAMAGED = ("damaged or was cut off", "dañado o se cortó")
BAD: dict[str, tuple[Callable[[], bytes], tuple[str, str]]] = {
    "zip bomb": (zip_bomb, KIND),
    "zip bomb behind a picture's first bytes": (lambda: b"\xff\xd8\xff" + zip_bomb(), DAMAGED),
    "pixel bomb": (lambda: png(60_000, 60_000, bytes(MIB)), DOTS),
    "pixel bomb, JPEG": (wide_jpeg, DOTS),
    "text bomb in a picture": (swollen_text, DAMAGED),
    "polyglot: a page before a PDF": (lambda: b"<html><script>1</script>" + pdf(), KIND),
    "polyglot: a page behind a PDF": (lambda: pdf() + b"<script>alert(1)</script>" * 200, DAMAGED),
    "polyglot: a PDF behind the first bytes of a picture": (lambda: b"\x89PNG\r\n\x1a\n" + pdf(), DAMAGED),
    "script in an SVG": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", KIND),
    "empty": (lambda: b"", ("is empty", "está vacío")),
    "picture cut off": (lambda: picture()[:900], DAMAGED),
    "PDF cut off": (lambda: pdf(3)[:300], DAMAGED),
    "locked PDF": (
        lambda: pdf(encryption=pikepdf.Encryption(user="a", owner="b")),
        ("locked with a password", "protegido con contraseña"),
    ),
    "PDF of too many pages": (lambda: pdf(501), ("more than 500 pages", "más de 500 páginas")),
}


# -- what is looked at -------------------------------------------------------------


DOORS = ("files", "scans", "custody")
"""Pages that take a file: of the person, of one paper, and of the ledger of its original."""


class Browser:
    """A caseworker's, in one language, at a page that takes a file."""

    def __init__(self, desk: Desk, code: str, paper: bytes, door: str, language: str) -> None:
        self.desk, self.language = desk, language
        self.typed = {"label": LABEL}
        self.place = f"/people/{code}/files/new"
        if door != "files":
            self.place = f"/people/{code}/papers/{paper.hex()}/{door}/{'new' if door == 'scans' else 'taken_in'}"
        if door == "custody":
            day = agency_today().isoformat()
            self.typed = {"on": day, "who": "Officer Lund", "condition": LABEL, "version": "0"}
        self._said = {"headers": {"Accept-Language": language}}

    def get(self, url: str) -> TestResponse:
        return self.desk._alone(self.desk.browser.get, url, **self._said)

    def form(self, content: bytes) -> bytes:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(self.place).text)
        assert token is not None
        return multipart.form(content, "passport.jpg", csrf_token=token[1], **self.typed)

    def send(self, content: bytes) -> TestResponse:
        return self.post(data=self.form(content), content_type=multipart.CONTENT_TYPE)

    def post(self, **sent: Any) -> TestResponse:
        return self.desk._alone(self.desk.browser.post, self.place, **self._said, **sent)


@pytest.fixture(params=[("files", "en"), ("files", "es"), ("scans", "en"), ("custody", "es")], ids="-".join)
def page(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A page in a language: what answers is the same room behind all of them."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def language(page: tuple[str, str]) -> str:
    return page[1]


@pytest.fixture
def paper(world: World, code: str) -> bytes:
    return documents.paper(world, code)


@pytest.fixture
def door(page: tuple[str, str]) -> str:
    return page[0]


@pytest.fixture
def rosa(desk: Sign, code: str, paper: bytes, door: str, language: str) -> Browser:
    return Browser(desk("caseworker"), code, paper, door, language)


def lying() -> dict[str, int]:
    """What lies in the store and, without a name, behind this process: names and sizes."""
    found = {str(path): path.stat().st_size for path in deployment().files.rglob("*") if path.is_file()}
    for handle in Path("/proc/self/fd").glob("*"):
        try:
            place = os.readlink(handle)
            if place.startswith(str(deployment().folder)) and place.endswith(" (deleted)"):
                found[str(handle)] = handle.stat().st_size
        except OSError:
            continue
    return found


@contextmanager
def nothing_stays(world: World, code: str) -> Iterator[None]:
    """A file that was acknowledged before is whole afterwards, and is all there is."""
    kept = stored(world, code, picture("PNG", (90, 90)))
    before = lying()
    yield
    db.session.rollback()
    assert [row.id for row in file_rows()] == [kept]
    assert db.session.scalars(select(PaperHeld)).all() == []
    assert not [row for row in db.session.scalars(select(Paper)) if row.text_version != 1]
    assert lying() == before
    assert b"".join(queries.content(world.actor("caseworker"), code, kept)[1]).startswith(b"\x89PNG")


@contextmanager
def memory_within(mib: int) -> Iterator[None]:
    Path("/proc/self/clear_refs").write_text("5")
    before = _held("VmRSS")
    yield
    assert (_held("VmHWM") - before) / 1024 < mib


def _held(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


# -- one by one --------------------------------------------------------------------


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("what", BAD)
def test_what_is_bad_is_refused_beside_the_question_in_each_language(
    world: World, desk: Sign, code: str, paper: bytes, door: str, what: str
) -> None:
    make, words = BAD[what]
    content, rosa = make(), desk("caseworker")
    with nothing_stays(world, code):
        for language, said in zip(LANGUAGES, words, strict=True):
            browser = Browser(rosa, code, paper, door, language)
            browser.send(b"")  # whatever a first answer needs is loaded
            with memory_within(24):
                answer = browser.send(content)
            assert answer.status_code == 422
            assert said in answer.text
            assert LABEL in answer.text, "what was typed stays"
            assert answer.text.index('id="file-error"') < answer.text.index('type="file"')


def test_a_pdf_with_javascript_is_marked_and_only_ever_kept_as_a_copy(rosa: Browser, code: str, language: str) -> None:
    assert rosa.send(running_pdf()).status_code == 302
    (row,) = file_rows()
    url = f"/people/{code}/files/{row.id.hex()}"
    shown = rosa.get(url).text
    assert ("can run or open by itself", "puede ejecutarse o abrirse solo")[LANGUAGES.index(language)] in shown
    assert not re.search(r"<(iframe|embed|object)\b", shown)
    assert rosa.get(f"{url}/content").status_code == 404
    kept = rosa.get(f"{url}/download")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert kept.headers["Content-Security-Policy"].startswith("sandbox")


def test_two_gigabytes_are_refused_unread(world: World, code: str, rosa: Browser, language: str) -> None:
    class Never(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("the body was read")

    with nothing_stays(world, code), memory_within(24):
        answer = rosa.post(
            input_stream=Never(),
            environ_overrides={"CONTENT_LENGTH": str(2 * 1024 * MIB)},
            content_type=multipart.CONTENT_TYPE,
        )
    assert answer.status_code == 413
    assert ("too large", "demasiado grande")[LANGUAGES.index(language)] in answer.text


class Endless:
    """The body of a form whose one file has so many bytes, made as they are asked for; `look` is called each time."""

    def __init__(self, form: bytes, size: int, look: Callable[[], object]) -> None:
        self._head, self._tail = form.split(b"BODY")
        self._left, self._look = size, look

    def read(self, size: int = -1) -> bytes:
        self._look()
        if self._head:
            part, self._head = self._head, b""
        elif self._left:
            part = bytes(min(size if size >= 0 else MIB, self._left))
            self._left -= len(part)
        else:
            part, self._tail = self._tail, b""
        return part

    def tell(self) -> int:
        return 0

    def seek(self, *_: int) -> int:
        return 0

    def close(self) -> None:
        self._left = 0


def test_a_body_that_says_no_length_ends_at_the_limit_of_the_setting(world: World, code: str, rosa: Browser) -> None:
    """Two gigabytes that come without a length, as a proxy may pass them on: no more than the limit is kept, sealed."""
    waits = [0]
    body = Endless(
        rosa.form(b"BODY"),
        2 * 1024 * MIB,
        lambda: waits.extend(size for place, size in lying().items() if place.startswith("/proc")),
    )
    with nothing_stays(world, code), memory_within(32):
        answer = rosa.post(
            input_stream=body,
            environ_overrides={"wsgi.input_terminated": True},
            content_type=multipart.CONTENT_TYPE,
        )
    assert answer.status_code == 413
    assert 16 * MIB < max(waits) < most_bytes() * 1.01


def test_an_upload_that_breaks_off_leaves_nothing(app: Flask, world: World, code: str, rosa: Browser) -> None:
    """The telephone loses its network in the middle of eight megabytes."""
    body = rosa.form(bytes(8 * MIB))
    cookies = "; ".join(f"{name}={one.value}" for (_, _, name), one in rosa.desk.browser._cookies.items())
    head = f"POST {rosa.place} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nSec-Fetch-Site: same-origin\r\n"
    head += f"Content-Type: {multipart.CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    with nothing_stays(world, code), served(app) as url:
        where = urlsplit(url)
        with socket.create_connection(("127.0.0.1", where.port or 0)) as line:
            line.sendall(head.encode() + body[: len(body) // 2])
            line.shutdown(socket.SHUT_WR)
            line.settimeout(20)
            said = line.recv(4096)
        assert not said.startswith(b"HTTP/1.1 302"), "nothing is acknowledged"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: the kernel itself refuses, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


NO_ROOM = ("has no room for this file", "no tiene espacio para este archivo")


def test_a_disk_that_is_full_while_an_upload_waits_is_said(
    world: World, code: str, rosa: Browser, language: str
) -> None:
    content = noisy_pdf(30 * MIB)
    with nothing_stays(world, code):
        with room_for(24 * MIB):
            answer = rosa.send(content)
        assert NO_ROOM[LANGUAGES.index(language)] in answer.text
        assert answer.status_code == 400


def test_a_disk_that_is_full_when_it_is_stored_is_said(
    world: World, code: str, rosa: Browser, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = obstore.put

    def full(*given: Any, **more: Any) -> Any:
        with room_for(64 * 1024):
            return put(*given, **more)

    content = picture("PNG", (400, 400))
    with nothing_stays(world, code):
        with monkeypatch.context() as patch:
            patch.setattr(obstore, "put", full)
            answer = rosa.send(content)
        assert NO_ROOM[LANGUAGES.index(language)] in answer.text
        assert answer.status_code == 422
    assert rosa.send(content).status_code == 302, "with room again it goes in"


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_store_that_goes_away_in_the_middle_is_said(
    world: World, code: str, language: str, remote: S3Server, rosa: Browser, after: int
) -> None:
    content = noisy_pdf(12 * MIB)
    kept = stored(world, code, picture())
    remote.fail_after = after
    answer = rosa.send(content)
    remote.fail_after = None
    assert answer.status_code == 422
    words = ("cannot be reached just now", "No se puede acceder al almacén")
    assert words[LANGUAGES.index(language)] in answer.text
    assert [row.id for row in file_rows()] == [kept]
    assert len(remote.objects) == 1
    assert b"".join(queries.content(world.actor("caseworker"), code, kept)[1])
    assert rosa.send(content).status_code == 302


TWICE = ("here already", "ya está aquí")
SHOWN = ("in line 1 already", "ya está en la línea 1")


def test_the_same_file_twice_is_said_and_kept_once(rosa: Browser, door: str, language: str) -> None:
    content = picture()
    assert rosa.send(content).status_code == 302
    before, known = lying(), len(file_rows())
    if door == "custody":
        rosa.place, rosa.typed = rosa.place.replace("taken_in", "seen"), rosa.typed | {"version": "1"}
    answer = rosa.send(content)
    assert answer.status_code == 422
    assert answer.text.index('id="file-error"') < answer.text.index('type="file"')
    assert (SHOWN if door == "custody" else TWICE)[LANGUAGES.index(language)] in answer.text
    assert len(file_rows()) == known
    assert lying() == before
