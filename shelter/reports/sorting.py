"""Into which categories of a report facts put a person: by what was said of her, or by what happened in the period."""

from collections.abc import Callable, Iterable, Mapping

from shelter.db.inbox import Fact
from shelter.reports.bands import band_of
from shelter.reports.catalogue import (
    CONCLUDED,
    CONTROLLED,
    ENDED,
    HELPED,
    LEFT,
    LEGAL,
    NEW,
    PAPERED,
    PROGRAMMED,
    REACHED,
    RECOVERED,
    Quarter,
    Report,
)
from shelter.reports.dimensions import CONTROLS, GOALS, OUTCOME_BY_MATTER, PROGRAMMES, ended_as
from shelter.rules.coarse import UNKNOWN
from shelter.rules.regions import regions
from shelter.settings.servicelist import service_list

ByPerson = Mapping[bytes, list[Fact]]
Facts = Mapping[str, ByPerson]
"""By what they are about, then by person."""
Sorter = Callable[[bytes], Iterable[str]]
"""A person's categories; none for somebody whom the report does not count."""

OPEN = "9999-12"
_RACES = {
    "american_indian": "AmIndAKNative",
    "asian": "Asian",
    "black": "BlackAfAmerican",
    "hispanic": "HispanicLatinao",
    "pacific": "NativeHIPacific",
    "white": "White",
}
_EXPLOITATIONS = frozenset({"sexual", "forced_labour", "servitude", "forced_marriage"})
_TRAFFICKED = {"labor": "forced_labour", "sex": "sexual", "both": "several"}
_HAPPENED = {
    ENDED: ("stay",),
    LEFT: ("leaving", "stay"),
    LEGAL: ("matter",),
    CONCLUDED: ("matter",),
    RECOVERED: ("paper",),
}
"""Which facts make somebody one of a population; her newest in the period sorts her, the first kind before others."""
_WORDS = {"stay": "stay", "place": "place", "matter": "matter", "outcome": "outcome", "recovery": "time"}
"""Under which name the newest fact holds the category of a dimension."""
_GOALS = {area: group for group, areas in GOALS.items() for area in areas}
_CONTROLS = {method: group for group, methods in CONTROLS.items() for method in methods}


def sorter(report: Report, facts: Facts, quarter: Quarter) -> Sorter:
    if report.population in _HAPPENED:
        return _by_newest(report, facts, quarter)
    if report.population == CONTROLLED:
        return _controlled(facts.get("happened", {}))
    if report.population == PROGRAMMED:
        return _programmes(facts, quarter)
    if report.population in (HELPED, REACHED, PAPERED):
        return _in_period(report, facts, quarter)
    category = _by_age(facts, quarter) if report.first == "age" else _by_word(report, facts)
    if report.population != NEW:
        return category
    first = first_months(facts)
    return lambda person: category(person) if is_in(first[person], first[person], quarter) else ()


# -- by what was said of her -----------------------------------------------------


def _by_age(facts: Facts, quarter: Quarter) -> Sorter:
    """The period's year less the year of birth: facts hold no birthday."""
    born = {person: _year(said[0]) for person, said in facts.get("person", {}).items()}

    def age(person: bytes) -> tuple[str]:
        year = born.get(person)
        return (band_of(quarter.year - year if year else None),)

    return age


def _year(fact: Fact) -> int:
    year = fact.values.get("born", 0)
    return year if isinstance(year, int) else 0


def _by_word(report: Report, facts: Facts) -> Sorter:
    """What the house itself was told goes before what an import said."""
    code = report.first
    sources = [(facts.get(what, {}), read) for what, read in _SAID_IN[code]]
    known = frozenset(report.rows.categories if report.rows else ()) - {UNKNOWN}

    def word(person: bytes) -> tuple[str]:
        found = (read(fact) for said, read in sources for fact in said.get(person, ()))
        return (next((one for one in found if one in known), UNKNOWN),)

    return word


def _codes(fact: Fact, name: str) -> list[str]:
    return str(fact.values.get(name, "")).split()


def _race(fact: Fact) -> str:
    told = _codes(fact, "race_ethnicity")
    return "several" if len(told) > 1 else _RACES.get("".join(told), UNKNOWN)


def _exploitation(fact: Fact) -> str:
    """The kind; where only labor, sex or both was told, that."""
    told = {one for one in _codes(fact, "exploitation") if one not in ("unknown", "declined", "not_asked")}
    if not told:
        return _TRAFFICKED.get(str(fact.values.get("trafficking_kind", "")), UNKNOWN)
    kinds = {one if one in _EXPLOITATIONS else "something-else" for one in told}
    return "several" if len(told) > 1 else kinds.pop()


_SAID_IN: dict[str, tuple[tuple[str, Callable[[Fact], str]], ...]] = {
    "language": (("person", lambda fact: str(fact.values.get("language", ""))),),
    "sex": (
        ("herself", lambda fact: str(fact.values.get("sex_asked", ""))),
        ("demographics", lambda fact: str(fact.values.get("sex", ""))),
    ),
    "race": (("herself", _race), ("demographics", lambda fact: str(fact.values.get("race", "")))),
    "violence": (("demographics", lambda fact: str(fact.values.get("violence", ""))),),
    "region": (("herself", lambda fact: regions().get(str(fact.values.get("country", "")), UNKNOWN)),),
    "exploitation": (("happened", _exploitation),),
}
"""In which facts about her a category stands, under its dimension's code, and how it is read there."""


def _controlled(happened: ByPerson) -> Sorter:
    def methods(person: bytes) -> list[str]:
        told = {_CONTROLS.get(one, "") for fact in happened.get(person, ()) for one in _codes(fact, "control")}
        return sorted(told - {""}) or [UNKNOWN]

    return methods


# -- by what happened in the period ----------------------------------------------------


def _programmes(facts: Facts, quarter: Quarter) -> Sorter:
    def programmes(person: bytes) -> list[str]:
        return [
            name
            for what, name in PROGRAMMES.items()
            if any(is_in(*span(fact), quarter) for fact in facts.get(what, {}).get(person, ()))
        ]

    return programmes


def _in_period(report: Report, facts: Facts, quarter: Quarter) -> Sorter:
    what, read = _EACH[report.population]
    told = facts.get(what, {})

    def found(person: bytes) -> list[str]:
        return sorted({word for fact in told.get(person, ()) for word in read(fact, quarter)})

    return found


def _areas(fact: Fact, quarter: Quarter) -> Iterable[str]:
    if is_in(*span(fact), quarter):
        service = service_list().services.get(str(fact.values.get("service", "")))
        yield service.area if service else UNKNOWN


def _reached(fact: Fact, quarter: Quarter) -> Iterable[str]:
    if is_in(*span(fact), quarter):
        yield _GOALS.get(str(fact.values.get("area", "")), UNKNOWN)


def _papers(fact: Fact, quarter: Quarter) -> Iterable[str]:
    if fact.values.get("from") and is_in(*span(fact), quarter):
        yield "withheld"
    back = str(fact.values.get("back", ""))
    if back and is_in(back, back, quarter):
        yield str(fact.values["how"])


_EACH: dict[str, tuple[str, Callable[[Fact, Quarter], Iterable[str]]]] = {
    HELPED: ("service", _areas),
    REACHED: ("goal", _reached),
    PAPERED: ("paper", _papers),
}


def _by_newest(report: Report, facts: Facts, quarter: Quarter) -> Sorter:
    happened = [facts.get(kind, {}) for kind in _HAPPENED[report.population]]
    known = report.rows.categories if report.rows else ()

    def sort(person: bytes) -> tuple[str, ...]:
        found = ([fact for fact in one.get(person, ()) if _counts(report, fact, quarter)] for one in happened)
        ours = next((facts for facts in found if facts), None)
        if ours is None:
            return ()
        newest = max(ours, key=lambda fact: (span(fact)[0], fact.source))
        word = _word(report, newest)
        return (word if word in known else UNKNOWN,)

    return sort


def _word(report: Report, fact: Fact) -> str:
    word = str(fact.values.get(_WORDS[report.first], UNKNOWN))
    return ended_as(word, str(fact.values.get("matter", ""))) if report.rows is OUTCOME_BY_MATTER else word


def _counts(report: Report, fact: Fact, quarter: Quarter) -> bool:
    if report.population == RECOVERED:
        back = str(fact.values.get("back", ""))
        return bool(back) and is_in(back, back, quarter)
    begins, ends = span(fact)
    return is_in(begins, ends, quarter) if report.population == LEGAL else is_in(ends, ends, quarter)


# -- months ---------------------------------------------------------------------------


def span(fact: Fact) -> tuple[str, str]:
    return str(fact.values.get("from", "")), str(fact.values.get("until", "")) or OPEN


def is_in(begins: str, ends: str, quarter: Quarter) -> bool:
    """Whether months from `begins` to `ends` touch the period."""
    return begins <= month_of(quarter.last.year, quarter.last.month) and ends >= month_of(
        quarter.first.year, quarter.first.month
    )


def month_of(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"


def first_months(facts: Facts) -> dict[bytes, str]:
    """The month in which each was first served, ever."""
    first: dict[bytes, str] = {}
    for what in PROGRAMMES:
        for person, told in facts.get(what, {}).items():
            begins = min(span(fact)[0] for fact in told)
            first[person] = min(first.get(person, begins), begins)
    return first
