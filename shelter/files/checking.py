"""What may come in, judged by content and never by name; all of it in memory.

Images are turned upright and written anew, so that nothing but the picture stays: no EXIF, no GPS, no
thumbnail, nothing appended. A PDF with active content is marked and only ever downloaded.
"""

import io
import warnings
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from shelter.rules.broken import Broken

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PAGES = 500
ACTIVE = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/EmbeddedFile",
    "/EmbeddedFiles",
    "/OpenAction",
    "/AA",
    "/RichMedia",
    "/XFA",
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
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Broken("files.too-many-pixels", field="file")
                kind = picture.format or ""
                upright = ImageOps.exif_transpose(picture)
                return _written_anew(upright, kind)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Broken("files.damaged", field="file") from None
    except Image.DecompressionBombWarning:
        raise Broken("files.too-many-pixels", field="file") from None


def _written_anew(picture: Image.Image, kind: str) -> Checked:
    out = io.BytesIO()
    if kind == "PNG":
        bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
        if picture.mode == "P" and picture.palette is not None:
            bare.putpalette(picture.palette)
        bare.save(out, "PNG")
        return Checked("image/png", out.getvalue())
    flat = picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
    Image.frombytes(flat.mode, flat.size, flat.tobytes()).save(out, "JPEG", quality=88)
    return Checked("image/jpeg", out.getvalue())


def _pdf(raw: bytes) -> Checked:
    try:
        with pikepdf.open(io.BytesIO(raw)) as document:
            if len(document.pages) > MOST_PAGES:
                raise Broken("files.too-many-pages", field="file")
            active = any(_is_active(thing) for thing in document.objects)
    except pikepdf.PasswordError:
        raise Broken("files.locked-pdf", field="file") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Broken("files.damaged", field="file") from None
    return Checked("application/pdf", raw, active)


def _is_active(thing: pikepdf.Object) -> bool:
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    return any(key in ACTIVE for key in thing.keys())  # noqa: SIM118 - pikepdf's objects iterate over keys by name only
