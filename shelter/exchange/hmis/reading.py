"""An export opened: which year's format it has, which files, and their rows one by one. Writes nothing
anywhere."""

import os
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import msgspec

from shelter.exchange.hmis.archive import Archive, Limits, as_path, open_archive, shown_name
from shelter.exchange.hmis.headers import match_header
from shelter.exchange.hmis.layout import Layout, layout_of, year_of_columns, year_stated
from shelter.exchange.hmis.problems import Note, Problems, Reason
from shelter.exchange.hmis.progress import Meter, Phase, ProgressCallback
from shelter.exchange.hmis.records import records
from shelter.exchange.hmis.rows import Header, Row, RowReader
from shelter.rules.broken import Broken

_UNHASHED = 1  # HashStatus, HMIS list 1.5; every other code says that names are hashed


class About(msgspec.Struct, frozen=True):
    """The one row of Export.csv, and whether it says that names are hashed."""

    row: Row
    export_id: str
    csv_version: str
    names_are_hashed: bool


class Export:
    """An HMIS CSV export that can be read again and again while it is open. Use it in a `with` block."""

    def __init__(self, archive: Archive, layout: Layout, names: dict[str, str], limits: Limits) -> None:
        self._archive = archive
        self._names = names
        self.limits = limits
        self.layout = layout
        self.notes: list[Note] = list(archive.notes)
        self.headers: dict[str, Header] = {}
        self._read_headers()
        self.about = self._read_about()

    @property
    def files(self) -> tuple[str, ...]:
        """The files of this export that have a header, in the order in which rows are placed."""
        return tuple(self.headers)

    def begin(self, phase: Phase, files: tuple[str, ...]) -> None:
        """Start the progress of one pass over these files anew."""
        total = sum(self._archive.members[self._names[name]].size for name in files if name in self.headers)
        self._archive.meter.begin(phase, total)

    def rows(self, file: str, problems: Problems | None = None) -> Iterator[Row]:
        """The readable rows of one file in order; what is wrong goes to `problems`. Raises Broken as
        `open_export`."""
        if file not in self.headers:
            return
        problems = Problems(0) if problems is None else problems
        reader = RowReader(self.layout.files[file], self.headers[file], problems)
        with self._archive.text(self._names[file]) as text:
            for at, record in enumerate(records(file, text, self.limits.line)):
                if at == 0:
                    continue
                if record.has_nul:
                    problems.add(file, record.line, None, Reason.NUL_BYTE)
                if record.cells is None:
                    problems.add(file, record.line, None, Reason.UNREADABLE_ROW)
                    continue
                self._archive.meter.advance(file, rows=1)
                row = reader.read(record.line, record.cells)
                if row is not None:
                    yield row

    def close(self) -> None:
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read_headers(self) -> None:
        for name, layout in self.layout.files.items():
            cells = self._first_record(name) if name in self._names else None
            if cells is not None:
                self.headers[name] = match_header(layout, cells, self.limits.columns, self.notes)
            elif layout.is_required:
                key = "import.empty_file" if name in self._names else "import.missing_file"
                raise Broken(key, values={"file": name})
            else:
                key = "import.note.empty_file" if name in self._names else "import.note.missing_file"
                self.notes.append(Note(key, name, {"file": name}))
        self._note_encodings()

    def _note_encodings(self) -> None:
        for name in self.headers:
            encoding = self._archive.members[self._names[name]].encoding
            if encoding != "utf-8-sig":
                self.notes.append(Note(f"import.note.{encoding.replace('-', '')}", name, {"file": name}))

    def _first_record(self, file: str) -> list[str] | None:
        return _first_record(self._archive, self._names[file], self.limits)

    def _read_about(self) -> About:
        rows = list(self.rows("Export"))
        if len({row.kept.digest for row in rows}) != 1 or any(row.is_deleted for row in rows):
            raise Broken("import.export_rows", values={"count": len(rows)})
        row = rows[0]
        status = row.code("HashStatus")
        return About(
            row=row,
            export_id=row.kept.key,
            csv_version=row.text("CSVVersion") or "",
            names_are_hashed=status is not None and status != _UNHASHED,
        )


def open_export(
    path: str | os.PathLike[str], *, limits: Limits | None = None, progress: ProgressCallback | None = None
) -> Export:
    """Open the ZIP or folder at `path` and check all of it but the rows.

    Raises Broken with one of `sentences.REFUSALS` for anything that is no whole, readable HMIS CSV export.
    Nothing is written, unpacked to disk or left open then.
    """
    limits = limits or Limits()
    archive = open_archive(as_path(path), limits, Meter(progress))
    try:
        notes: list[Note] = []
        layout = _layout(archive, limits, notes)
        names = _hmis_names(archive, layout, notes)
        export = Export(archive, layout, names, limits)
        export.notes.extend(notes)
        return export
    except BaseException:
        archive.close()
        raise


def _hmis_names(archive: Archive, layout: Layout, notes: list[Note]) -> dict[str, str]:
    """The archive's names by HMIS name, capitals forgiven."""
    by_folded = {name.casefold(): name for name in layout.files}
    names: dict[str, str] = {}
    strangers = 0
    for given in archive.members:
        name = by_folded.get(given.casefold())
        if name is None:
            strangers += 1
            continue
        names[name] = given
        if given != name:
            notes.append(Note("import.note.file_spelled", name, {"file": name}))
    if strangers:
        notes.append(Note("import.note.ignored", values={"count": strangers}))
    return names


def _layout(archive: Archive, limits: Limits, notes: list[Note]) -> Layout:
    """The format that CSVVersion names; where it names none, that of Client.csv's columns. Raises Broken
    without either."""
    stated = year_stated(_stated_version(archive, limits))
    columns = _first_record_of(archive, "Client", limits)
    found = year_of_columns(frozenset(cell.strip() for cell in columns))
    if stated is None and found is None:
        raise Broken("import.unknown_version")
    if stated is None:
        notes.append(Note("import.note.version_guessed", values={"year": str(found)}))
    elif found is not None and found != stated:
        notes.append(Note("import.note.version_differs", values={"year": found, "stated": stated}))
    return layout_of(found or str(stated))


def _stated_version(archive: Archive, limits: Limits) -> str:
    name = _given_name(archive, "Export")
    with archive.text(name) as text:
        found = [record.cells for _, record in zip(range(2), records("Export", text, limits.line), strict=False)]
    if len(found) < 2 or found[0] is None or found[1] is None:
        raise Broken("import.export_rows", values={"count": 0})
    cells = dict(zip((cell.strip().casefold() for cell in found[0]), found[1], strict=False))
    return cells.get("csvversion", "")


def _first_record_of(archive: Archive, file: str, limits: Limits) -> list[str]:
    cells = _first_record(archive, _given_name(archive, file), limits)
    if cells is None:
        raise Broken("import.empty_file", values={"file": file})
    return cells


def _first_record(archive: Archive, given: str, limits: Limits) -> list[str] | None:
    with archive.text(given) as text:
        for record in records(shown_name(given), text, limits.line):
            return record.cells
    return None


def _given_name(archive: Archive, file: str) -> str:
    for name in archive.members:
        if name.casefold() == file.casefold():
            return name
    raise Broken("import.missing_file", values={"file": file})
