"""Requests whose end two readers may see in different places: what is hidden behind the end must never be answered."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlsplit

_HIDDEN = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"
_AS_CHUNK = b"%x\r\n" % len(_HIDDEN) + _HIDDEN + b"\r\n0\r\n\r\n"
_LENGTH = b"Content-Length: %d\r\n" % len(_HIDDEN)

SMUGGLED: dict[str, tuple[bytes, bytes]] = {
    "both lengths": (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + _HIDDEN),
    "two lengths that differ": (b"Content-Length: 0\r\n" + _LENGTH, _HIDDEN),
    "a length with a sign": (b"Content-Length: +%d\r\n" % len(_HIDDEN), _HIDDEN),
    "a length in other digits": (b"Content-Length: 0x0\r\n", _HIDDEN),
    "a list of lengths": (b"Content-Length: 0, %d\r\n" % len(_HIDDEN), _HIDDEN),
    "a space before the colon": (b"Transfer-Encoding : chunked\r\n" + _LENGTH, b"0\r\n\r\n" + _HIDDEN),
    "an encoding nobody knows": (b"Transfer-Encoding: xchunked\r\n" + _LENGTH, b"0\r\n\r\n" + _HIDDEN),
    "chunked and then not": (b"Transfer-Encoding: chunked, identity\r\n" + _LENGTH, b"0\r\n\r\n" + _HIDDEN),
    "two encodings": (
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n" + _LENGTH,
        b"0\r\n\r\n" + _HIDDEN,
    ),
    "a folded line": (b"X-Fold: a\r\n Transfer-Encoding: chunked\r\n" + _LENGTH, b"0\r\n\r\n" + _HIDDEN),
    "a tab in the name": (b"Transfer-Encoding\t: chunked\r\n" + _LENGTH, b"0\r\n\r\n" + _HIDDEN),
    "a size of a chunk with a sign": (b"Transfer-Encoding: chunked\r\n", b"+0\r\n\r\n" + _HIDDEN),
    "a size of a chunk in other digits": (b"Transfer-Encoding: chunked\r\n", b"0x0\r\n\r\n" + _HIDDEN),
    "a chunk that ends late": (b"Transfer-Encoding: chunked\r\n", b"0\n\n" + _HIDDEN),
    "a line feed alone in a header": (b"X-A: b\nTransfer-Encoding: chunked\r\n" + _LENGTH, b"0\r\n\r\n" + _HIDDEN),
    "a whole request as a chunk": (b"Transfer-Encoding: chunked\r\n", _AS_CHUNK),
}


def answers(url: str, heads: bytes, body: bytes) -> list[int]:
    """The statuses that come back on one connection."""
    got = _said(url, b"POST /language HTTP/1.1\r\nHost: localhost\r\n" + heads + b"\r\n" + body)
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", got)]


def raw(url: str, request: str, *, reads: bool = True) -> str:
    """What comes back for these very bytes; nothing where whoever sends them hangs up at once."""
    return _said(url, request.encode(), reads=reads).decode(errors="replace")


def _said(url: str, request: bytes, *, reads: bool = True) -> bytes:
    place = urlsplit(url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=5) as line:
        line.sendall(request)
        if not reads:
            return b""
        line.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while piece := line.recv(65_536):
                got += piece
        except (TimeoutError, ConnectionError):
            pass
    return got
