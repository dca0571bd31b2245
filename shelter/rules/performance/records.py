"""What these forms count: people by stand-ins, what was done on which day, stays, and what belongs to nobody."""

from collections.abc import Mapping
from datetime import date

import msgspec

from shelter.rules.nights import StayDays
from shelter.rules.services import ServiceBook, service_book

Keys = Mapping[str, frozenset[str]]


class Someone(msgspec.Struct, frozen=True, kw_only=True):
    """`said` are her coded answers by question; a question that is not there was not answered.

    `household` are the people she came with, by their stand-ins.
    """

    id: str
    born: date | None = None
    said: Keys = {}
    household: frozenset[str] = frozenset()


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One record of one day. `person` is empty where it belongs to nobody, `keys` what it is sorted by.

    `what` is service, night, call, education, outreach, survey, unmet, turned_away, opening or closing. Of counts
    whose day is not told the day is the first of their month.
    """

    source: str
    what: str
    day: date
    person: str = ""
    keys: Keys = {}
    amounts: Mapping[str, int] = {}


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """`roof` is shelter or transitional."""

    source: str
    person: str
    roof: str
    days: StayDays
    by_night: bool = False


class History(msgspec.Struct, frozen=True, kw_only=True):
    """`services` says which line counts a service on its day: the shipped book, or the agency's."""

    people: Mapping[str, Someone]
    events: tuple[Event, ...] = ()
    stays: tuple[Stay, ...] = ()
    services: ServiceBook = msgspec.field(default_factory=service_book)
