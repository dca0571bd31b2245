"""Where sealed files lie: a folder of this machine through obstore, under random names."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import obstore
from obstore.store import LocalStore

from shelter.db.deployment import deployment
from shelter.db.errors import Missing

_PORTION = 1024 * 1024


def _store() -> LocalStore:
    return LocalStore(prefix=deployment().files, mkdir=True)


def put(file_id: bytes, sealed: Iterable[bytes]) -> None:
    """Writes a whole object or none, and returns once the disk has it."""
    obstore.put(_store(), _name(file_id), sealed, use_multipart=True)
    _flush(deployment().files / _name(file_id))


@contextmanager
def taken_back_on_failure(file_id: bytes) -> Iterator[None]:
    """Around the transaction that a file belongs to: where it fails, nothing of the file stays."""
    try:
        yield
    except BaseException:
        delete(file_id)
        raise


def size(file_id: bytes) -> int:
    """Bytes stored; `Missing` where there is no such object."""
    try:
        return int(obstore.head(_store(), _name(file_id))["size"])
    except FileNotFoundError:
        raise Missing from None


def read(file_id: bytes, start: int, end: int) -> bytes:
    """Bytes `start` to `end` (left out) of an object; `Missing` where there is none."""
    try:
        return bytes(obstore.get_range(_store(), _name(file_id), start=start, end=end))
    except FileNotFoundError:
        raise Missing from None


def stream(file_id: bytes) -> Iterator[bytes]:
    """The object as it lies there, in portions; `Missing` where there is none."""
    try:
        found = obstore.get(_store(), _name(file_id))
    except FileNotFoundError:
        raise Missing from None
    for portion in found.stream(min_chunk_size=_PORTION):
        yield bytes(portion)


def delete(file_id: bytes) -> None:
    """Gone afterwards, whether or not it was there."""
    try:
        obstore.delete(_store(), _name(file_id))
    except FileNotFoundError:
        return


def _flush(path: Path) -> None:
    """The file and its place in the folder: what was acknowledged outlives a loss of power."""
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _name(file_id: bytes) -> str:
    text = file_id.hex()
    return f"{text[:2]}/{text}"
