"""The text of a calendar (RFC 5545): a line for each day, with a code and never a form's or a person's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shelter.calendars.sealing import Entry

_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Shelter//Dates//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"
_REFRESH = "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\nX-PUBLISHED-TTL:PT6H\r\n"
_TAIL = "END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Words:
    """The only words that a calendar company reads beside a code."""

    deadline: str
    appointment: str


def calendar(entries: Iterable[tuple[bytes, Entry]], words: Words) -> str:
    """One all-day event an entry, or one hour where an appointment has its time. Codes and times are ASCII and short,
    so that no line wants escaping or folding."""
    return "".join((_HEAD, _REFRESH, *(_event(place, entry, words) for place, entry in entries), _TAIL))


def _event(place: bytes, entry: Entry, words: Words) -> str:
    day = _day(entry.day)
    said = words.appointment if entry.visit else words.deadline
    if entry.time:
        clock = entry.time.replace(":", "")
        when = f"DTSTART:{day}T{clock}00\r\nDURATION:PT1H\r\n"
    else:
        when = f"DTSTART;VALUE=DATE:{day}\r\nDTEND;VALUE=DATE:{_day(entry.day + timedelta(days=1))}\r\n"
    return (
        f"BEGIN:VEVENT\r\nUID:{place.hex()}@shelter.invalid\r\nDTSTAMP:{day}T000000Z\r\n{when}"
        f"SUMMARY:{said}\\, {entry.code}\r\nCLASS:PRIVATE\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
    )


def _day(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"
