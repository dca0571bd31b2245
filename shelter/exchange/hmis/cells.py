"""One cell of an HMIS CSV file read as a date, an instant, a number, an amount or a code; blank is no answer.

A cell that cannot be read stays as written and gets a reason; nothing is guessed but American dates, and
those are listed.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from shelter.exchange.hmis.layout import Column, Kind
from shelter.exchange.hmis.problems import Reason

Value = str | int | date | datetime | Decimal
Reading = tuple[Value | None, Reason | None]
"""A value (None: blank or unreadable) and why the cell is listed (None: it is not)."""

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?)?", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}:\d\d(?::\d\d)?))?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)
_WHOLE = re.compile(r"(-?\d{1,12})\.0{1,6}", re.ASCII)
_MONEY = re.compile(r"-?\d{1,12}(?:\.\d{1,4})?", re.ASCII)
_YEARS = range(1880, 2101)
_CACHED = 20_000


def _instant(text: str) -> tuple[datetime | None, bool]:
    """An instant and whether it was written the American way. HMIS gives no zone, so the result has none."""
    iso, american = _ISO.fullmatch(text), None
    try:
        if iso is not None:
            found = datetime.fromisoformat(f"{iso[1]} {iso[2] or '00:00'}")
        else:
            american = _AMERICAN.fullmatch(text)
            if american is None:
                return None, False
            month, day, year, clock = american.groups()
            hour, _, rest = (clock or "0:00").partition(":")
            found = datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02} {int(hour):02}:{rest}")
    except ValueError:
        return None, False
    return (found if found.year in _YEARS else None), american is not None


def read_date(text: str) -> Reading:
    """yyyy-mm-dd with or without a time, or m/d/yyyy, which is listed as read so."""
    found, is_american = _instant(text)
    if found is None:
        return None, Reason.UNREADABLE_DATE
    return found.date(), Reason.READ_AS if is_american else None


def read_instant(text: str) -> Reading:
    """As `read_date`, with the time of day; without one it is midnight."""
    found, is_american = _instant(text)
    if found is None:
        return None, Reason.UNREADABLE_DATE
    return found, Reason.READ_AS if is_american else None


def read_integer(text: str) -> Reading:
    """A whole number; "1.0" is listed as read so."""
    if _INTEGER.fullmatch(text):
        return int(text), None
    whole = _WHOLE.fullmatch(text)
    if whole is not None:
        return int(whole[1]), Reason.READ_AS
    return None, Reason.UNREADABLE_NUMBER


def read_money(text: str) -> Reading:
    if _MONEY.fullmatch(text):
        return Decimal(text), None
    return None, Reason.UNREADABLE_NUMBER


def read_text(text: str) -> Reading:
    return text, None


def _code_reader(column: Column) -> Callable[[str], Reading]:
    def read_code(text: str) -> Reading:
        found, reason = read_integer(text)
        if not isinstance(found, int):
            return None, reason
        if column.recode:
            found = column.recode.get(found, (-1,))[0]
        return (found, reason) if found in column.codes else (None, Reason.NOT_IN_LIST)

    return read_code


_READERS: dict[Kind, Callable[[str], Reading]] = {
    Kind.TEXT: read_text,
    Kind.DATE: read_date,
    Kind.INSTANT: read_instant,
    Kind.INTEGER: read_integer,
    Kind.MONEY: read_money,
}


def cell_reader(column: Column) -> Callable[[str], Reading]:
    """A reader for the stripped cells of one column that remembers what it has read, up to a bound."""
    if column.kind is Kind.TEXT:
        return read_text
    read = _code_reader(column) if column.kind is Kind.CODE else _READERS[column.kind]
    remembered: dict[str, Reading] = {}

    def read_remembering(text: str) -> Reading:
        reading = remembered.get(text)
        if reading is None:
            if len(remembered) >= _CACHED:
                remembered.clear()
            reading = remembered[text] = read(text)
        return reading

    return read_remembering
