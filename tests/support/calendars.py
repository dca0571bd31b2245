"""A calendar as programs that others maintain read it: a day and what stands on it, event by event."""

from __future__ import annotations

from datetime import date, datetime

import icalendar
from ical.calendar_stream import IcsCalendarStream

Lines = list[tuple[date, str]]


def by_icalendar(text: str) -> Lines:
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return [(_day(event.decoded("DTSTART")), str(event["SUMMARY"])) for event in events]


def by_ical(text: str) -> Lines:
    """The client of a home's own calendar; it refuses what RFC 5545 does not allow."""
    events = IcsCalendarStream.calendar_from_ics(text).events
    return [(_day(event.dtstart), event.summary or "") for event in events if event.dtstart]


def _day(begins: date) -> date:
    return begins.date() if isinstance(begins, datetime) else begins
