"""Sheets of a workbook: a row for each person or event, under a number that the grant alone knows her by."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import msgspec

from shelter.rules.performance.book import Field, Sheet, Version
from shelter.rules.performance.counting import Counted
from shelter.rules.performance.facets import UNKNOWN, age_on, label_of
from shelter.rules.performance.records import Event, History
from shelter.rules.performance.windows import Window

MET_WITHIN = "met_within:"
Named = Callable[[str], str]
"""From a pseudonym to the number of one grant."""


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """`sources` are the records that its rows are made of."""

    code: str
    rows: tuple[tuple[str, ...], ...]
    sources: frozenset[str]


def sheets_of(version: Version, history: History, window: Window, named: Named) -> list[Filled]:
    """Every sheet that belongs to this window; the rows in an order that says nothing."""
    found = []
    for sheet in version.sheet:
        if sheet.last_only and not window.ends_the_year:
            continue
        counted = Counted(version, history, window.whole_year if sheet.over == "year" else window)
        events = [one for one in counted.events if one.what == sheet.event and one.person]
        maker = _Rows(history, counted, named)
        rows = maker.by_line(sheet, events) if sheet.per == "line" else [maker.row(sheet, [one]) for one in events]
        sources = frozenset(one.source for one in events)
        found.append(Filled(code=sheet.code, rows=tuple(sorted(rows)), sources=sources))
    return found


class _Rows:
    def __init__(self, history: History, counted: Counted, named: Named) -> None:
        self._history, self._counted, self._named = history, counted, named

    def by_line(self, sheet: Sheet, events: Iterable[Event]) -> list[tuple[str, ...]]:
        """What has a line, by person and line."""
        grouped: dict[tuple[str, str], list[Event]] = {}
        for one in events:
            if line := self._counted.sorter.line(one):
                grouped.setdefault((one.person, line), []).append(one)
        return [self.row(sheet, ones) for ones in grouped.values()]

    def row(self, sheet: Sheet, events: list[Event]) -> tuple[str, ...]:
        return tuple(self._cell(field, events) for field in sheet.fields)

    def _cell(self, field: Field, events: list[Event]) -> str:
        first = events[0]
        if field.value == "client":
            return self._named(first.person)
        if field.value == "day":
            return first.day.isoformat()
        if field.value in ("times", "minutes"):
            return str(sum(one.amounts.get(field.value, 0) for one in events))
        if field.value == "line":
            return self._line(first)
        if field.value in ("born", "age"):
            return self._born(first, field.value)
        if field.value.startswith(MET_WITHIN):
            return "Yes" if self._is_met(first, int(field.value.removeprefix(MET_WITHIN))) else "No"
        return self._answer(field, first)

    def _line(self, event: Event) -> str:
        counted = self._counted.funder.on(event.day)
        line = self._counted.sorter.line(event)
        return counted.lines[line] if counted and line else ""

    def _is_met(self, event: Event, days: int) -> bool:
        """Whether she had a service of a line, or a bed, from that day on, `days` days later at the latest.

        It may lie in the next period.
        """
        last = event.day + timedelta(days=days)
        served = (one for one in self._history.events if one.person == event.person and one.what == "service")
        if any(event.day <= one.day <= last and self._counted.sorter.line(one) for one in served):
            return True
        stays = (one.days for one in self._history.stays if one.person == event.person)
        return any(one.entry <= last and (one.exit is None or one.exit > event.day) for one in stays)

    def _born(self, event: Event, which: str) -> str:
        person = self._history.people.get(event.person)
        if person is None or person.born is None or person.born > event.day:
            return ""
        return person.born.isoformat() if which == "born" else str(age_on(person.born, event.day))

    def _answer(self, field: Field, event: Event) -> str:
        name, _, wanted = field.value.partition(":")
        found = self._counted.sorter.facet(name, event)
        if wanted:
            return "Yes" if wanted in found else "No"
        return "; ".join(sorted(label_of(field.list, one) for one in found - {UNKNOWN}))
