"""Pages of a PDF as pictures, drawn in a process of its own that has no keys, and whose memory and time are bounded.

That process has its pages by a pipe, gives its pictures by a pipe, and can write to no disk. What draws is typst, whose
reader of PDFs is written in a language that does not overrun its memory.
"""

import io
import math
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

import pikepdf

_CHILD = Path(__file__).with_name("draw.py")
DOTS = 200
"""To the inch, for a page of a usual size; a larger one has as many dots in all as `MOST_DOTS`."""
MOST_DOTS = 4_000_000
MOST_INSIDE = 50_000_000
"""Dots of the pictures that lie on one page, as they say themselves."""
MOST_SECONDS, MOST_MEMORY = 120, 2 << 30
"""Of the process that draws one document."""
_MOST_PAGE = 96 * 1024 * 1024
_MOST_PICTURE = 64 * 1024 * 1024
_PALETTE = 3  # its place in the array of an indexed colour space (ISO 32000-2, 8.6.6.3)
_BOXES = ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/UserUnit")
_NOT_SEEN = ("/Metadata", "/PieceInfo", "/Thumb", "/Annots", "/AA", "/B", "/StructParents", "/Tabs", "/Group")


class Undrawable(Exception):
    """A page that cannot be drawn, or not within the bounds."""


def drawn(document: pikepdf.Pdf) -> Iterator[tuple[bytes, float, float]]:
    """(PNG, width and height in points) of each page, one at a time. Raises `Undrawable`."""
    with TemporaryDirectory(prefix="typst-") as empty, _child(empty) as child:
        try:
            for page in document.pages:
                yield _one(page, cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout))
        except (BrokenPipeError, UnicodeDecodeError):
            raise Undrawable from None
        finally:
            child.kill()


def _child(empty: str) -> "subprocess.Popen[bytes]":
    # Our own interpreter and our own file, nothing of what was sent among the arguments.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(_CHILD), empty, str(MOST_SECONDS), str(MOST_MEMORY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )


def _one(page: pikepdf.Page, into: IO[bytes], out: IO[bytes]) -> tuple[bytes, float, float]:
    with pikepdf.new() as alone:
        alone.pages.append(page)
        width, height = _shape(alone.pages[0])
        raw = _ascii(alone)
    dots = min(DOTS, 72 * math.sqrt(MOST_DOTS / (width * height)))
    told = f"{width:.3f} {height:.3f} {dots:.3f} ".encode() + raw
    if len(told) > _MOST_PAGE:
        raise Undrawable
    into.write(len(told).to_bytes(4, "big") + told)
    into.flush()
    size = int.from_bytes(out.read(4), "big")
    picture = out.read(size) if size <= _MOST_PICTURE else b""
    if not picture:
        raise Undrawable
    return picture, width, height


def _shape(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height as it is looked at; what is cut off is cut off here, so that no two readers differ."""
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    if not (1 <= right - left <= 14_400 and 1 <= top - bottom <= 14_400):
        raise Undrawable
    page.obj.MediaBox = pikepdf.Array([left, bottom, right, top])
    for name in (*_BOXES, *_NOT_SEEN):
        if name in page.obj:
            del page.obj[name]
    turned = int(page.obj.get("/Rotate", 0)) % 180 != 0
    return (top - bottom, right - left) if turned else (right - left, top - bottom)


def _ascii(document: pikepdf.Pdf) -> bytes:
    """The same document in ASCII alone: streams in hexadecimal, no text beside them that is not."""
    inside = 0
    for whole in document.objects:
        for part in _parts(whole):
            inside += _dots(part)
            _without_bytes(document, part)
    if inside > MOST_INSIDE:
        raise Undrawable
    for whole in document.objects:
        if isinstance(whole, pikepdf.Stream):
            _in_hexadecimal(whole)
    out = io.BytesIO()
    document.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        compress_streams=False,
        fix_metadata_version=False,
    )
    raw = out.getvalue()
    head, mark, rest = raw.partition(b"\n")
    line, end, body = rest.partition(b"\n")  # a comment of four bytes that says: this is no text
    return b"".join((head, mark, b"%" * len(line), end, body)).decode("ascii").encode()


def _parts(whole: pikepdf.Object) -> Iterator[Any]:
    """Every dictionary, array and stream of an object."""
    waiting = [whole]
    while waiting:
        part: Any = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            yield part
            array = isinstance(part, pikepdf.Array)
            inside: list[object] = list(part) if array else [value for _, value in part.items()]
            waiting += [one for one in inside if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _dots(part: Any) -> int:
    if not isinstance(part, pikepdf.Stream) or part.get("/Subtype") != "/Image":
        return 0
    width, height = int(part.get("/Width", 0)), int(part.get("/Height", 0))
    return max(0, width) * max(0, height)


def _without_bytes(document: pikepdf.Pdf, part: Any) -> None:
    """Text of bytes becomes a stream where it is a palette, and goes elsewhere: it names what nobody sees."""
    places: Iterable[Any] = range(len(part)) if isinstance(part, pikepdf.Array) else part.keys()
    for place in places:
        value = part[place]
        if isinstance(value, pikepdf.String) and not bytes(value).isascii():
            palette = place == _PALETTE and part[0] == "/Indexed"
            part[place] = document.make_stream(bytes(value)) if palette else pikepdf.String("")


def _in_hexadecimal(stream: pikepdf.Stream) -> None:
    filters, parameters = _listed(stream.get("/Filter")), _listed(stream.get("/DecodeParms"))
    parameters += [None] * (len(filters) - len(parameters))
    stream.write(
        stream.read_raw_bytes().hex().encode() + b">",
        filter=pikepdf.Array([pikepdf.Name.ASCIIHexDecode, *filters]),
        decode_parms=pikepdf.Array([None, *parameters]),
    )


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]
