"""The words of files on screen: kinds, sizes, and why one is not taken."""

from collections.abc import Iterable

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Held
from shelter.files.checking import most_bytes
from shelter.files.handing import Enclosed
from shelter.files.pdfs import MOST_PAGES
from shelter.web.sentences import say

KINDS = {
    "image/jpeg": _l("Picture (JPEG)"),
    "image/png": _l("Picture (PNG)"),
    "image/heic": _l("Picture (HEIC)"),
    "application/pdf": _l("PDF"),
}

say(
    {
        "files.empty": _l("This file is empty. Choose it again, or photograph the page once more"),
        "files.too-large": _l("This file is larger than %(most)s MB. A photograph in normal quality is enough"),
        "files.unknown-kind": _l(
            "This is not a JPEG, PNG, HEIC or PDF, whatever its name says. Photograph the page, or save it as a PDF"
        ),
        "files.too-many-pixels": _l("This picture has too many dots. Take it again in normal quality"),
        "files.damaged": _l("This file is damaged or was cut off on its way. Choose it again"),
        "files.too-many-pages": _l("This PDF has more than %(most)s pages, or too many parts. Split it first"),
        "files.twice": _l("This same file is here already. Nothing was added; look among her scans and photographs"),
        "files.no-room": _l(
            "The machine has no room for this file just now. Nothing was stored; tell your administrator"
        ),
        "files.store-away": _l(
            "The store of files cannot be reached just now. "
            "Nothing was stored and nothing is lost; try again in a while"
        ),
        "files.passphrase-short": _l("Choose at least sixteen characters"),
        "files.archive-too-large": _l("All of it together is too large for one archive. Give the scans out one by one"),
        "files.infected": _l("The scanner of this machine found something harmful in this file. Nothing was stored"),
        "files.scanner-away": _l(
            "The scanner for harmful files does not answer, so nothing is taken. Try again in a while"
        ),
        "files.locked-pdf": _l("This PDF is locked with a password. Save a copy without one and send that"),
    }
)


def label_words(label: str) -> str:
    """What it shows, as it was told; a photograph of a ledger has a name of ours."""
    kind, _space, line = label.partition(" ")
    return _("Photograph of line %(n)s of the ledger", n=line) if kind == "custody" and line.isdigit() else label


def enclosed_lines(enclosures: Iterable[Enclosed]) -> list[Held]:
    """What lies beside her readable file, as that file says it: what it shows, and where to find it."""
    named = ((one, _("in the sealed archive: %(name)s", name=one.name)) for one in enclosures)
    return [Held(label_words(one.label), words, one.day) for one, words in named]


def media_words(media: str) -> str:
    return str(KINDS.get(media, media))


def size_words(size: int) -> str:
    """0.4 MB, 12 KB: as people say it, in the reader's decimals."""
    if size >= 100_000:
        return _("%(size)s MB", size=format_decimal(round(size / 1_000_000, 1)))
    return _("%(size)s KB", size=format_decimal(max(1, round(size / 1_000))))


def limits_words() -> str:
    """What may be sent, said before anything is chosen."""
    most = most_bytes() // 1024 // 1024
    return _("A JPEG, PNG, HEIC or PDF of up to %(most)s MB and %(pages)s pages.", most=most, pages=MOST_PAGES)


def download_name(code: str, picture: bool, ending: str, *, original: bool = False) -> str:
    """What a kept copy is called: the code and the kind, never a name."""
    kind = _("original") if original else _("picture") if picture else _("document")
    return f"{code} {kind}.{ending}"


GLOBALS = (label_words, media_words, limits_words, size_words)
