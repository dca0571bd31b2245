"""A copy that leaves the house: the mark of who receives it lies over every page, and nothing but the pages goes along.

A picture is given out as one whose dots are changed; over a page of a PDF the mark is a layer. Nothing is in clear on
any disk: what is read waits sealed, and what is set is set in memory.
"""

import io
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import pikepdf
from PIL import Image

from shelter.files.pictures import MOST_PIXELS, UNREADABLE, one_at_a_time
from shelter.files.spool import spool
from shelter.rules.broken import Broken
from shelter.web.typeset import picture_of, plain_pdf

_TEMPLATE = Path(__file__).with_name("mark.typ")
_MOST_WRITTEN = 400 * 1024 * 1024
_QUALITY = 88
_LEAVES_NOTHING_BEHIND = ("/Metadata", "/PieceInfo", "/Thumb", "/Annots", "/AA", "/B", "/StructParents", "/Tabs")
"""What a page may carry besides what is seen of it (ISO 32000-2, table 31)."""


def marked(parts: Iterable[bytes], media: str, mark: str) -> BinaryIO:
    """A sealed copy with the mark over every page, from its beginning. Raises `Broken` for what cannot be marked."""
    came = spool(_MOST_WRITTEN)
    for part in parts:
        came.write(part)
    came.seek(0)
    try:
        made = _pdf(came, mark) if media == "application/pdf" else _picture(came, mark)
    except (pikepdf.PdfError, *UNREADABLE):
        raise Broken("files.unmarkable", field="scan") from None
    made.seek(0)
    return made


def _picture(came: BinaryIO, mark: str) -> BinaryIO:
    out = spool(_MOST_WRITTEN)
    with one_at_a_time, Image.open(came, formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Broken("files.too-many-pixels", field="scan")
        whole = picture.convert("RGB")
        with Image.open(io.BytesIO(_layer(mark, *_of_shape(*whole.size), picture=True))) as layer:
            over = layer.convert("RGBA").resize(whole.size)
        whole.paste(over, mask=over)
        whole.save(out, "JPEG", quality=_QUALITY)
    return out


def _pdf(came: BinaryIO, mark: str) -> BinaryIO:
    """The pages alone: no attachment, no script, no name of an author, no earlier state of the document."""
    out = spool(_MOST_WRITTEN)
    with pikepdf.open(came) as document, pikepdf.new() as bare:
        document.flatten_annotations("print")
        bare.pages.extend(document.pages)
        for page in bare.pages:
            for name in _LEAVES_NOTHING_BEHIND:
                if name in page.obj:
                    del page.obj[name]
            left, bottom, right, top = (float(edge) for edge in page.trimbox)
            with pikepdf.open(io.BytesIO(_layer(mark, *_of_shape(right - left, top - bottom)))) as layer:
                page.add_overlay(layer.pages[0], pikepdf.Rectangle(left, bottom, right, top))
        bare.save(out)
    return out


def _of_shape(width: float, height: float) -> tuple[int, int]:
    """A sheet of this shape in points, a letter page wide at its wider side; pages of a size share one mark."""
    most = max(width, height)
    return max(72, round(792 * width / most)), max(72, round(792 * height / most))


@lru_cache(maxsize=8)
def _layer(mark: str, width: int, height: int, *, picture: bool = False) -> bytes:
    """The mark alone on a sheet that is clear: a PDF, or a PNG."""
    data = json.dumps({"mark": mark, "width": width, "height": height})
    return (picture_of if picture else plain_pdf)(_TEMPLATE.read_bytes(), data)
