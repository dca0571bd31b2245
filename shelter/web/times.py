"""Dates and hours in words, in the reader's language and the site's zone (`g.zone`, an IANA name; UTC without one)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from flask import Flask, g
from flask_babel import gettext as _

from shelter.rules import clock
from shelter.web.i18n import page_lang

_SHORT = {"en": "EEE d MMM", "es": "EEE d MMM"}
_LONG = {"en": "EEEE d MMMM", "es": "EEEE d 'de' MMMM"}
_FULL = {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y"}

_MONTH = {"en": "LLLL y", "es": "LLLL 'de' y"}


def zone() -> ZoneInfo:
    return ZoneInfo(g.get("zone") or "UTC")


def day_of(when: date | datetime) -> date:
    """The day that it was here: an instant of the evening is the next day in UTC."""
    return when.astimezone(zone()).date() if isinstance(when, datetime) else when


def day(when: date | datetime | None) -> str:
    """Sat 21 Nov; with the year when it is another one."""
    if when is None:
        return ""
    known = day_of(when)
    pattern = _SHORT[page_lang()] + ("" if known.year == clock.today(zone().key).year else " y")
    return format_date(known, pattern, locale=page_lang())


def day_long(when: date | datetime | None) -> str:
    """Saturday 21 November."""
    return format_date(day_of(when), _LONG[page_lang()], locale=page_lang()) if when else ""


def day_full(when: date | datetime | None) -> str:
    """21 November 2026."""
    return format_date(day_of(when), _FULL[page_lang()], locale=page_lang()) if when else ""


def month_of(when: date | datetime | None) -> str:
    """March, or March 2025 when it is of another year."""
    if when is None:
        return ""
    known = day_of(when)
    same = known.year == clock.today(zone().key).year
    return format_date(known, "LLLL" if same else _MONTH[page_lang()], locale=page_lang())


def hour(when: datetime | None) -> str:
    """14:02, in the site's zone."""
    return format_time(when, "HH:mm", tzinfo=zone(), locale=page_lang()) if when else ""


def moment(when: datetime | None) -> str:
    """21 Nov 2026, 14:02, in the site's zone."""
    return format_datetime(when, "d MMM y, HH:mm", tzinfo=zone(), locale=page_lang()) if when else ""


def days_away(when: date | datetime | None) -> str:
    """today, tomorrow, yesterday, in 3 days, 12 days ago."""
    if when is None:
        return ""
    away = (day_of(when) - clock.today(zone().key)).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if away in near:
        return near[away]
    return format_timedelta(away * 86_400, granularity="day", threshold=10**9, add_direction=True, locale=page_lang())


def init(app: Flask) -> None:
    for shown in (day, day_long, day_full, hour, moment, days_away):
        app.jinja_env.filters[shown.__name__] = shown
