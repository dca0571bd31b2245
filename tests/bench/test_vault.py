"""Files and papers beside bare peers: a scan sealed and stored, a piece of a large one, small pictures, a long list."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.batch import Opened
from shelter.db.deployment import deployment
from shelter.db.sections import fill, open_section
from shelter.documents.actions import packs
from shelter.documents.known import Known
from shelter.documents.models import (
    IN_SHORT,
    PAPER_TEXT,
    RECOVERY,
    Paper,
    PaperPack,
    PapersInShort,
    PaperText,
    Recovery,
)
from shelter.documents.queries import papers as paper_queries
from shelter.documents.queries import what_waits
from shelter.documents.way import begin
from shelter.files import queries as file_queries
from shelter.files import sealing
from shelter.files.models import FILE_ABOUT, FILE_THUMB, FileAbout, StoredFile, Thumb
from shelter.rules.clock import now
from shelter.rules.papers import papers
from shelter.trail.record import recorded
from tests.bench import crowd
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row, paired
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import picture

pytestmark = pytest.mark.bench
CHUNK, MIB = 64 * 1024, 1024 * 1024
PICTURES = 24


def row_for(world: World, code: str, size: int) -> StoredFile:
    """A file of a client, not stored yet."""
    client = db.session.scalars(select(Client).where(Client.code == code)).one()
    row, actor = StoredFile(client_id=client.id), world.actor("caseworker")
    about = FileAbout(label="scan", media="application/pdf", size=size, digest=b"", added_by=actor.id, added_at=now())
    with recorded(actor, "laid-down", client.id):
        fill(actor, row, FILE_ABOUT, about)
        db.session.add(row)
    return row


def pieces(size: int) -> Iterator[bytes]:
    piece = os.urandom(MIB)
    for _ in range(size // MIB):
        yield piece


@contextmanager
def peak() -> Iterator[Callable[[], float]]:
    """Inside, asks how many MiB this process has held at most beyond what it held at the beginning."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    yield lambda: (_status("VmHWM") - before) / 1024


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def bare(path: Path, size: int) -> None:
    """AES-GCM over chunks of 64 KiB into a file of the same disk, flushed as ours is."""
    cipher = AESGCM(os.urandom(32))
    with path.open("wb") as out:
        number = 0
        for piece in pieces(size):
            for start in range(0, len(piece), CHUNK):
                out.write(cipher.encrypt(number.to_bytes(12, "big"), piece[start : start + CHUNK], None))
                number += 1
        out.flush()
        os.fsync(out.fileno())


def test_sealing_and_storing_a_scan_of_25_megabytes(world: World, ledger: Ledger) -> None:
    code, size = clients.begin(world), 25 * MIB
    actor, row = world.actor("caseworker"), row_for(world, code, size)
    twin = deployment().files / "twin"
    twin.parent.mkdir(parents=True, exist_ok=True)
    with recorded(actor, "laid-down"):
        pair = paired(lambda: sealing.write(actor, row, pieces(size)), lambda: bare(twin, size), rounds=9)
        note = "with the fsync of both"
        milli = 1e3
        told = Row(
            "seal and store 25 MB / AES-GCM chunks to the same disk",
            pair.ours * milli,
            pair.peer * milli,
            pair.ratio,
            1.3,
            "lower",
            "ms",
            pair.rounds,
            note,
        )
        ledger.add(told)
        held = []
        for many in (1, 4):
            with peak() as most:
                sealing.write(actor, row, pieces(many * size))
                held.append(most())
    memory = Row("memory while 100 MB are sealed / 32 MiB", held[1], 32, held[1] / 32, 1.0, "lower", "MiB", 1)
    ledger.add(memory)
    assert told.passes
    assert memory.passes


def test_a_piece_of_a_large_file_against_one_of_a_small_file(world: World, ledger: Ledger, full: bool) -> None:
    large = (1024 if full else 128) * MIB
    code, actor = clients.begin(world), world.actor("caseworker")
    files = {}
    for size in (MIB, large):
        files[size] = row_for(world, code, size)
        with recorded(actor, "laid-down"):
            sealing.write(actor, files[size], pieces(size))

    def opening(size: int) -> Callable[[], None]:
        start = size // 2

        def open_it() -> None:
            for _ in range(20):
                assert len(sealing.reader(actor, files[size]).read(start, start + CHUNK)) == CHUNK

        return open_it

    pair = paired(opening(large), opening(MIB), rounds=9)
    name = f"open 64 KiB of {large // MIB} MB / of 1 MB"
    micro = 1e6 / 20
    row = Row(name, pair.ours * micro, pair.peer * micro, pair.ratio, 1.2, "lower", "us", pair.rounds)
    assert ledger.add(row).passes


def test_a_page_of_small_pictures_against_plain_files(
    app: Flask, world: World, ledger: Ledger, database_kind: str, tmp_path: Path
) -> None:
    code = clients.begin(world)
    actor, client = world.actor("caseworker"), db.session.scalars(select(Client).where(Client.code == code)).one()
    plain: dict[bytes, Path] = {}
    with recorded(actor, "laid-down", client.id):
        for number in range(PICTURES):
            row, small = StoredFile(client_id=client.id), picture(size=(240, 180))
            about = FileAbout(
                label=f"page {number}",
                media="image/jpeg",
                size=len(small),
                digest=b"",
                added_by=actor.id,
                added_at=now(),
            )
            fill(actor, row, FILE_ABOUT, about)
            fill(actor, row, FILE_THUMB, Thumb(jpeg=small))
            db.session.add(row)
            plain[row.id] = tmp_path / row.id.hex()
            plain[row.id].write_bytes(small)
    db.session.remove()
    desk = Desk(app, world, "caseworker")

    def shown() -> None:
        answer = Context().run(desk.browser.get, f"/people/{code}/files")
        assert answer.text.count("data:image/jpeg") == PICTURES

    opened = file_queries.open_each

    def read(reader: Any, rows: Sequence[Any], section: Any) -> Opened[Any]:
        if section is not FILE_THUMB:
            return opened(reader, rows, section)
        return Opened([Thumb(jpeg=plain[row.row_id].read_bytes()) for row in rows], [])

    def twin() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(file_queries, "open_each", read)
            shown()

    shown()
    cpu = Cpu(db.engine)
    pair = paired(shown, twin, rounds=9, clock=cpu)
    name = f"page of 24 small pictures, {database_kind}: sealed / plain files"
    row = Row(name, pair.ours * 1e3, pair.peer * 1e3, pair.ratio, 1.5, "lower", "ms", pair.rounds, cpu.note)
    assert ledger.add(row).passes


@pytest.fixture
def waiting(world: World, full: bool) -> dict[tuple[bytes, str], bytes]:
    """Papers that wait, four of each client, two of them on their way back; in plain msgpack too, for the twin."""
    count, kept = 5_000 if full else 1_000, {}
    people, actor = list(crowd.invented(count // 4)), world.actor("supervisor")
    crowd.lay_down(actor, world.sites["north"], people)
    way = papers().ways["foreign_passport"]
    with recorded(actor, "laid-down"):
        for number in range(count):
            one = people[number // 4]
            expires = Known(year=2031, month=1 + number % 12, day=1 + number % 28)
            text = PaperText(
                kind="foreign_passport",
                country="PHL",
                number=f"P{number:08}",
                printed_name="NAME, AS PRINTED",
                state="with_employer",
                expires=expires,
                changed_by=actor.id,
                changed_at=now(),
            )
            paper = Paper(client_id=one.id)
            fill(actor, paper, PAPER_TEXT, text)
            kept[paper.id, "text"] = msgspec.msgpack.encode(text)
            if number % 2:
                recovery = Recovery(ways=[begin(way, by=actor.id, at=now())])
                fill(actor, paper, RECOVERY, recovery)
                kept[paper.id, "recovery"] = msgspec.msgpack.encode(recovery)
            db.session.add(paper)
        db.session.flush()
        for client in db.session.scalars(select(Client).where(Client.id.in_([one.id for one in people]))).all():
            packs.keep(actor, client)
    for pack in db.session.scalars(select(PaperPack)):
        kept[pack.id, "short"] = msgspec.msgpack.encode(open_section(actor, pack, IN_SHORT))
    db.session.remove()
    return kept


def test_the_first_screen_of_a_long_list_of_papers(
    app: Flask, world: World, waiting: dict[tuple[bytes, str], bytes], ledger: Ledger, database_kind: str
) -> None:
    desk = Desk(app, world, "supervisor")
    structs = {"text": PaperText, "recovery": Recovery, "short": PapersInShort}
    decoders = {name: msgspec.msgpack.Decoder(struct) for name, struct in structs.items()}

    def shown() -> None:
        answer = Context().run(desk.browser.get, "/papers")
        assert answer.status_code == 200
        assert answer.text.count("/papers/") >= 24

    def read(actor: Any, rows: Sequence[Any], section: Any) -> Opened[Any]:
        decode = decoders[section.name].decode
        return Opened([decode(kept) if (kept := waiting.get((row.row_id, section.name))) else None for row in rows], [])

    def twin() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paper_queries, "open_each", read)
            patch.setattr(what_waits, "with_keys", lambda actor, query, subject, section: query)
            patch.setattr(what_waits, "take_keys", lambda actor, rows: rows)
            shown()

    shown()
    twin()
    cpu = Cpu(db.engine)
    pair = paired(shown, twin, rounds=7, clock=cpu)
    count = sum(name == "text" for _, name in waiting)
    name = f"first screen of {count:,} papers waiting, {database_kind}: sealed / plaintext"
    row = Row(name, pair.ours * 1e3, pair.peer * 1e3, pair.ratio, 1.3, "lower", "ms", pair.rounds, cpu.note)
    assert ledger.add(row).passes
