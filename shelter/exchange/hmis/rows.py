"""A row of an HMIS CSV file: every cell as written under its own column, and what could be read of it.

Cells are packed, because an import holds the rows of all clients at once.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b

import msgspec

from shelter.exchange.hmis.cells import Reading, Value, cell_reader, read_integer
from shelter.exchange.hmis.layout import Column, FileLayout
from shelter.exchange.hmis.problems import Problems, Reason

_SERIAL = "ExportID"  # the number of the export, not of the record: the same record comes again under another
_UNPACK = msgspec.msgpack.Decoder(list[str])
_PACK = msgspec.msgpack.Encoder()


class KeptRow(msgspec.Struct, frozen=True):
    """A row as written.

    `digest` (16 bytes) is equal for rows of the same file with the same filled cells, whatever the order of
    columns and the ExportID. It tells what a person's row says, so it is stored sealed or not at all.
    """

    file: str
    line: int
    key: str
    digest: bytes
    columns: tuple[str, ...]
    packed: bytes

    @property
    def row_key(self) -> str:
        """What a second import finds this row by."""
        return f"{self.file}:{self.key}"

    @property
    def raw(self) -> dict[str, str]:
        """Every column of the file with its cell as written, blank ones included."""
        return dict(zip(self.columns, _UNPACK.decode(self.packed), strict=True))


class Row(msgspec.Struct, frozen=True):
    """A row with its typed values by common column name; blank and unreadable cells have none."""

    kept: KeptRow
    values: Mapping[str, Value]
    is_deleted: bool

    def text(self, column: str) -> str | None:
        value = self.values.get(column)
        return value if isinstance(value, str) else None

    def code(self, column: str) -> int | None:
        value = self.values.get(column)
        return value if isinstance(value, int) else None


class Header(msgspec.Struct, frozen=True):
    """A file's own columns in its own order, and which of them the format knows, by position."""

    columns: tuple[str, ...]
    known: Mapping[int, Column]


class RowReader:
    """Reads the cells of one file. Keeps no row."""

    def __init__(self, layout: FileLayout, header: Header, problems: Problems) -> None:
        self._file = layout.name
        self._layout = layout
        self._columns = header.columns
        self._problems = problems
        self._readers = [(at, column.common, cell_reader(column)) for at, column in sorted(header.known.items())]
        self._names = {column.common: column.name for column in header.known.values()}
        self._special = [column for column in header.known.values() if column.by or column.recode]
        without = "" if layout.key == _SERIAL else _SERIAL
        self._digested = sorted((name, at) for at, name in enumerate(header.columns) if name != without)

    def read(self, line: int, cells: Sequence[str]) -> Row | None:
        """One row, or None where its cells cannot be told apart; what is wrong goes to the problems."""
        fitted = self._fitted(line, cells)
        if fitted is None:
            return None
        values = self._values(line, fitted)
        self._depend(line, values, fitted)
        key = str(values.get(self._layout.key, ""))
        kept = KeptRow(self._file, line, key, self._digest(fitted), self._columns, _PACK.encode(fitted))
        return Row(kept, values, is_deleted=bool(self._cell(fitted, "DateDeleted")))

    def _fitted(self, line: int, cells: Sequence[str]) -> list[str] | None:
        fitted, width = list(cells), len(self._columns)
        if len(fitted) > width:
            if any(cell.strip() for cell in fitted[width:]):
                self._problems.add(self._file, line, None, Reason.TOO_MANY_CELLS)
                return None
            del fitted[width:]
        elif len(fitted) < width:
            self._problems.add(self._file, line, None, Reason.TOO_FEW_CELLS)
            fitted.extend([""] * (width - len(fitted)))
        return fitted

    def _values(self, line: int, cells: list[str]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for at, common, read in self._readers:
            text = cells[at]
            if not text:
                continue
            value, reason = _read_clean(text, read)
            if value is not None:
                values[common] = value
            if reason is not None:
                self._problems.add(self._file, line, self._names[common], reason)
        return values

    def _depend(self, line: int, values: dict[str, Value], cells: list[str]) -> None:
        """Codes that depend on another column: lists of services, old housing codes, types told apart by a
        method."""
        for column in self._special:
            if column.by is not None:
                self._check_list(line, column, values)
            elif column.subsidy is not None:
                self._add_subsidy(column, values, cells)
        for rule in self._layout.derived:
            if values.get(rule.column) == rule.code and self._cell(cells, rule.when) in rule.is_:
                values[rule.column] = rule.becomes

    def _check_list(self, line: int, column: Column, values: dict[str, Value]) -> None:
        other = values.get(str(column.by))
        allowed = column.codes_by.get(other) if isinstance(other, int) else None
        if allowed is not None and column.common in values and values[column.common] not in allowed:
            del values[column.common]
            self._problems.add(self._file, line, column.name, Reason.NOT_IN_LIST)

    def _add_subsidy(self, column: Column, values: dict[str, Value], cells: list[str]) -> None:
        if column.common not in values or column.subsidy is None:
            return
        written, _ = read_integer(self._cell(cells, column.name))
        today = column.recode.get(written, ()) if isinstance(written, int) else ()
        if len(today) > 1:
            values[column.subsidy] = today[1]

    def _cell(self, cells: list[str], name: str) -> str:
        return cells[self._columns.index(name)].strip() if name in self._columns else ""

    def _digest(self, cells: list[str]) -> bytes:
        filled = [(name, cells[at]) for name, at in self._digested if cells[at]]
        return blake2b(_PACK.encode((self._file, filled)), digest_size=16).digest()


def _read_clean(text: str, read: Callable[[str], Reading]) -> Reading:
    """Read a cell without the blanks around it and without NUL bytes, which no database takes."""
    clean = text.strip()
    if "\0" in clean:
        clean = clean.replace("\0", "").strip()
    return read(clean) if clean else (None, None)
