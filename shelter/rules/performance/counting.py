"""Filling a form: each number with the records that it counts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

import msgspec

from shelter.rules.nights import night_rules, nights
from shelter.rules.performance.book import Row, Section, Version
from shelter.rules.performance.facets import Sorter, label_of
from shelter.rules.performance.records import Event, History, Stay
from shelter.rules.performance.windows import Window

_ALL = "*"
"""The key of every event where a question sorts by nothing."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One number of the form, and the records it counts. `number` is None for a text that people write."""

    section: str
    row: str
    line: str
    column: str
    number: int | None
    sources: frozenset[str] = frozenset()


class Counted:
    """What happened in one window, and who is served in it and new."""

    def __init__(self, version: Version, history: History, window: Window) -> None:
        plain = Sorter(version, history, {})
        happened = _in_days(version, history, window.first, window.last)
        self.events = _about(plain, happened)
        self.beside = [one for one in happened if plain.is_relative(one.person) and _serves(version, plain, one)]
        first = _first_days(one for one in self.events if _serves(version, plain, one))
        earlier = _about(plain, _in_days(version, history, window.year_first, window.first - timedelta(days=1)))
        known = {one.person for one in earlier if _serves(version, plain, one)}
        slept = frozenset(one.person for one in self.events if one.what == "night")
        self.sorter = Sorter(version, history, first, slept)
        self.funder = history.services.funders[version.lines]
        self.served = frozenset(first)
        self.new = self.served - known

    def of(self, section: Section) -> list[Event]:
        who = {"served": self.served, "new": self.new}.get(section.people)
        return [
            one
            for one in (self.beside if section.people == "relatives" else self.events)
            if (section.contacts and _is_contact(one))
            or (one.what in section.events and (who is None or one.person in who) and self.sorter.holds(section, one))
        ]


def unasked(version: Version, history: History, window: Window) -> int:
    """How many people with a service or a night in the window are left out because nothing says that they belong."""
    sorter = Sorter(version, history, {})
    events = _in_days(version, history, window.first, window.last)
    people = {one.person for one in events if one.person and _serves(version, sorter, one)}
    return sum(sorter.is_unasked(one) for one in people if not sorter.is_about(one))


def _is_contact(event: Event) -> bool:
    """A call without a name, which belongs to nobody."""
    return event.what == "call" and "anonymous" in event.keys.get("flags", ())


def _about(sorter: Sorter, events: list[Event]) -> list[Event]:
    """Without those of people whom the form is not about; what belongs to nobody stays."""
    return [one for one in events if not one.person or sorter.is_about(one.person)]


def count(version: Version, history: History, window: Window) -> list[Answer]:
    """Every number of the form over a window, in its order.

    New is who was served in the window and not before in its fiscal year: so everybody of October to December is,
    and nobody is twice in one year.
    """
    here = Counted(version, history, window)
    year = here if window.quarter == 0 else Counted(version, history, window.whole_year)
    found: list[Answer] = []
    for section in version.section:
        if section.last_only and not window.ends_the_year:
            continue
        found += _answers(version, section, year if section.over == "year" else here, window)
    return found


def _answers(version: Version, section: Section, counted: Counted, window: Window) -> Iterable[Answer]:
    rows = _rows(version, section, window, counted)
    if not section.events:
        return [Answer(section=section.code, row=row.code, line=row.line, column="text", number=None) for row in rows]
    by_key = _by_key(section, counted)
    found = []
    for row in rows:
        mine = _of_row(by_key, row.keys if section.by else (_ALL,))
        sources = frozenset(one.source for one in mine)
        found += [
            Answer(
                section=section.code,
                row=row.code,
                line=row.line,
                column=column,
                number=_number(column, mine, section.once_by),
                sources=sources,
            )
            for column in section.columns
        ]
    return found


def _by_key(section: Section, counted: Counted) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for one in counted.of(section):
        for key in counted.sorter.keys(section, one) if section.by else (_ALL,):
            found.setdefault(key, []).append(one)
    return found


def _of_row(by_key: dict[str, list[Event]], keys: Sequence[str]) -> list[Event]:
    """Each event once, also where two of its keys are the row's."""
    if len(keys) == 1:
        return by_key.get(keys[0], [])
    return list({one.source: one for key in keys for one in by_key.get(key, ())}.values())


def _number(column: str, events: Sequence[Event], once_by: str = "") -> int:
    if column == "people":
        nobodys = [one for one in events if not one.person]
        return len({one.person for one in events if one.person}) + _number("times", nobodys)
    if once_by:
        return _once(column, events, once_by)
    if column == "any":
        return int(bool(events))
    if column == "hours":
        return (sum(one.amounts.get("minutes", 0) for one in events) + 30) // 60
    return sum(one.amounts.get(column, 0) for one in events)


def _once(column: str, events: Iterable[Event], by: str) -> int:
    """What two lists may tell of one need is counted once: of each month and house, the list that tells more."""
    told: dict[tuple[object, ...], dict[str, int]] = {}
    for one in events:
        same = (one.day.year, one.day.month, one.keys.get("site"), one.keys.get(by))
        sums = told.setdefault(same, {})
        sums[one.what] = sums.get(one.what, 0) + one.amounts.get(column, 0)
    return sum(max(sums.values()) for sums in told.values())


def _rows(version: Version, section: Section, window: Window, counted: Counted) -> Sequence[Row]:
    if section.rows_of == "found":
        keys = {key for one in counted.of(section) for key in counted.sorter.keys(section, one)}
        return [Row(key, label_of(section.list, key), (key,)) for key in sorted(keys)]
    if section.rows_of != "lines":
        return section.rows
    lines = counted.funder.on(window.last)
    return [Row(code, line, (code,)) for code, line in lines.lines.items()] if lines else ()


# -- what happened in a window ----------------------------------------------------------------


def _in_days(version: Version, history: History, first: date, last: date) -> list[Event]:
    """Events of these days, and the nights of stays in them."""
    if last < first:
        return []
    found = [one for one in history.events if first <= one.day <= last]
    return found + [one for stay in history.stays if (one := _slept(version, stay, first, last))]


def _slept(version: Version, stay: Stay, first: date, last: date) -> Event | None:
    """A stay as far as it lies in these days; nothing where it has no night in them."""
    rule = night_rules()["hmis_night_by_night" if stay.by_night else version.nights]
    number = nights(rule, stay.days, first, last)
    if not number:
        return None
    return Event(
        source=stay.source,
        what="night",
        day=max(stay.days.entry, first),
        person=stay.person,
        keys={"roof": frozenset({stay.roof})},
        amounts={"nights": number, "times": number},
    )


def _serves(version: Version, sorter: Sorter, event: Event) -> bool:
    if event.what == "night":
        return True
    if event.what != "service":
        return False
    return bool(sorter.line(event)) or bool(event.keys["service"] & set(version.serves_also))


def _first_days(events: Iterable[Event]) -> dict[str, date]:
    ordered = sorted(events, key=lambda one: (one.person, one.day))
    return {person: next(mine).day for person, mine in groupby(ordered, key=lambda one: one.person)}
