"""Papers set by typst from a template of ours and data as texts: nothing is written to the disk, nothing is fetched.

The folder that typst may read is an empty one; the template computes nothing.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from tempfile import TemporaryDirectory

import typst


def pdf_of(template: bytes, data: Mapping[str, object], day: date) -> bytes:
    """PDF/UA-1; the same data is the same bytes at any time. A name in a script that typst's own fonts do not have
    is set in the machine's, where it has one.
    """
    stamp = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    text = json.dumps(data)
    try:
        return _compiled(template, text, stamp, only_own_fonts=True)
    except typst.TypstError:
        return _compiled(template, text, stamp, only_own_fonts=False)


def _compiled(template: bytes, data: str, day: int, *, only_own_fonts: bool) -> bytes:
    with TemporaryDirectory(prefix="typst-") as empty:
        compiler = typst.Compiler(
            template,
            root=empty,
            font_paths=_fonts(with_system=not only_own_fonts),
            sys_inputs={"data": data},
        )
        standards: typst.PDFStandards = ["ua-1"] if only_own_fonts else []
        pdf = compiler.compile(format="pdf", pdf_standards=standards, timestamp=day)
    if not isinstance(pdf, bytes):
        raise RuntimeError("typst gave no single document")
    return pdf


@cache
def _fonts(*, with_system: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=with_system)
