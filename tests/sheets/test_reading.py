"""What may be sent: two formats, read the same; anything hostile gets one sentence, little memory and no trace."""

from __future__ import annotations

import io
import resource
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
import xlsxwriter

from shelter.rules.broken import Broken
from shelter.sheets.reading import lines_of
from tests.factories.sheets import as_csv, as_xlsx

ROWS = [["Name", "Day"], ["José Núñez", "2025-03-04"], ["=HYPERLINK(1)", "+1"]]


def cells(file: io.BytesIO) -> list[list[str]]:
    return [line.cells for line in lines_of(file)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_a_csv_is_read_whatever_its_separator_and_encoding(separator: str, encoding: str) -> None:
    assert cells(as_csv(ROWS, separator, encoding)) == ROWS


def test_an_xlsx_is_read_sheet_by_sheet_and_what_is_hidden_is_not(tmp_path: object) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    one, hidden, two = (book.add_worksheet(name) for name in ("One", "Hidden", "Two"))
    hidden.hide()
    hidden.write(0, 0, "nobody reads this")
    one.write_row(2, 1, ["Name", "Day", "Times"])
    one.write(4, 1, "Ana")
    one.write_datetime(4, 2, datetime(2025, 3, 4), book.add_format({"num_format": "dd.mm.yy"}))  # noqa: DTZ001
    one.write(4, 3, 2.0)
    two.write_formula(0, 0, "=1+1", None, 2)
    book.close()
    found = [(line.name, line.number, line.cells) for line in lines_of(out)]
    assert found == [
        ("One", 3, ["Name", "Day", "Times"]),
        ("One", 5, ["Ana", "2025-03-04", "2"]),
        ("Two", 1, ["2"]),
    ]


def zipped(**members: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out


def far() -> io.BytesIO:
    """Two cells, and the whole of the largest sheet there can be between them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, "here")
    page.write(1_048_575, 16_383, "there")
    book.close()
    return out


def shared() -> io.BytesIO:
    """One long text that a hundred thousand cells are."""
    return as_xlsx(One=[["x" * 30_000] * 10] * 10_000)


def outside() -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("../../outside", "x")
    return out


HOSTILE: dict[str, tuple[Callable[[], io.BytesIO], str]] = {
    "nothing": (lambda: io.BytesIO(b"  \n"), "sheets.empty"),
    "a picture": (lambda: io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(100)), "sheets.no_spreadsheet"),
    "a PDF": (lambda: io.BytesIO(b"%PDF-1.7\n1 0 obj"), "sheets.no_spreadsheet"),
    "a page": (lambda: io.BytesIO(b"<html><table>"), "sheets.no_spreadsheet"),
    "an old workbook": (lambda: io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "sheets.old_or_locked"),
    "UTF-16": (lambda: io.BytesIO("a,b\n1,2\n".encode("utf-16")), "sheets.utf16"),
    "an archive of something else": (lambda: zipped(readme=b"x"), "sheets.no_workbook"),
    "half a workbook": (lambda: io.BytesIO(as_xlsx(One=ROWS).getvalue()[:900]), "sheets.damaged"),
    "an empty workbook": (lambda: zipped(xl__workbook=b""), "sheets.no_workbook"),
    "a name that leads outside": (outside, "sheets.damaged"),
    "a bomb": (lambda: zipped(**{"xl/workbook.xml": b"x", "xl/big.xml": bytes(60 << 20)}), "sheets.bomb"),
    "two cells a world apart": (far, "sheets.too_much_inside"),
    "one text ten thousand times": (shared, "sheets.too_much_inside"),
    "a million rows": (lambda: io.BytesIO(b"a,b\n" + b"1,2\n" * 1_000_000), "sheets.too_many_rows"),
    "a wide row": (lambda: as_csv([["x"] * 201]), "sheets.too_many_columns"),
    "a huge cell": (lambda: as_csv([["a"], ["x" * 10_001]]), "sheets.huge_cell"),
    "a huge row": (lambda: as_csv([["a"], ["x" * 9_000] * 6]), "sheets.huge_row"),
    "a line without end": (lambda: io.BytesIO(b"a\n" + b"x" * (3 << 20)), "sheets.huge_row"),
    "an open quotation mark": (lambda: io.BytesIO(b'a,b\n"x"y,z\n'), "sheets.unreadable_row"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_hostile_gets_one_sentence_and_little_memory(what: str) -> None:
    make, key = HOSTILE[what]
    file = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Broken) as broken:
        for _ in lines_of(file):
            pass
    assert broken.value.message_key == key
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert file.closed


def test_every_refusal_of_a_file_has_a_sentence(app: object) -> None:
    from shelter.sheets import words  # noqa: F401
    from shelter.web.sentences import known

    assert {key for _, key in HOSTILE.values()} <= known()
