"""A person's own copy as a PDF that opens with her passphrase: set by typst, sealed by AES-256, never on the disk."""

import io
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pikepdf
import typst

_TEMPLATE = Path(__file__).with_name("own_copy.typ")


def own_copy(data: str) -> bytes:
    """The document of `own_copy.typ` over this JSON, in memory and to be sealed."""
    return plain_pdf(_template(), data)


def encrypted(plain: bytes, passphrase: str) -> bytes:
    """A PDF that opens with this passphrase alone, its attachments too (PDF 2.0, revision 6)."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner=passphrase, user=passphrase, R=6))
    return out.getvalue()


def plain_pdf(template: bytes, data: str) -> bytes:
    """A document over this JSON, in memory; the folder that typst may read is an empty one."""
    return _set(template, data, "pdf")


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
