"""Looking a passphrase up among those that were ever breached, in a file on this machine: nothing is asked outside.

The file is the downloadable list of Have I Been Pwned, SHA-1 in the order of the hashes, a line each.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO

from shelter.db.deployment import settings
from shelter.rules.broken import Broken

_DIGITS = 40


def refuse_breached(passphrase: str) -> None:
    """Returns for one that is not on the operator's list, or where there is no list. Raises Broken for one that is."""
    path = settings().breached
    if path is not None and is_listed(path, passphrase):
        raise Broken("accounts.passphrase-breached", "passphrase")


def is_listed(path: Path, passphrase: str) -> bool:
    """By halves, so that forty gigabytes take three dozen looks."""
    wanted = hashlib.sha1(passphrase.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            start, found = _line_from(file, middle)
            if start >= high or not found:
                high = middle
            elif found < wanted:
                low = start + 1
            elif found == wanted:
                return True
            else:
                high = middle
    return False


def _line_from(file: BinaryIO, place: int) -> tuple[int, bytes]:
    """Where the first line that begins here or later begins, and its hash."""
    file.seek(max(0, place - 1))
    if place:
        file.readline()
    start = file.tell()
    return start, file.readline()[:_DIGITS].upper()
