"""Questions about time: a date remembered in parts, a date close by, an hour.

Written in whatever way people write dates; read in the reader's own order: month first in English, day first in
Spanish.
"""

import re
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation
from wtforms.widgets import DateInput, TimeInput

from shelter.web.asked import Asked, DrawnByMacro, Words, cleaned
from shelter.web.times import day_full

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known. Without a month or a day it is always approximate."""

    year: int
    month: int | None = None
    day: int | None = None
    approximate: bool = False

    @property
    def precision(self) -> str:
        return "exact" if self.month and self.day and not self.approximate else "approximate"

    @property
    def whole(self) -> date | None:
        """The calendar date, when all three parts are known."""
        return date(self.year, self.month, self.day) if self.month and self.day else None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three inputs of a remembered date, as a template draws it."""

    key: str
    id: str
    name: str
    label: Words
    value: str
    wrong: bool


_PART_LABELS = {"day": _l("Day"), "month": _l("Month"), "year": _l("Year")}


class RememberedDate(Asked):
    """A date from memory, in three inputs; a year alone is enough. `data` is a PartialDate or None.

    `earliest` and `latest` bound the whole date (or its year, when that is all there is). With `skippable` the date can
    be declined: `precision` is then "declined", otherwise "exact", "approximate" or "" (open).
    """

    anatomy = "group"
    needed = _l("Write a date. The year alone is enough")
    widget = DrawnByMacro("date_parts")

    def __init__(
        self, label: Words = None, *, earliest: date | None = None, latest: date | None = None, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.earliest, self.latest = earliest, latest
        self.typed: dict[str, str] = {}
        self.wrong: frozenset[str] = frozenset()
        self.approximate = False

    @property
    def order(self) -> tuple[str, str, str]:
        locale = get_locale()
        return ("month", "day", "year") if locale is None or locale.language == "en" else ("day", "month", "year")

    @property
    def parts(self) -> list[Part]:
        return [
            Part(
                key,
                f"{self.id}-{key}",
                f"{self.name}-{key}",
                _PART_LABELS[key],
                self.typed.get(key, ""),
                key in self.wrong or (bool(self.errors) and not self.wrong),
            )
            for key in self.order
        ]

    @property
    def approximate_name(self) -> str:
        return f"{self.name}-approximate"

    @property
    def parameter_names(self) -> tuple[str, ...]:
        return (
            *super().parameter_names,
            *(f"{self.name}-{key}" for key in _PART_LABELS),
            self.approximate_name,
        )

    @property
    def target_id(self) -> str:
        first = next((key for key in self.order if key in self.wrong), self.order[0])
        return f"{self.id}-{first}"

    @property
    def precision(self) -> str:
        if self.skip_reason:
            return "declined"
        return self.data.precision if self.data else ""

    @property
    def answered(self) -> bool:
        return any(self.typed.values())

    def in_words(self) -> str:
        known = " ".join(self.typed[key] for key in self.order if self.typed.get(key))
        return _("about %(date)s", date=known) if self.precision == "approximate" else known

    def process_data(self, value: Any) -> None:
        self.data = value if isinstance(value, PartialDate) else None
        if isinstance(value, date):
            self.data = PartialDate(value.year, value.month, value.day)
        if self.data:
            known = {"day": self.data.day, "month": self.data.month, "year": self.data.year}
            self.typed = {key: str(part) for key, part in known.items() if part}
            self.approximate = self.data.approximate

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        if formdata is None:
            return
        self.typed = {key: cleaned(str(formdata.get(f"{self.name}-{key}", "")))[:20] for key in _PART_LABELS}
        self.approximate = bool(formdata.get(self.approximate_name))
        self.data, self.wrong = None, frozenset()
        if any(self.typed.values()):
            try:
                self.data = self._read()
            except ValueError as unreadable:
                self.process_errors = [*self.process_errors, str(unreadable)]

    def check_answer(self) -> None:
        answer: PartialDate = self.data
        first = date(answer.year, answer.month or 1, answer.day or 1)
        if self.latest and first > self.latest:
            raise StopValidation(_("This date has not come yet"))
        if self.earliest and date(answer.year, answer.month or 12, answer.day or 28) < self.earliest:
            raise StopValidation(_("This date is too long ago"))

    def _read(self) -> PartialDate:
        year = self._read_year()
        month = self._read_month()
        day = self._read_day()
        if day and not month:
            self.wrong = frozenset({"month"})
            raise ValueError(_("Write the month too, or leave the day empty"))
        if day and month:
            self._check_calendar(year, month, day)
        return PartialDate(year, month, day, self.approximate or not (month and day))

    def _check_calendar(self, year: int, month: int, day: int) -> None:
        try:
            date(year, month, day)
        except ValueError:
            self.wrong = frozenset({"day"})
            raise ValueError(_("This month has no such day")) from None

    def _read_year(self) -> int:
        written = self.typed["year"]
        if not re.fullmatch(r"[0-9]{4}", written) or not EARLIEST_YEAR <= int(written) <= LATEST_YEAR:
            self.wrong = frozenset({"year"})
            raise ValueError(_("Write the year in four digits"))
        return int(written)

    def _read_month(self) -> int | None:
        written = self.typed["month"]
        if not written:
            return None
        month = int(written) if re.fullmatch(r"[0-9]{1,2}", written) else month_named(written)
        if not 1 <= month <= 12:
            self.wrong = frozenset({"month"})
            raise ValueError(_("Write the month as a number from 1 to 12, or by its name"))
        return month

    def _read_day(self) -> int | None:
        written = self.typed["day"]
        if not written:
            return None
        if not re.fullmatch(r"[0-9]{1,2}", written) or not 1 <= int(written) <= 31:
            self.wrong = frozenset({"day"})
            raise ValueError(_("Write the day as a number from 1 to 31"))
        return int(written)


class NearDate(Asked):
    """A date close by, from the browser's calendar or typed. `data` is a date or None."""

    needed = _l("Choose a date")
    widget = DateInput()

    def __init__(
        self, label: Words = None, *, earliest: date | None = None, latest: date | None = None, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.earliest, self.latest = earliest, latest

    def in_words(self) -> str:
        return day_full(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = cleaned(str(valuelist[0])) if valuelist else ""
        self.data = read_date(written) if written else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""

    def attributes(self) -> dict[str, Any]:
        bounds = {"min": self.earliest, "max": self.latest}
        attributes = super().attributes() | {key: day.isoformat() for key, day in bounds.items() if day}
        return attributes | {"class": attributes["class"] + " is-date"}

    def check_answer(self) -> None:
        if self.earliest and self.data < self.earliest:
            raise StopValidation(_("Choose %(day)s or later", day=self.earliest.isoformat()))
        if self.latest and self.data > self.latest:
            raise StopValidation(_("Choose %(day)s or earlier", day=self.latest.isoformat()))


class Time(Asked):
    """An hour on the clock, typed in any usual way. `data` is a time or None."""

    needed = _l("Write a time, such as 14:30 or 2:30 pm")
    widget = TimeInput()

    def in_words(self) -> str:
        return str(self.data.strftime("%H:%M"))

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = cleaned(str(valuelist[0])) if valuelist else ""
        self.data = read_time(written) if written else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H:%M") if self.data else ""

    def attributes(self) -> dict[str, Any]:
        attributes = super().attributes()
        return attributes | {"class": attributes["class"] + " is-short"}


def read_date(written: str) -> date:
    """2026-11-21, or 11/21/2026 (21/11/2026 for a Spanish reader). Raises ValueError with a sentence."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", written, re.ASCII)
    slashed = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", written, re.ASCII)
    locale = get_locale()
    day = None
    try:
        if iso:
            day = date(*(int(part) for part in iso.groups()))
        if slashed:
            first, second, year = (int(part) for part in slashed.groups())
            month_first = locale is None or locale.language == "en"
            day = date(year, first, second) if month_first else date(year, second, first)
    except ValueError:
        pass
    if day is None:
        raise ValueError(_("Write the date like %(example)s", example="2026-11-21"))
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:  # a browser's calendar makes 0026 of 26
        raise ValueError(_("Write the year in four digits"))
    return day


def read_time(written: str) -> time:
    """14:30, 14.30, 1430, 9, 2 pm, 2:30 p. m. Raises ValueError with a sentence."""
    squeezed = re.sub(r"[\s.]", "", re.sub(r"(?<=\d)\.(?=\d)", ":", written.lower()))
    parts = re.fullmatch(r"(\d{1,2}):?(\d{2})?(?::\d{2})?(am|pm)?", squeezed, re.ASCII)
    if parts:
        hour, minute, half = int(parts[1]), int(parts[2] or 0), parts[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 99
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ValueError(_("Write a time, such as 14:30 or 2:30 pm"))


@cache
def _months() -> dict[str, int]:
    return {
        name.lower().rstrip("."): number
        for language in ("en", "es")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }


def month_named(written: str) -> int:
    """The number of a month from its English or Spanish name, 0 when there is none."""
    return _months().get(written.lower().rstrip("."), 0)
