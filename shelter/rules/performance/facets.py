"""What people and events are sorted by."""

from collections.abc import Mapping
from datetime import date

from shelter.rules.performance.book import Section, Version
from shelter.rules.performance.records import Event, History, Someone
from shelter.rules.picklists import picklists

UNKNOWN = "unknown"
OF_AGE = 18


class Sorter:
    """The keys of one event, by the rules of one version.

    `first` is each person's first day in the period, `slept` are those who had a bed in it.
    """

    def __init__(
        self,
        version: Version,
        history: History,
        first: Mapping[str, date],
        slept: frozenset[str] = frozenset(),
    ) -> None:
        self._version, self._people, self._first, self._slept = version, history.people, first, slept
        self._funder = history.services.funders[version.lines]
        self._lines: dict[str, str] = {}

    def keys(self, section: Section, event: Event) -> frozenset[str]:
        """What a section sorts this event by; UNKNOWN where nothing is known."""
        found = self.facet(section.by, event)
        if section.several and len(found) > 1:
            return frozenset({section.several})
        return found or frozenset({UNKNOWN})

    def holds(self, section: Section, event: Event) -> bool:
        return all(self.facet(name, event) & set(wanted) for name, wanted in section.only.items())

    def is_about(self, person: str) -> bool:
        """Whether the form is about her at all."""
        known = self._people.get(person)
        others = known.household if known is not None and self._version.with_household else ()
        return any(self._answers(one) for one in (person, *others))

    def is_relative(self, person: str) -> bool:
        """Whether she came with somebody whom the form is about, and it is not about her."""
        known = self._people.get(person)
        return known is not None and not self.is_about(person) and any(self._answers(one) for one in known.household)

    def is_unasked(self, person: str) -> bool:
        """Whether she has no answer to a question that says whom the form is about."""
        said = self._people[person].said if person in self._people else {}
        return any(not said.get(name) for name in self._version.only)

    def _answers(self, person: str) -> bool:
        said = self._people[person].said if person in self._people else {}
        return all(said.get(name, frozenset()) & set(wanted) for name, wanted in self._version.only.items())

    def line(self, event: Event) -> str:
        """The funder's line that counts this event on its day, or none."""
        if event.source not in self._lines:
            self._lines[event.source] = self._line(event)
        return self._lines[event.source]

    def _line(self, event: Event) -> str:
        if event.what == "night":
            return next((self._version.roofs[roof] for roof in event.keys["roof"] if roof in self._version.roofs), "")
        counted = self._funder.on(event.day)
        services = event.keys.get("service", frozenset())
        return next((counted.counts[one] for one in services if one in counted.counts), "") if counted else ""

    def facet(self, name: str, event: Event) -> frozenset[str]:
        """The answers to one question; empty where there is none."""
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
        if name == "bed":
            return frozenset({"slept" if person.id in self._slept else "none"})
        if name == "kin":
            return self._kin(person, event)
        if name == "contact":
            return self._contact(person, event)
        if name == "several_harms":
            return frozenset({"several"} if len(person.said.get("victimisations", ())) > 1 else {"one"})
        return person.said.get(name, frozenset())

    def _kin(self, person: Someone, event: Event) -> frozenset[str]:
        """What she is to the head of her household, whom the form is about; a child by its age on that day."""
        heads = [one for one in person.household if "self" in self._related(one)]
        if not heads or not all(self._answers(one) for one in heads):
            return frozenset()
        related = self._related(person.id) - {"self", "not_collected"}
        if "child" not in related:
            return related
        if person.born is None or person.born > event.day:
            return frozenset()
        return frozenset({"child_grown" if age_on(person.born, event.day) >= OF_AGE else "child_minor"})

    def _related(self, person: str) -> frozenset[str]:
        return self._people[person].said.get("related", frozenset()) if person in self._people else frozenset()

    def _contact(self, person: Someone, event: Event) -> frozenset[str]:
        """Grown or a child on that day, alone or in a group."""
        if person.born is None or person.born > event.day:
            return frozenset()
        who = "adult" if age_on(person.born, event.day) >= OF_AGE else "child"
        return frozenset(f"{who}_{how}" for how in event.keys.get("setting", ()))

    def _band(self, born: date | None, day: date) -> frozenset[str]:
        if born is None or born > day:
            return frozenset()
        age = age_on(born, day)
        return frozenset(band.key for band in self._version.bands if band.youngest <= age <= band.oldest)


def age_on(born: date, day: date) -> int:
    """Whole years; who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def label_of(picklist: str, key: str) -> str:
    """The word of an answer, in English; a code of no list as it is."""
    if key == UNKNOWN:
        return "Not known"
    choices = picklists()[picklist].choices if picklist else ()
    return next((one.label for one in choices if one.code == key), key)
