"""CSV: encoding and separator found out, quotation marks read strictly, every line bounded."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from shelter.exchange.hmis.archive import EncodingDetector
from shelter.exchange.hmis.records import records
from shelter.rules.broken import Broken
from shelter.sheets.reading.limits import MOST_LINE
from shelter.sheets.reading.tidying import tidied

_CHUNK = 1 << 16
_SEPARATORS = ",;\t|"


def rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells). Raises Broken."""
    encoding = _encoding(file)
    separator = _separator(file, encoding)
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(file, _CHUNK), encoding=encoding, newline="")  # type: ignore[type-var]
    try:
        for one in records("", text, MOST_LINE, separator):
            if one.cells is None:
                raise Broken("sheets.unreadable_row", field="file", values={"row": one.line})
            yield one.line, [tidied(cell) for cell in one.cells]
    except Broken as broken:
        if broken.message_key == "import.line_too_long":
            values = {"most": MOST_LINE, "row": broken.values["line"]}
            raise Broken("sheets.huge_row", field="file", values=values) from None
        raise


def _encoding(file: BinaryIO) -> str:
    detector = EncodingDetector("")
    while chunk := file.read(_CHUNK):
        detector.feed(chunk)
    return detector.encoding()


def _separator(file: BinaryIO, encoding: str) -> str:
    """The one that divides the first line most often."""
    file.seek(0)
    first = next(iter(file.read(_CHUNK).decode(encoding, "replace").splitlines()), "")
    found = {one: len(next(csv.reader([first], delimiter=one), [])) for one in _SEPARATORS}
    return max(_SEPARATORS, key=lambda one: found[one])
