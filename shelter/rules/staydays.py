"""Which days a stay may have: arrival, move and leaving in order, near enough to be meant, and the day offered first.

A day of leaving is never a night: a row of days ends before it. Keys of broken rules begin with `stays.`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shelter.rules.broken import Broken
from shelter.rules.sitetime import USUAL_NIGHT_BEGINS, today, tonight

DAYS_AHEAD = 366
"""A day further ahead than this is a slip of the hand."""
YEARS_BACK = 25
"""Facts of long ago may still be entered; an earlier year is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Night:
    """A moment at a site: the night it belongs to and the calendar day, which differ between midnight and the hour
    at which the night begins."""

    night: date
    today: date

    @property
    def first(self) -> date:
        return min(self.night, self.today)

    @property
    def last(self) -> date:
        return max(self.night, self.today)

    def covers(self, from_day: date, until_day: date | None) -> bool:
        """Whether these days include the night that is running or the one to come: she sleeps here tonight."""
        return from_day <= self.last and (until_day is None or until_day > max(self.night, from_day))


def night_at(at: datetime, zone: str, night_begins: int) -> Night:
    """Raises Broken for an unknown zone or hour."""
    return Night(tonight(at, zone, night_begins), today(at, zone))


def day_of_arrival(at: datetime, zone: str, night_begins: int) -> date:
    """The day to offer for somebody who stands at the door: who comes at three in the morning joins the night that is
    running, who comes in the afternoon the one to come, whenever the site's night begins. Raises Broken."""
    return tonight(at, zone, min(night_begins, USUAL_NIGHT_BEGINS))


def nights_on_offer(today: date) -> tuple[date, date]:
    """The first and the last night that somebody can mean."""
    return date(today.year - YEARS_BACK, 1, 1), today + timedelta(days=DAYS_AHEAD)


def require_near(day: date, today: date, field: str) -> date:
    """The day itself when somebody can have meant it. Raises Broken."""
    if (day - today).days > DAYS_AHEAD:
        raise Broken("stays.too_far_ahead", field, {"days": DAYS_AHEAD})
    if (today.year - day.year) > YEARS_BACK:
        raise Broken("stays.too_long_ago", field, {"years": YEARS_BACK})
    return day


def require_move(day: date, from_day: date, until_day: date | None, today: date, field: str = "day") -> None:
    """A move lies within the last row of days. Raises Broken."""
    require_near(day, today, field)
    if day < from_day:
        raise Broken("stays.move_before_row", field)
    if until_day is not None and day >= until_day:
        raise Broken("stays.move_after_exit", field)


def require_exit(day: date, arrived: date, from_day: date, today: date, field: str = "exit_day") -> None:
    """Leaving comes after arriving and after the last move. Raises Broken."""
    require_near(day, today, field)
    if day < arrived:
        raise Broken("stays.exit_before_entry", field)
    if day < from_day:
        raise Broken("stays.exit_before_move", field)


def require_order(first: date, last: date, key: str, field: str) -> None:
    """`last` is not before `first`. Raises Broken with `key`."""
    if last < first:
        raise Broken(key, field)


def each_day(first: date, last: date) -> frozenset[date]:
    """The days from `first` to the one before `last`."""
    return frozenset(first + timedelta(days=n) for n in range((last - first).days))
