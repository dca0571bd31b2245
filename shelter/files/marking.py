"""A copy that leaves the house: a picture of each page, in whose dots the mark of who receives it stands.

Nothing else goes along: no text, no layer, nothing that could be taken off. Nothing is in clear on any disk: what is
read waits sealed, and what is set is set in memory.
"""

import io
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import pikepdf
from PIL import Image

from shelter.files.album import Album
from shelter.files.drawing import Undrawable, drawn
from shelter.files.pictures import MOST_PIXELS, UNREADABLE, one_at_a_time
from shelter.files.spool import spool
from shelter.rules.broken import Broken
from shelter.web.typeset import picture_of

_TEMPLATE = Path(__file__).with_name("mark.typ")
_MOST_WRITTEN = 400 * 1024 * 1024
_QUALITY = 88
MOST_PAGES = 60
"""Of one copy: each is drawn, which takes about half a second."""


def marked(parts: Iterable[bytes], media: str, mark: str) -> BinaryIO:
    """A sealed copy with the mark over every page, from its beginning. Raises `Broken` for what cannot be marked."""
    came = spool(_MOST_WRITTEN)
    for part in parts:
        came.write(part)
    came.seek(0)
    try:
        made = _pdf(came, mark) if media == "application/pdf" else _picture(came, mark)
    except (Undrawable, pikepdf.PdfError, *UNREADABLE):
        raise Broken("files.unmarkable", field="scan") from None
    made.seek(0)
    return made


def _picture(came: BinaryIO, mark: str) -> BinaryIO:
    out = spool(_MOST_WRITTEN)
    with one_at_a_time, Image.open(came, formats=("JPEG", "PNG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Broken("files.too-many-pixels", field="scan")
        _stamped(picture, mark).save(out, "JPEG", quality=_QUALITY)
    return out


def _pdf(came: BinaryIO, mark: str) -> BinaryIO:
    """A document of pictures, page by page: what was sent stays here, whatever a page had in it."""
    out = spool(_MOST_WRITTEN)
    with one_at_a_time, pikepdf.open(came) as document:
        if len(document.pages) > MOST_PAGES:
            raise Broken("files.copy-too-long", field="scan", values={"most": MOST_PAGES})
        document.flatten_annotations("print")
        album = Album(out)
        for png, width, height in drawn(document):
            with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
                jpeg = io.BytesIO()
                _stamped(picture, mark).save(jpeg, "JPEG", quality=_QUALITY)
                album.add(jpeg.getvalue(), picture.size, width, height)
        album.close()
    return out


def _stamped(picture: Image.Image, mark: str) -> Image.Image:
    whole = picture.convert("RGB")
    with Image.open(io.BytesIO(_layer(mark, *_of_shape(*whole.size)))) as layer:
        over = layer.convert("RGBA").resize(whole.size)
    whole.paste(over, mask=over)
    return whole


def _of_shape(width: float, height: float) -> tuple[int, int]:
    """A sheet of this shape in points, a letter page wide at its wider side; pages of a size share one mark."""
    most = max(width, height)
    return max(72, round(792 * width / most)), max(72, round(792 * height / most))


@lru_cache(maxsize=8)
def _layer(mark: str, width: int, height: int) -> bytes:
    """The mark alone on a sheet that is clear, as a PNG."""
    return picture_of(_TEMPLATE.read_bytes(), json.dumps({"mark": mark, "width": width, "height": height}))
