"""Paging through a book by day. When an entry was written is sealed, but its number grows with time: a day is found
by halving, opening one entry at a time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from sqlalchemy import func, select

from shelter.db import db
from shelter.desk.models import OfHouse

SHOWN = 60
T = TypeVar("T")
Book = TypeVar("Book", bound=OfHouse)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What is shown, the newest first; `older` is the day up to which the next page goes, None on the last one."""

    shown: list[T]
    older: date | None = None


def page_of(entries: Sequence[T], day_of: Callable[[T], date], until: date | None) -> Page[T]:
    """The newest entries up to a day, those of the last day shown in whole."""
    ordered = sorted((one for one in entries if until is None or day_of(one) <= until), key=day_of, reverse=True)
    if len(ordered) <= SHOWN:
        return Page(ordered)
    last = day_of(ordered[SHOWN - 1])
    shown = [one for one in ordered if day_of(one) >= last]
    return Page(shown, last - timedelta(days=1) if len(shown) < len(ordered) else None)


def newest_rows(book: type[Book], site: bytes, day_of: Callable[[Book], date], until: date | None) -> list[Book]:
    """The last entries of a house up to a day: the whole of the oldest day, and one more where there is one."""
    last = _last_of(book, site, day_of, until) if until is not None else None
    query = select(book).where(book.site_id == site).order_by(book.no.desc())
    query = query if last is None else query.where(book.no <= last)
    most = SHOWN + 1
    while True:
        rows = list(db.session.scalars(query.limit(most)))
        if len(rows) < most or day_of(rows[-1]) < day_of(rows[SHOWN - 1]):
            return rows
        most *= 2


def _last_of(book: type[Book], site: bytes, day_of: Callable[[Book], date], until: date) -> int:
    """The number of the last entry that was written on that day or before; 0 where there is none."""
    low, high = 0, db.session.scalar(select(func.max(book.no)).where(book.site_id == site)) or 0
    while low < high:
        middle = (low + high + 1) // 2
        query = select(book).where(book.site_id == site, book.no <= middle, book.no > low).order_by(book.no.desc())
        found = db.session.scalars(query.limit(1)).first()
        if found is None or day_of(found) <= until:
            low = middle
        else:
            high = found.no - 1
    return low
