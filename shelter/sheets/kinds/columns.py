"""What a column can hold and how its cells are read: by the rules that the forms keep, with no word of a cell in a
message."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shelter.rules import identifiers
from shelter.rules.broken import Broken

EARLIEST = date(1900, 1, 1)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_WRITTEN = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: .*)?", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})/(\d{4})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_BETWEEN = re.compile(r"[;\n|]")


@dataclass(frozen=True, slots=True)
class Reading:
    """How this file writes things, and what the reader's language calls the values of a list.

    `words` gives for a list what may stand in a cell, folded, and the code it means; `sites` the same for houses.
    """

    today: date
    words: Callable[[str], Mapping[str, str]]
    day_first: bool = False
    sites: Mapping[str, bytes] = field(default_factory=dict)


Read = Callable[[str, Reading], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A place where a column of a file can go; `known_as` are folded headings that mean it, in any language."""

    name: str
    read: Read
    needed: bool = False
    known_as: tuple[str, ...] = ()
    person: bool = False


def folded(text: str) -> str:
    """A heading or a label as it is compared: without accents, capitals and signs."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.sub(r"[\W_]+", " ", bare).casefold().split())


# -- words and numbers ---------------------------------------------------------------


def text(most: int) -> Read:
    def read(cell: str, reading: Reading) -> str:
        if len(cell) > most:
            raise Broken("sheets.cell_too_long", values={"most": most})
        return cell

    return read


def several(most: int, each: int = 200) -> Read:
    """Parts with semicolons or lines between."""

    def read(cell: str, reading: Reading) -> tuple[str, ...]:
        parts = tuple(dict.fromkeys(part.strip() for part in _BETWEEN.split(cell) if part.strip()))
        if len(parts) > most or any(len(part) > each for part in parts):
            raise Broken("sheets.cell_too_long", values={"most": each})
        return parts

    return read


def number(least: int, most: int) -> Read:
    def read(cell: str, reading: Reading) -> int:
        if _NUMBER.fullmatch(cell) is None or not least <= int(cell) <= most:
            raise Broken("sheets.no_number", values={"least": least, "most": most})
        return int(cell)

    return read


def a_number(cell: str, reading: Reading) -> str:
    return identifiers.a_number(cell)


def yes_no(cell: str, reading: Reading) -> bool:
    found = reading.words("sheets.yes_no").get(folded(cell))
    if found is None:
        raise Broken("sheets.no_yes_or_no")
    return found == "yes"


# -- lists ---------------------------------------------------------------------------


def choice(picklist: str) -> Read:
    def read(cell: str, reading: Reading) -> str:
        found = reading.words(picklist).get(folded(cell))
        if found is None:
            raise Broken("sheets.not_in_list")
        return found

    return read


def choices(picklist: str, *, own_words: bool = False) -> Read:
    """Several values of a list; with `own_words` what the list does not know stays as it is."""

    def read(cell: str, reading: Reading) -> tuple[str, ...]:
        known, found = reading.words(picklist), []
        for part in re.split(r"[;,\n|]", cell):
            if not part.strip():
                continue
            code = known.get(folded(part)) or (part.strip()[:60] if own_words else "")
            if not code:
                raise Broken("sheets.not_in_list")
            found.append(code)
        return tuple(dict.fromkeys(found))

    return read


def site(cell: str, reading: Reading) -> bytes:
    found = reading.sites.get(folded(cell))
    if found is None:
        raise Broken("sheets.no_such_site")
    return found


# -- days ------------------------------------------------------------------------------


def day(cell: str, reading: Reading) -> date:
    """A whole day between 1900 and a hundred years from now, in the order that this file writes."""
    return _as_day(*_parts(cell, reading), reading)


def past_day(cell: str, reading: Reading) -> date:
    found = day(cell, reading)
    if found > reading.today:
        raise Broken("sheets.future_day")
    return found


def born(cell: str, reading: Reading) -> tuple[int, int | None, int | None]:
    """A birth date as far as it is known: year, year and month, or all three."""
    told = partial_day(cell, reading)
    if date(told[0], told[1] or 1, told[2] or 1) > reading.today:
        raise Broken("sheets.future_day")
    return told


def partial_day(cell: str, reading: Reading) -> tuple[int, int | None, int | None]:
    """A day as far as it is known, past or to come."""
    if _YEAR.fullmatch(cell):
        year, month = int(cell), None
    elif found := _YEAR_MONTH.fullmatch(cell):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
    else:
        known = day(cell, reading)
        return known.year, known.month, known.day
    if not EARLIEST.year <= year <= reading.today.year + 100 or not (month is None or 1 <= month <= 12):
        raise Broken("sheets.no_day")
    return year, month, None


def _parts(cell: str, reading: Reading) -> tuple[int, int, int]:
    if iso := _ISO.fullmatch(cell):
        return int(iso[1]), int(iso[2]), int(iso[3])
    written = _WRITTEN.fullmatch(cell)
    if written is None:
        raise Broken("sheets.no_day")
    first, second, year = int(written[1]), int(written[2]), int(written[3])
    return (year, second, first) if reading.day_first else (year, first, second)


def _as_day(year: int, month: int, day_of_month: int, reading: Reading) -> date:
    try:
        found = date(year, month, day_of_month)
    except ValueError:
        raise Broken("sheets.no_day") from None
    if not found >= EARLIEST or found.year > reading.today.year + 100:
        raise Broken("sheets.no_day")
    return found
