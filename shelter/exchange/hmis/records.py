"""CSV text as records of cells with the line each begins on, in bounded memory.

A missing closing quotation mark swallows what follows it; that record is left out, and reading goes on.
"""

import csv
from collections.abc import Iterator
from io import TextIOWrapper

import msgspec

from shelter.exchange.hmis.archive import shown_name
from shelter.rules.broken import Broken

_RECORD_LINES = 4  # a record over several lines may hold this many times the longest line


class Record(msgspec.Struct, frozen=True):
    """The cells of one record, None where it cannot be read. `line` is where it begins, counted from 1."""

    line: int
    cells: list[str] | None
    has_nul: bool = False


class _Lines:
    """The lines of a text, each at most `limit` characters, and what the record at hand has used of them."""

    def __init__(self, name: str, text: TextIOWrapper, limit: int) -> None:
        self._name = name
        self._text = text
        self._limit = limit
        self.number = 0
        self.begin_record()

    def begin_record(self) -> None:
        self.used = 0
        self.has_nul = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(self._limit + 1)
        except UnicodeDecodeError as fault:
            raise Broken("import.changed") from fault
        if not line:
            raise StopIteration
        self.number += 1
        self.used += len(line)
        if len(line) > self._limit or self.used > self._limit * _RECORD_LINES:
            raise Broken(
                "import.line_too_long",
                values={"file": shown_name(self._name), "limit": self._limit, "line": self.number},
            )
        self.has_nul = self.has_nul or "\0" in line
        return line


def records(name: str, text: TextIOWrapper, line_limit: int, delimiter: str = ",") -> Iterator[Record]:
    """All records but blank lines, the header included. Raises Broken for a line beyond the limit."""
    lines = _Lines(name, text, line_limit)
    # Strict: text beside a closing quote would move cells under other columns.
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    while True:
        lines.begin_record()
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Record(start, None, lines.has_nul)
            continue
        if cells:
            yield Record(start, cells, lines.has_nul)
