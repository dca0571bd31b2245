"""Where an operator runs a scanner, a file that it finds something in is not stored, nor one that it cannot judge."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.db import db
from shelter.files.actions import AddFile, add
from shelter.files.models import StoredFile
from shelter.files.scanning import scan
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.factories.clients import begin
from tests.factories.documents import picture


@contextmanager
def clamd(place: Path, answer: bytes) -> Iterator[list[bytes]]:
    """A scanner that speaks as clamd does: reads INSTREAM to its end, then says one thing."""
    got: list[bytes] = []
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(place))
    listening.listen()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            whole = b""
            while size := int.from_bytes(sent.read(4), "big"):
                whole += sent.read(size)
            got.append(whole)
            connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield got
    finally:
        listening.close()
        thread.join(5)


@pytest.fixture
def place(app: Flask, tmp_path: Path) -> Path:
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], scanner=tmp_path / "clamd.ctl")
    return tmp_path / "clamd.ctl"


def test_a_clean_file_is_stored_and_the_scanner_saw_all_of_it(world: World, place: Path) -> None:
    code, sent = begin(world), picture()
    with clamd(place, b"stream: OK\0") as got:
        add(world.actor("caseworker"), AddFile(code, "scan", sent))
    assert got == [sent]
    assert len(db.session.scalars(select(StoredFile.id)).all()) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", "files.infected"),
        (b"INSTREAM size limit exceeded. ERROR\0", "files.scanner-away"),
        (b"", "files.scanner-away"),
    ],
)
def test_what_it_finds_or_cannot_judge_is_not_stored(world: World, place: Path, answer: bytes, said: str) -> None:
    code = begin(world)
    with clamd(place, answer), pytest.raises(Broken) as refused:
        add(world.actor("caseworker"), AddFile(code, "scan", picture()))
    assert (refused.value.message_key, refused.value.field) == (said, "file")
    assert db.session.scalars(select(StoredFile.id)).all() == []


def test_a_scanner_that_is_not_there_fails_closed_and_none_asked_for_is_none(app: Flask, place: Path) -> None:
    with app.app_context():
        with pytest.raises(Broken) as refused:
            scan(io.BytesIO(b"x"))
        assert refused.value.message_key == "files.scanner-away"
        app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], scanner=None)
        scan(io.BytesIO(b"x"))
