"""What may come in, judged by content and never by name; all of it in memory.

Images are turned upright and written anew, so that nothing but the picture stays: no EXIF, no GPS, no
thumbnail, nothing appended. A PDF is kept as it is; one with active content is marked.
"""

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pikepdf
from PIL import Image, ImageOps

from shelter.rules.broken import Broken

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PAGES = 500
MOST_OBJECTS = 50_000
"""Objects of a PDF; a scan of 500 pages has a few thousand."""
ACTIVE_KEYS = frozenset({"/AA", "/EmbeddedFile", "/EmbeddedFiles", "/JS", "/JavaScript", "/RichMedia", "/XFA"})
ACTIVE_ACTIONS = frozenset(
    {
        "/GoToE",
        "/GoToR",
        "/ImportData",
        "/JavaScript",
        "/Launch",
        "/Movie",
        "/Rendition",
        "/RichMediaExecute",
        "/Sound",
        "/SubmitForm",
    }
)
"""What an action dictionary may do besides turning pages (ISO 32000-2, 12.6.4)."""
_END_WITHIN = 1024
"""A reader looks for the end mark of a PDF in this many last bytes; without it the file was cut or has a tail."""
_UNREADABLE = (
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

# Compressed parts of a PDF that are opened here may not swell: process-wide, set once before any thread reads.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=64 * 1024 * 1024,
    run_length_max_memory=64 * 1024 * 1024,
    png_max_memory=64 * 1024 * 1024,
    tiff_max_memory=64 * 1024 * 1024,
    parser_max_container_size=2_000_000,
    doc_max_warnings=1_000,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Bytes as they will be sealed."""

    media: str
    content: bytes
    active_content: bool = False


def check(raw: bytes) -> Checked:
    """What will be stored. Raises `Broken` for anything but a whole JPEG, PNG or PDF within the limits."""
    if not raw:
        raise Broken("files.empty", field="file")
    if len(raw) > MOST_BYTES:
        raise Broken("files.too-large", field="file", values={"most": MOST_BYTES // 1024 // 1024})
    if raw.startswith(b"%PDF-"):
        return _pdf(raw)
    if raw.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _image(raw)
    raise Broken("files.unknown-kind", field="file")


def _image(raw: bytes) -> Checked:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own, lower limit only warns; ours refuses
            with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Broken("files.too-many-pixels", field="file")
                png = picture.format == "PNG"
                picture.load()
                ImageOps.exif_transpose(picture, in_place=True)
                return _written_anew(picture, png=png)
    except Image.DecompressionBombError:
        raise Broken("files.too-many-pixels", field="file") from None
    except _UNREADABLE:
        raise Broken("files.damaged", field="file") from None


def _written_anew(picture: Image.Image, *, png: bool) -> Checked:
    out = io.BytesIO()
    if png:
        _bare(picture).save(out, "PNG")
        return Checked("image/png", out.getvalue())
    _bare(picture if picture.mode in ("RGB", "L") else picture.convert("RGB")).save(out, "JPEG", quality=88)
    return Checked("image/jpeg", out.getvalue())


def _bare(picture: Image.Image) -> Image.Image:
    """The same dots in an image that knows nothing else."""
    bare = Image.new(picture.mode, picture.size)
    if picture.mode == "P" and picture.palette is not None:
        bare.putpalette(picture.palette)
    bare.paste(picture)
    return bare


def _pdf(raw: bytes) -> Checked:
    if b"%%EOF" not in raw[-_END_WITHIN:]:
        raise Broken("files.damaged", field="file")
    try:
        with pikepdf.open(io.BytesIO(raw)) as document:
            if len(document.pages) > MOST_PAGES or len(document.objects) > MOST_OBJECTS:
                raise Broken("files.too-many-pages", field="file", values={"most": MOST_PAGES})
            if not document.pages:
                raise Broken("files.damaged", field="file")
            # What could not be read here may still run in somebody's viewer.
            active = any(_is_active(part) for part in _parts(document)) or bool(document.get_warnings())
    except pikepdf.PasswordError:
        raise Broken("files.locked-pdf", field="file") from None
    except (pikepdf.PdfError, RuntimeError, *_UNREADABLE):
        raise Broken("files.damaged", field="file") from None
    return Checked("application/pdf", raw, active)


def _parts(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of a PDF, those inside others too."""
    for whole in document.objects:
        waiting = [whole]
        while waiting:
            part = waiting.pop()
            inside: list[object] = []
            if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
                yield part
                inside = [value for _, value in part.items()]
            elif isinstance(part, pikepdf.Array):
                inside = list(part)
            waiting += [one for one in inside if isinstance(one, pikepdf.Object) and not one.is_indirect]


def _is_active(part: pikepdf.Object) -> bool:
    if not ACTIVE_KEYS.isdisjoint(part.keys()):
        return True
    kind = part.get("/S")
    return isinstance(kind, pikepdf.Name) and str(kind) in ACTIVE_ACTIONS


def measured(checked: Checked, label: str, by: bytes, at: datetime) -> dict[str, Any]:
    """What is kept about a file that was just checked, for `FileAbout` and what is made from it."""
    return {
        "label": label,
        "media": checked.media,
        "size": len(checked.content),
        "digest": hashlib.sha256(checked.content).digest(),
        "added_by": by,
        "added_at": at,
        "active_content": checked.active_content,
    }
