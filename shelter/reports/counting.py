"""From facts to the rows of a table: one person, once, in one category and at one site."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

import msgspec

from shelter.db.inbox import Fact
from shelter.reports.bands import band_of
from shelter.reports.catalogue import ENDED, LEFT, LEGAL, NEW, NO_SITE, Quarter, Report
from shelter.reports.ledger import by_person
from shelter.rules.coarse import UNKNOWN

SERVED_BY = ("stay", "matter")
"""Facts that say that somebody was served: whole months `from` and `until` (empty while it goes on), and a site."""
_SAID_IN = {"language": "person", "sex": "demographics", "race": "demographics", "violence": "demographics"}
"""In which fact about her a category stands, under its dimension's code."""
_HAPPENED = {ENDED: ("stay",), LEFT: ("leaving", "stay"), LEGAL: ("matter",)}
"""Which facts make somebody one of a population; her newest in the period sorts her, the first kind before others."""


def rows_of(report: Report, facts: list[Fact], quarter: Quarter, sites: Iterable[str]) -> list[tuple[str, str]]:
    """(category, site) of everybody whom the report counts in the period, once.

    Somebody at two sites counts where she was last; what names no site of ours counts at none, unless
    something else names one.
    """
    served = _last_sites(facts, quarter, set(sites))
    sort = _sorter(report, facts, quarter)
    found = []
    for person, site in sorted(served.items()):
        category = sort(person)
        if category is not None:
            found.append((category, site))
    return found


def _sorter(report: Report, facts: list[Fact], quarter: Quarter) -> Callable[[bytes], str | None]:
    """A person's category, or None for somebody whom the report does not count."""
    if report.population in _HAPPENED:
        return _by_newest(report, facts, quarter)
    new = _first_months(facts) if report.population == NEW else {}
    category = _by_age(facts, quarter) if report.rows.code == "age" else _by_word(report.rows.code, facts, report)

    def sort(person: bytes) -> str | None:
        if report.population == NEW and not _is_in(new[person], new[person], quarter):
            return None
        return category(person)

    return sort


def _by_age(facts: list[Fact], quarter: Quarter) -> Callable[[bytes], str]:
    """The period's year less the year of birth: facts hold no birthday."""
    born = {person: _year(said[0]) for person, said in by_person(facts, "person").items()}

    def age(person: bytes) -> str:
        year = born.get(person)
        return band_of(quarter.year - year if year else None)

    return age


def _by_word(code: str, facts: list[Fact], report: Report) -> Callable[[bytes], str]:
    said = by_person(facts, _SAID_IN[code])

    def word(person: bytes) -> str:
        found = (str(fact.values.get(code, "")) for fact in said.get(person, ()))
        return next((one for one in found if one in report.rows.categories and one != UNKNOWN), UNKNOWN)

    return word


def _by_newest(report: Report, facts: list[Fact], quarter: Quarter) -> Callable[[bytes], str | None]:
    kinds = _HAPPENED[report.population]
    happened = [by_person(facts, kind) for kind in kinds]

    def sort(person: bytes) -> str | None:
        found = ([fact for fact in one.get(person, ()) if _counts(report, fact, quarter)] for one in happened)
        ours = next((facts for facts in found if facts), None)
        if ours is None:
            return None
        newest = max(ours, key=lambda fact: (_span(fact)[0], fact.source))
        word = str(newest.values.get(report.rows.code, UNKNOWN))
        return word if word in report.rows.categories else UNKNOWN

    return sort


def _counts(report: Report, fact: Fact, quarter: Quarter) -> bool:
    begins, ends = _span(fact)
    return _is_in(begins, ends, quarter) if report.population == LEGAL else _is_in(ends, ends, quarter)


def _span(fact: Fact) -> tuple[str, str]:
    return str(fact.values.get("from", "")), str(fact.values.get("until", "")) or "9999-12"


def _is_in(begins: str, ends: str, quarter: Quarter) -> bool:
    """Whether months from `begins` to `ends` touch the period."""
    return begins <= _month(quarter.last.year, quarter.last.month) and ends >= _month(
        quarter.first.year, quarter.first.month
    )


def _served_by(facts: list[Fact]) -> Iterator[Fact]:
    return (fact for fact in facts if fact.what in SERVED_BY)


def _first_months(facts: list[Fact]) -> dict[bytes, str]:
    """The month in which each was first served, ever."""
    first: dict[bytes, str] = {}
    for fact in _served_by(facts):
        begins, _ = _span(fact)
        first[fact.person] = min(first.get(fact.person, begins), begins)
    return first


def _year(fact: Fact) -> int:
    year = fact.values.get("born", 0)
    return year if isinstance(year, int) else 0


def _last_sites(facts: list[Fact], quarter: Quarter, known: set[str]) -> dict[bytes, str]:
    """Everybody served in the period, and where she was last in it."""
    last = _month(quarter.last.year, quarter.last.month)
    latest: dict[bytes, tuple[bool, str, str, str]] = {}
    for fact in _served_by(facts):
        begins, ends = _span(fact)
        if _is_in(begins, ends, quarter):
            named = str(fact.values.get("site", ""))
            site = named if named in known else NO_SITE
            place = (site in known, min(ends, last), begins, site)
            latest[fact.person] = max(latest.get(fact.person, place), place)
    return {person: place[-1] for person, place in latest.items()}


def _month(year: int, month: int) -> str:
    return f"{year:04d}-{month:02d}"


def digest_of(rows: list[tuple[str, str]]) -> bytes:
    """What a release says it was made from: a hash of its frozen input, in a fixed order."""
    return hashlib.sha256(msgspec.msgpack.encode(sorted(rows))).digest()
