"""Where sealed files lie: a folder of this machine through obstore, under random names."""

from collections.abc import Iterable

import obstore
from obstore.store import LocalStore

from shelter.db.deployment import deployment
from shelter.db.errors import Missing


def _store() -> LocalStore:
    return LocalStore(prefix=deployment().files, mkdir=True)


def put(file_id: bytes, sealed: Iterable[bytes]) -> None:
    """Writes a whole object or none."""
    obstore.put(_store(), _name(file_id), sealed, use_multipart=True)


def size(file_id: bytes) -> int:
    """Bytes stored; `Missing` where there is no such object."""
    try:
        return int(obstore.head(_store(), _name(file_id))["size"])
    except FileNotFoundError:
        raise Missing from None


def read(file_id: bytes, start: int, end: int) -> bytes:
    return bytes(obstore.get_range(_store(), _name(file_id), start=start, end=end))


def delete(file_id: bytes) -> None:
    obstore.delete(_store(), _name(file_id))


def _name(file_id: bytes) -> str:
    text = file_id.hex()
    return f"{text[:2]}/{text}"
