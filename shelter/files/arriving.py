"""A file on its way into the store: checked before the transaction it belongs to, taken back where that fails."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import BinaryIO

from shelter.db.base import new_id
from shelter.files import store
from shelter.files.checking import Checked, check, most_bytes
from shelter.files.scanning import scan
from shelter.rules.broken import Broken


@dataclass(frozen=True, slots=True)
class Incoming:
    """A checked file on its way into the store, with the ids it will have."""

    checked: Checked = field(repr=False)
    label: str
    replaces: bytes = b""
    id: bytes = field(default_factory=new_id)
    original: bytes = b""


@contextmanager
def arriving(
    label: str, content: bytes | BinaryIO, *, evidence: bool = False, replaces: bytes = b""
) -> Iterator[Incoming]:
    """Around the transaction that the file belongs to: checked before it, taken out of the store where it fails."""
    checked = check(content)
    if checked.sent_size > most_bytes():
        raise Broken("files.too-large", field="file", values={"most": most_bytes() // 1024 // 1024})
    scan(checked.original)
    original = new_id() if evidence and checked.original is not checked.content else b""
    file = Incoming(checked, label, replaces, original=original)
    with store.taken_back_on_failure(file.id, original):
        yield file


def perhaps_arriving(
    label: str, content: bytes | BinaryIO | None, *, evidence: bool = False
) -> AbstractContextManager[Incoming | None]:
    """`arriving` where a file may come with something else; None where none came."""
    return arriving(label, content, evidence=evidence) if content else nullcontext()
