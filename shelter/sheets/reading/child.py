"""Run as a process of its own by `workbook`: an XLSX comes in, rows of text go out; imports nothing of the house.

Messages are a length and msgpack: lists of rows, last a text that is empty or names a sentence.
"""

import os
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

_MOST_MEMORY = 1 << 30
_MOST_SECONDS = 60
_MOST_SHEETS = 50
_MOST_COLUMNS = 1_000
_AT_ONCE = 500


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import io

    import msgspec
    import python_calamine as calamine

    encode = msgspec.msgpack.Encoder().encode

    def say(what: object) -> None:
        raw = encode(what)
        sys.stdout.buffer.write(len(raw).to_bytes(4, "big") + raw)

    ended = ""
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for part in portions(book, calamine):
            say(part)
    except calamine.PasswordError:
        ended = "sheets.old_or_locked"
    except (calamine.CalamineError, ValueError, OverflowError):
        ended = "sheets.damaged"
    say(ended)
    sys.stdout.buffer.flush()
    os._exit(0)


def portions(book, calamine) -> Iterator[list[tuple[int, str, int, list[str]]]]:  # type: ignore[no-untyped-def]
    """A few hundred rows each time."""
    seen = 0
    for place, about in enumerate(book.sheets_metadata):
        wanted = about.typ == calamine.SheetTypeEnum.WorkSheet and about.visible == calamine.SheetVisibleEnum.Visible
        if not wanted or seen == _MOST_SHEETS:
            continue
        seen += 1
        sheet = book.get_sheet_by_index(place)
        if sheet.width > _MOST_COLUMNS:
            raise ValueError
        part = []
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = [as_text(cell) for cell in cells]
            if any(texts):
                part.append((place, about.name, number, texts))
            if len(part) == _AT_ONCE:
                yield part
                part = []
        if part:
            yield part


def as_text(cell: object) -> str:
    """A cell as a person would have typed it; a day is a day of the calendar, whatever its format shows."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    main()
