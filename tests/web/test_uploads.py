"""What is sent to us stays in memory, and no more than the page asked for."""

from __future__ import annotations

import io
import tempfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestEntityTooLarge

from shelter.web.uploads import CappedMemory


def sent(*sizes: int) -> dict[str, Any]:
    """A body with a file of each size; made by hand, as the test client would spool it to the disk itself."""
    head = 'Content-Disposition: form-data; name="scan{0}"; filename="scan{0}.jpg"'
    parts = [b"--edge\r\n" + head.format(n).encode() + b"\r\n\r\n" + b"\xff" * size for n, size in enumerate(sizes)]
    return {"data": b"\r\n".join([*parts, b"--edge--\r\n"]), "content_type": "multipart/form-data; boundary=edge"}


@pytest.fixture(autouse=True)
def _no_temporary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework keeps large uploads in one of these; both refuse to exist here."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an upload was about to be written to the disk in clear")

    for place in (tempfile, __import__("werkzeug.formparser", fromlist=["x"])):
        for name in ("SpooledTemporaryFile", "TemporaryFile"):
            monkeypatch.setattr(place, name, refuse, raising=False)


def test_a_large_upload_never_touches_the_disk(unchecked: FlaskClient) -> None:
    answer = unchecked.post("/send", **sent(1_900_000))
    assert answer.json == {"scan0": 1_900_000}


@pytest.mark.parametrize("size", [2_000_001, 4_000_000])
def test_more_than_a_view_takes_is_refused(unchecked: FlaskClient, size: int) -> None:
    assert unchecked.post("/send", **sent(size)).status_code == 413


def test_two_files_that_are_too_large_together_are_refused(unchecked: FlaskClient) -> None:
    assert unchecked.post("/send", **sent(1_900_000, 1_900_000)).status_code == 413


@pytest.mark.parametrize("size", [1, 600_000])
def test_a_view_that_asked_for_no_file_refuses_one(unchecked: FlaskClient, size: int) -> None:
    assert unchecked.post("/echo", **sent(size)).status_code == 413


def test_a_form_with_an_empty_file_control_passes(unchecked: FlaskClient) -> None:
    answer = unchecked.post("/echo", data={"name": "a", "scan": (io.BytesIO(b""), "")})
    assert answer.json == {"name": "a"}


def test_a_body_without_files_has_a_limit_too(unchecked: FlaskClient) -> None:
    assert unchecked.post("/echo", data={"name": "a" * 1_100_000}).status_code == 413


class LastSeen(io.BytesIO):
    """Remembers what a file held at the moment its memory went back."""

    last = b""

    def close(self) -> None:
        if not self.closed:
            LastSeen.last = self.getvalue()
        super().close()


class Watched(CappedMemory, LastSeen):
    pass


def test_memory_is_overwritten_when_it_is_let_go() -> None:
    held = Watched(100)
    held.write(b"passport")
    held.close()
    assert LastSeen.last == bytes(8)
    held.close()


def test_memory_refuses_to_grow_over_its_cap() -> None:
    held = CappedMemory(8)
    held.write(b"12345678")
    with pytest.raises(RequestEntityTooLarge):
        held.write(b"9")
