"""What may come in, judged by content and never by name.

Images are written anew, a PDF is kept as it is and marked when it can run something. Whatever is refused is
refused with a sentence, before anything is stored.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from shelter.db.deployment import deployment
from shelter.files.pdfs import judge
from shelter.files.pictures import Rewritten, rewritten
from shelter.rules.broken import Broken

_PORTION = 1024 * 1024
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What will be sealed, from its beginning; `sent` is the SHA-256 of the bytes as they came, `digest` of these.

    `thumbnail` is a small JPEG of a picture; `original` what came, which for a PDF is what is stored.
    """

    media: str
    content: BinaryIO
    size: int
    digest: bytes
    sent: bytes
    sent_size: int
    original: BinaryIO
    original_media: str
    active_content: bool = False
    thumbnail: bytes = b""


def most_bytes() -> int:
    """The largest file that is taken, as the agency has set it."""
    return deployment().most_file_bytes


def check(raw: bytes | BinaryIO) -> Checked:
    """Raises `Broken` for anything but a whole JPEG, PNG, HEIC or PDF within the limits."""
    came = io.BytesIO(raw) if isinstance(raw, bytes) else raw
    size, sent = _measured(came)
    if not size:
        raise Broken("files.empty", field="file")
    came.seek(0)
    head = came.read(16)
    came.seek(0)
    if head.startswith(b"%PDF-"):
        active = judge(came, size)
        return Checked("application/pdf", came, size, sent, sent, size, came, "application/pdf", active_content=active)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or _is_heic(head):
        return _picture(came, size, sent, heic=_is_heic(head))
    raise Broken("files.unknown-kind", field="file")


def portions(stream: BinaryIO) -> Iterator[bytes]:
    """The whole of a stream from its beginning, a megabyte at a time."""
    stream.seek(0)
    while portion := stream.read(_PORTION):
        yield portion


def measured(checked: Checked, label: str, by: bytes, at: datetime) -> dict[str, Any]:
    """What is kept about a file that was just checked, for `FileAbout` and what is made from it."""
    return {
        "label": label,
        "media": checked.media,
        "size": checked.size,
        "digest": checked.digest,
        "added_by": by,
        "added_at": at,
        "active_content": checked.active_content,
        "sent": checked.sent,
    }


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC


def _measured(stream: BinaryIO) -> tuple[int, bytes]:
    size, hashed = 0, hashlib.sha256()
    for portion in portions(stream):
        size += len(portion)
        hashed.update(portion)
    return size, hashed.digest()


def _picture(came: BinaryIO, size: int, sent: bytes, *, heic: bool) -> Checked:
    made: Rewritten = rewritten(came, size, heic=heic)
    length, digest = _measured(made.content)
    kind = "image/heic" if heic else made.media
    return Checked(made.media, made.content, length, digest, sent, size, came, kind, thumbnail=made.thumbnail)
