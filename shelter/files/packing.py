"""An archive for somebody who has none of our software: sealed with a passphrase, each member's digest in it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from werkzeug.exceptions import RequestEntityTooLarge

from shelter.crypto.zipped import SealedZip, TooLarge
from shelter.files.spool import spool
from shelter.rules.broken import Broken
from shelter.rules.passphrases import refuse_weak_seal

Member = tuple[str, Callable[[], Iterable[bytes]]]
"""A name and what opens its content, one member at a time."""
MOST = 2 * 1024 * 1024 * 1024


def packed(members: Iterable[Member], passphrase: str) -> BinaryIO:
    """From its beginning, waiting sealed. `SHA256SUMS`, the last member, names the digest of each other.

    Raises `Broken` for a passphrase that is too short or where it would be too large, and whatever a member raises
    that does not open.
    """
    refuse_weak_seal(passphrase)
    out, sums = spool(MOST), []
    archive = SealedZip(out, passphrase)
    for name, content in members:
        hashed = hashlib.sha256()
        try:
            archive.add(name, _told(content(), hashed.update))
        except (TooLarge, RequestEntityTooLarge):
            raise Broken("files.archive-too-large") from None
        sums.append(f"{hashed.hexdigest()}  {name}\n")
    archive.add("SHA256SUMS", ["".join(sums).encode()])
    archive.finish()
    out.seek(0)
    return out


def _told(parts: Iterable[bytes], told: Callable[[bytes], None]) -> Iterator[bytes]:
    for part in parts:
        told(part)
        yield part
