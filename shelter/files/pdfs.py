"""PDFs: whole, within bounds, not locked; and whether one can run or open something by itself."""

from collections.abc import Iterator
from typing import BinaryIO

import pikepdf

from shelter.files.pictures import UNREADABLE
from shelter.rules.broken import Broken

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

# Compressed parts of a PDF that are opened here may not swell: process-wide, set once before any thread reads.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=64 * 1024 * 1024,
    run_length_max_memory=64 * 1024 * 1024,
    png_max_memory=64 * 1024 * 1024,
    tiff_max_memory=64 * 1024 * 1024,
    parser_max_container_size=2_000_000,
    doc_max_warnings=1_000,
)


def judge(came: BinaryIO, size: int) -> bool:
    """Whether it has active content. Raises `Broken` for what is cut, locked, or too much of anything."""
    came.seek(max(0, size - _END_WITHIN))
    if b"%%EOF" not in came.read(_END_WITHIN):
        raise Broken("files.damaged", field="file")
    came.seek(0)
    try:
        with pikepdf.open(came) as document:
            if len(document.pages) > MOST_PAGES or len(document.objects) > MOST_OBJECTS:
                raise Broken("files.too-many-pages", field="file", values={"most": MOST_PAGES})
            if not document.pages:
                raise Broken("files.damaged", field="file")
            # What could not be read here may still run in somebody's viewer.
            return any(_is_active(part) for part in _parts(document)) or bool(document.get_warnings())
    except pikepdf.PasswordError:
        raise Broken("files.locked-pdf", field="file") from None
    except (pikepdf.PdfError, *UNREADABLE):
        raise Broken("files.damaged", field="file") from None


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
