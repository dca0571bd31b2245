"""What people and events are sorted by."""

from datetime import date

from shelter.rules.performance.book import Section, Version
from shelter.rules.performance.records import Event, Someone
from shelter.rules.services import service_book

UNKNOWN = "unknown"


class Sorter:
    """The keys of one event, by the rules of one version. `first` is each person's first day in the period."""

    def __init__(self, version: Version, people: dict[str, Someone], first: dict[str, date]) -> None:
        self._version, self._people, self._first = version, people, first
        self._funder = service_book().funders[version.lines]

    def keys(self, section: Section, event: Event) -> frozenset[str]:
        """What a section sorts this event by; UNKNOWN where nothing is known."""
        found = self._facet(section.by, event)
        if section.several and len(found) > 1:
            return frozenset({section.several})
        return found or frozenset({UNKNOWN})

    def holds(self, section: Section, event: Event) -> bool:
        return all(self._facet(name, event) & set(wanted) for name, wanted in section.only.items())

    def line(self, event: Event) -> str:
        """The funder's line that counts this event on its day, or none."""
        if event.what == "night":
            return next((self._version.roofs[roof] for roof in event.keys["roof"] if roof in self._version.roofs), "")
        counted = self._funder.on(event.day)
        services = event.keys.get("service", frozenset())
        return next((counted.counts[one] for one in services if one in counted.counts), "") if counted else ""

    def _facet(self, name: str, event: Event) -> frozenset[str]:
        if name in event.keys:
            return event.keys[name]
        if name in ("line", "kind_of_line"):
            line = self.line(event)
            return frozenset({line if name == "line" else line[:1]} - {""})
        person = self._people.get(event.person)
        return self._of_person(name, person, event) if person else frozenset()

    def _of_person(self, name: str, person: Someone, event: Event) -> frozenset[str]:
        if name in ("age", "age_then"):
            day = self._first.get(person.id, event.day) if name == "age" else event.day
            return self._band(person.born, day)
        if name == "several_harms":
            return frozenset({"several"} if len(person.said.get("victimisations", ())) > 1 else {"one"})
        return person.said.get(name, frozenset())

    def _band(self, born: date | None, day: date) -> frozenset[str]:
        if born is None or born > day:
            return frozenset()
        age = age_on(born, day)
        return frozenset(band.key for band in self._version.bands if band.youngest <= age <= band.oldest)


def age_on(born: date, day: date) -> int:
    """Whole years; who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
