"""Pictures, written anew: turned upright, and nothing but the picture stays. No EXIF, no GPS, no thumbnail, no tail."""

import io
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from typing import BinaryIO

import pillow_heif
from PIL import Image, ImageOps

from shelter.files.spool import spool
from shelter.rules.broken import Broken

MOST_PIXELS = 50_000_000
MOST_HEIC_BYTES = 40 * 1024 * 1024
"""A HEIC is read whole by its library; those of telephones have a few megabytes."""
_MOST_WRITTEN = 400 * 1024 * 1024
THUMBNAIL = (240, 240)
UNREADABLE = (
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
one_at_a_time = threading.Lock()
"""Held around the unpacking of a picture, in whatever room."""
pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True)
class Rewritten:
    media: str
    content: BinaryIO
    thumbnail: bytes


def rewritten(came: BinaryIO, size: int, *, heic: bool) -> Rewritten:
    """The picture alone. Raises `Broken`; one picture at a time is unpacked in a process, whatever many people send."""
    if heic and size > MOST_HEIC_BYTES:
        raise Broken("files.too-large", field="file", values={"most": MOST_HEIC_BYTES // 1024 // 1024})
    came.seek(0)
    with one_at_a_time:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Pillow's own, lower limit only warns; ours refuses
                with Image.open(came, formats=("HEIF",) if heic else ("JPEG", "PNG")) as picture:
                    return _anew(picture)
        except Image.DecompressionBombError:
            raise Broken("files.too-many-pixels", field="file") from None
        except UNREADABLE:
            raise Broken("files.damaged", field="file") from None


def _anew(picture: Image.Image) -> Rewritten:
    if picture.width * picture.height > MOST_PIXELS:
        raise Broken("files.too-many-pixels", field="file")
    png = picture.format == "PNG"
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    out, bare = spool(_MOST_WRITTEN), _bare(picture)
    if png:
        bare.save(out, "PNG")
    else:
        _flat(bare).save(out, "JPEG", quality=88)
    out.seek(0)
    return Rewritten("image/png" if png else "image/jpeg", out, _small(bare))


def _flat(picture: Image.Image) -> Image.Image:
    return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")


def _small(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture = _flat(picture)
    picture.thumbnail(THUMBNAIL)
    picture.save(out, "JPEG", quality=75)
    return out.getvalue()


def _bare(picture: Image.Image) -> Image.Image:
    """The same dots in an image that knows nothing else."""
    bare = Image.new(picture.mode, picture.size)
    if picture.mode == "P" and picture.palette is not None:
        bare.putpalette(picture.palette)
    bare.paste(picture)
    return bare
