"""Asking a scanner for malware on this machine, where the operator runs one. What it cannot judge is not taken."""

import socket
from typing import BinaryIO

from shelter.db.deployment import settings
from shelter.rules.broken import Broken

_PORTION = 64 * 1024
_PATIENCE = 120.0


def scan(content: BinaryIO) -> None:
    """Returns for a file that the scanner finds clean, or where none is set; the stream is at its beginning again.

    Raises `Broken` for one that it finds something in, and where the scanner does not answer: fails closed.
    """
    place = settings().scanner
    if place is None:
        return
    content.seek(0)
    try:
        answer = _asked(str(place), content)
    except OSError:
        raise Broken("files.scanner-away", field="file") from None
    finally:
        content.seek(0)
    if answer.endswith("FOUND"):
        raise Broken("files.infected", field="file")
    if not answer.endswith("OK"):
        raise Broken("files.scanner-away", field="file")


def _asked(place: str, content: BinaryIO) -> str:
    """The answer of clamd to INSTREAM: portions with their length before them, a length of nothing at the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as scanner:
        scanner.settimeout(_PATIENCE)
        scanner.connect(place)
        scanner.sendall(b"zINSTREAM\0")
        while portion := content.read(_PORTION):
            scanner.sendall(len(portion).to_bytes(4, "big") + portion)
        scanner.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (more := scanner.recv(4096)):
            answer += more
    return answer.rstrip(b"\0").decode(errors="replace").strip()
