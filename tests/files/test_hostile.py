"""Hostile and broken uploads: a plain answer, bounded memory and disk, nothing half stored."""

import hashlib
import io
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shelter.crypto.files import CHUNK
from shelter.crypto.spool import IN_MEMORY, SealedSpool
from shelter.db.deployment import deploy, deployment
from shelter.documents import actions as paper_actions
from shelter.documents import queries as paper_queries
from shelter.documents.actions import AddScan
from shelter.files import queries
from shelter.files.actions import AddFile, add
from shelter.files.checking import check, portions
from shelter.files.models import FILE_THUMB
from shelter.rules.broken import Broken
from tests.factories import documents
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import file_rows, pdf, picture, running_pdf, stored
from tests.support.databases import ROOT

Sign = Callable[[str], Desk]


def heic(size: tuple[int, int] = (64, 32), **saved: object) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.effect_noise(size, 60).convert("RGB")).save(out, **saved)
    return out.getvalue()


def nothing() -> None:
    assert file_rows() == []
    folder = deployment().files
    assert not [path for path in folder.rglob("*") if path.is_file()]


# -- what telephones send --------------------------------------------------------


def test_a_heic_of_a_telephone_becomes_a_jpeg_without_its_place() -> None:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker-Secret"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 46.0, 29.64), 3: "W", 4: (122.0, 25.0, 9.84)})
    sent = heic(exif=exif.tobytes(), thumbnails=[32])
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    checked = check(sent)
    assert checked.media == "image/jpeg"
    made = checked.content.read() if checked.content.seek(0) == 0 else b""
    assert b"PhoneMaker" not in made
    shown = Image.open(io.BytesIO(made))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (64, 32), {})


@pytest.mark.parametrize("cut", [20, 200, -40])
def test_a_heic_that_was_cut_is_damaged(cut: int) -> None:
    with pytest.raises(Broken, match=r"files\.damaged"):
        check(heic()[:cut])


def test_what_came_is_kept_beside_the_picture_where_it_is_evidence(world: World, code: str) -> None:
    sent = picture("JPEG", comment=b"her street")
    file_id = add(world.actor("caseworker"), AddFile(code, "page one", sent, evidence=True))
    actor = world.actor("advocate")
    _, view, _ = queries.one(actor, code, file_id)
    kept, parts = queries.content(actor, code, view.original)
    assert b"".join(parts) == sent
    assert kept.digest == hashlib.sha256(sent).hexdigest()
    assert not kept.is_picture
    assert kept.original_of == file_id
    assert b"her street" not in b"".join(queries.content(actor, code, file_id)[1])
    assert [one.id for one in queries.of_client(actor, code)[1]] == [file_id]


def test_a_newer_one_takes_the_place_and_the_earlier_stays(world: World, code: str) -> None:
    actor = world.actor("caseworker")
    first = stored(world, code, picture())
    newer = add(actor, AddFile(code, "page one, sharp", picture(), replaces=first))
    assert [one.id for one in queries.of_client(actor, code)[1]] == [newer]
    assert [one.id for one in queries.one(actor, code, newer)[2]] == [first]
    assert b"".join(queries.content(actor, code, first)[1])


def test_small_pictures_are_sealed_and_come_in_the_page(world: World, desk: Sign, code: str) -> None:
    stored(world, code, picture("PNG", (500, 300)))
    (row,) = file_rows()
    assert row.thumb
    assert b"JFIF" not in row.thumb
    assert FILE_THUMB.kind.value == "documents"
    shown = desk("caseworker").get(f"/people/{code}/files").text
    assert re.search(r'<img class="img-fluid" src="data:image/jpeg;base64,', shown)


def test_the_same_file_twice_is_said_and_named_once(world: World, code: str) -> None:
    content = picture()
    first = stored(world, code, content)
    with pytest.raises(Broken, match=r"files\.twice"):
        stored(world, code, content)
    assert [row.id for row in file_rows()] == [first]
    found = documents.paper(world, code)
    scan = paper_actions.add_scan(world.actor("caseworker"), AddScan(code, found, "again", content))
    assert scan == first
    with pytest.raises(Broken, match=r"files\.twice"):
        paper_actions.add_scan(world.actor("caseworker"), AddScan(code, found, "again", content))
    assert paper_queries.one(world.actor("caseworker"), code, found)[1].text.scans == [first]


# -- what is sent to do harm -----------------------------------------------------


def bomb_png(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


HOSTILE = {
    "zip bomb": (b"PK\x03\x04" + bytes(2000), "files.unknown-kind"),
    "pixel bomb": (bomb_png(60_000), "files.too-many-pixels"),
    "script in an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "files.unknown-kind"),
    "PDF behind a page": (b"<html><script>1</script>" + pdf(), "files.unknown-kind"),
    "page behind a PDF": (pdf() + b"<script>alert(1)</script>" * 200, "files.damaged"),
    "GIF that is also a script": (b"GIF89a/*" + bytes(40) + b"*/=1;", "files.unknown-kind"),
    "HEIC in name only": (b"\x00\x00\x00\x18ftypheic" + os.urandom(400), "files.damaged"),
    "empty": (b"", "files.empty"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_is_refused_with_a_reason_and_leaves_nothing(world: World, code: str, what: str) -> None:
    content, why = HOSTILE[what]
    with pytest.raises(Broken, match=re.escape(why)):
        stored(world, code, content)
    nothing()


def test_a_pdf_that_can_run_something_is_marked_and_never_shown(world: World, desk: Sign, code: str) -> None:
    file_id = stored(world, code, running_pdf())
    page = desk("caseworker").get(f"/people/{code}/files/{file_id.hex()}").text
    assert "can run or open by itself" in page
    assert "<iframe" not in page
    assert "<embed" not in page


def test_two_gigabytes_are_refused_before_they_are_read(desk: Sign, code: str) -> None:
    class Never(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("the body was read")

    rosa = desk("caseworker")
    answer = rosa.browser.post(
        f"/people/{code}/files/new",
        input_stream=Never(),
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3)},
        content_type="multipart/form-data; boundary=edge",
    )
    assert answer.status_code == 413
    nothing()


def test_a_limit_is_a_setting(world: World, code: str) -> None:
    assert deployment().most_file_bytes == 100 * 1024 * 1024
    deploy(replace(deployment(), most_file_bytes=1000))
    with pytest.raises(Broken, match=r"files\.too-large"):
        stored(world, code, picture())
    nothing()


# -- the place where an upload waits ---------------------------------------------


@given(st.lists(st.binary(max_size=3 * CHUNK), max_size=8), st.lists(st.integers(0, 30 * CHUNK), max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_spool_gives_back_what_was_written_from_any_place(parts: list[bytes], places: list[int]) -> None:
    whole, spool = b"".join(parts), SealedSpool(io.BytesIO)
    for part in parts:
        spool.write(part)
    assert spool.size == len(whole)
    for place in places:
        spool.seek(place)
        assert spool.read(CHUNK + 7) == whole[place : place + CHUNK + 7]
    assert b"".join(portions(spool)) == whole  # type: ignore[arg-type]


def test_a_spool_puts_nothing_in_clear_into_its_file() -> None:
    files: list[io.BytesIO] = []

    def opened() -> io.BytesIO:
        files.append(io.BytesIO())
        return files[0]

    spool, content = SealedSpool(opened), os.urandom((IN_MEMORY + 4) * CHUNK)
    spool.write(content)
    lying = files[0].getvalue()
    assert len(lying) > (IN_MEMORY + 3) * CHUNK
    assert not [at for at in range(0, len(content) - 32, 4099) if content[at : at + 32] in lying]


GROWS = """
import io, os, resource, sys, tempfile
from shelter.crypto.spool import SealedSpool
from shelter.crypto.files import encrypt
from shelter.crypto.context import Context
from shelter.crypto.labels import Label
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
spool, part = SealedSpool(tempfile.TemporaryFile), os.urandom(1 << 20)
for _ in range(200):
    spool.write(part)
spool.seek(0)
sealed = encrypt(bytes(32), bytes(16), Context(Label.FILE, bytes(16)), iter(lambda: spool.read(1 << 20), b""))
print(sum(len(one) for one in sealed) >> 20, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


def test_two_hundred_megabytes_wait_and_are_sealed_within_a_few_of_memory() -> None:
    said = subprocess.run([sys.executable, "-c", GROWS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    size, grown = said.split()
    assert int(size) >= 200
    assert int(grown) < 32
