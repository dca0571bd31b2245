"""A person's own copy as a PDF that opens with her passphrase: set by typst, sealed by AES-256, never on the disk."""

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pikepdf
import typst

from shelter.rules.passphrases import refuse_weak_seal

_TEMPLATE = Path(__file__).with_name("own_copy.typ")


def own_copy(data: str) -> bytes:
    """The document of `own_copy.typ` over this JSON, in memory and to be sealed."""
    return plain_pdf(_template(), data)


def encrypted(plain: bytes, passphrase: str) -> bytes:
    """A PDF that opens with this passphrase alone, its attachments too (PDF 2.0, revision 6).

    Raises `Broken` for one that is too short.
    """
    refuse_weak_seal(passphrase)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner=passphrase, user=passphrase, R=6))
    return out.getvalue()


def plain_pdf(template: bytes, data: str) -> bytes:
    """A document over this JSON, in memory; the folder that typst may read is an empty one."""
    return _set(template, data, "pdf")


def lacks_letters(plain: bytes) -> bool:
    """Whether something stands in it as a box, since no font here has it: glyph 0 of whatever font was taken."""
    with pikepdf.open(io.BytesIO(plain)) as document:
        return any(_is_box(said) for page in document.pages for said in _said(page))


def _said(page: pikepdf.Page) -> Iterator[bytes]:
    for shown in pikepdf.parse_content_stream(page, "Tj TJ"):
        told = shown.operands[0]
        for part in [told] if isinstance(told, pikepdf.String) else list(told):
            if isinstance(part, pikepdf.String):
                yield bytes(part)


def _is_box(glyphs: bytes) -> bool:
    return any(glyphs[at : at + 2] == b"\0\0" for at in range(0, len(glyphs), 2))


def picture_of(template: bytes, data: str) -> bytes:
    """The one page of it as a PNG at 144 dots to the inch, clear where the page is."""
    return _set(template, data, "png")


def _set(template: bytes, data: str, format: Literal["pdf", "png"]) -> bytes:
    with TemporaryDirectory(prefix="typst-") as empty:
        compiler = typst.Compiler(template, root=empty, font_paths=_fonts(), sys_inputs={"data": data})
        plain = compiler.compile(format=format, ppi=144)
    if not isinstance(plain, bytes):
        raise RuntimeError("typst gave no single document")
    return plain


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True)


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
