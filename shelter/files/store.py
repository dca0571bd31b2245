"""Where sealed files lie, under random names: a folder of this machine, or an S3-compatible store, by one setting."""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from shelter.db.deployment import deployment
from shelter.db.errors import Missing

if TYPE_CHECKING:
    from obstore import BytesStream

_PORTION = 1024 * 1024
_PART, _PART_HERE = 5 * 1024 * 1024, 1024 * 1024
"""The smallest part that S3 takes, and one that stays near the processor where no line is slower than it is; two at
once are all that waits in memory."""
_GIVES_UP_AFTER = timedelta(seconds=20)


class Away(Exception):
    """The store cannot be reached, or went away in the middle; nothing of what was begun stays."""


class Full(Away):
    """It has no room for this; what lies there can be read."""


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _store() -> LocalStore | S3Store:
    place = deployment()
    return _remote(place.store_url) if place.store_url else LocalStore(prefix=place.files, mkdir=True)


@cache
def _remote(url: str) -> S3Store:
    return S3Store.from_url(
        url,
        client_options={
            "connect_timeout": "5s",
            "timeout": "60s",
            "allow_http": os.environ.get("AWS_ALLOW_HTTP") == "true",
        },
        retry_config={"max_retries": 2, "retry_timeout": _GIVES_UP_AFTER},
    )


@contextmanager
def _reached() -> Iterator[None]:
    """What the store says, in our words."""
    try:
        yield
    except FileNotFoundError:
        raise Missing from None
    except (BaseError, OSError) as error:
        raise (Full if _number(error) in _NO_ROOM else Away) from None


def _number(error: Exception) -> int | None:
    """Of the system's errors; what our library says of one is a text with the number in it."""
    if isinstance(error, OSError):
        return error.errno
    told = re.search(r"\(os error (\d+)\)", str(error))
    return int(told[1]) if told else None


def put(file_id: bytes, sealed: Iterable[bytes]) -> None:
    """Writes a whole object or none, and returns once the store has it for good. Raises `Away`."""
    try:
        with _reached():
            remote = bool(deployment().store_url)
            part = _PART if remote else _PART_HERE
            obstore.put(_store(), name_of(file_id), sealed, use_multipart=True, chunk_size=part, max_concurrency=2)
            if not remote:
                _flush(deployment().files / name_of(file_id))
    except Missing:
        raise Away from None


@contextmanager
def taken_back_on_failure(*file_ids: bytes) -> Iterator[None]:
    """Around the transaction that files belong to: where it fails, nothing of them stays."""
    try:
        yield
    except BaseException:
        for file_id in file_ids:
            _forget(file_id)
        raise


def _forget(file_id: bytes) -> None:
    """What cannot be taken back now, because the store is away, is found by `doctor`."""
    try:
        if file_id:
            delete(file_id)
    except Away:
        return


def size(file_id: bytes) -> int:
    """Bytes stored; `Missing` where there is no such object."""
    with _reached():
        return int(obstore.head(_store(), name_of(file_id))["size"])


def read(file_id: bytes, start: int, end: int) -> bytes:
    """Bytes `start` to `end` (left out) of an object; `Missing` where there is none."""
    with _reached():
        return bytes(obstore.get_range(_store(), name_of(file_id), start=start, end=end))


def stream(file_id: bytes) -> Iterator[bytes]:
    """The object as it lies there, in portions; `Missing`, at once, where there is none."""
    with _reached():
        found = obstore.get(_store(), name_of(file_id)).stream(min_chunk_size=_PORTION)
    return _portions(found)


def _portions(portions: "BytesStream") -> Iterator[bytes]:
    while True:
        with _reached():
            portion = next(portions, None)
        if portion is None:
            return
        yield bytes(portion)


def delete(file_id: bytes) -> None:
    """Gone afterwards, whether or not it was there."""
    discard(name_of(file_id))


def discard(name: str) -> None:
    try:
        with _reached():
            obstore.delete(_store(), name)
    except Missing:
        return


def reach() -> None:
    """Returns where the store answers. Raises `Away`."""
    with _reached():
        next(iter(obstore.list(_store(), chunk_size=1)), None)


def names() -> Iterator[tuple[str, datetime]]:
    """Everything that lies in the store, and since when."""
    with _reached():
        for batch in obstore.list(_store()):
            yield from ((str(one["path"]), one["last_modified"]) for one in batch)


def begun() -> Iterator[Path]:
    """Files of the folder whose writing was cut off by a crash; another store keeps such parts to itself."""
    folder = deployment().files
    if not deployment().store_url and folder.exists():
        yield from (path for path in folder.rglob("*#*") if path.is_file())


def _flush(path: Path) -> None:
    """The file and its place in the folder: what was acknowledged outlives a loss of power."""
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def name_of(file_id: bytes) -> str:
    text = file_id.hex()
    return f"{text[:2]}/{text}"
