"""Tables as the funder's CSV files: header, quotation marks, blanks and line ends to the letter."""

from shelter.rules.apr.report import Cell, Table

_PLAIN_IN_Q4A = frozenset({"Project ID", "Method for Tracking ES", "Affiliated with a residential project",
                           "Victim Service Provider", "Report Start Date", "Report End Date"})  # fmt: skip


def csv_text(table: Table) -> str:
    lines = [",".join(_quoted(heading) for heading in table.header)] if table.header else []
    for label, cells in table.rows:
        written = (
            [_of_project(cell, table.header[at]) for at, cell in enumerate(cells, start=1)]
            if table.name == "Q4a"
            else [_written(cell, table.quoted) for cell in cells]
        )
        lines.append(",".join([_quoted(label), *written]))
    return "".join(f"{line}\r\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _written(cell: Cell, quoted: bool) -> str:
    if cell is None:
        return '""' if quoted else ""
    if isinstance(cell, int):
        return f'"{cell}"' if quoted else str(cell)
    return _quoted(cell)


def _of_project(cell: Cell, heading: str) -> str:
    if heading in _PLAIN_IN_Q4A:
        return "" if cell is None else str(cell)
    return _quoted("" if cell is None else str(cell))
