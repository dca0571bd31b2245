"""From facts to the rows of a table: one person, once, in one band and at one site."""

import hashlib
from collections.abc import Iterable

import msgspec

from shelter.db.inbox import Fact
from shelter.reports.bands import band_of
from shelter.reports.catalogue import NO_SITE, Quarter
from shelter.reports.ledger import by_person

SERVED_BY = ("stay", "matter")
"""Facts that say that somebody was served: whole months `from` and `until` (empty while it goes on), and a site."""


def served_rows(facts: list[Fact], quarter: Quarter, sites: Iterable[str]) -> list[tuple[str, str]]:
    """(age band, site) of everybody served in the quarter, once.

    Age is the quarter's year less the year of birth: facts hold no birthday. Somebody at two sites counts
    where she was last; what names no site of ours counts at none, unless something else names one.
    """
    known = set(sites)
    born = {person: _year(said[0]) for person, said in by_person(facts, "person").items()}
    rows = []
    for person, site in sorted(_last_sites(facts, quarter, known).items()):
        year = born.get(person)
        rows.append((band_of(quarter.year - year if year else None), site))
    return rows


def _year(fact: Fact) -> int:
    year = fact.values.get("born", 0)
    return year if isinstance(year, int) else 0


def _last_sites(facts: list[Fact], quarter: Quarter, known: set[str]) -> dict[bytes, str]:
    first, last = _month(quarter.first.year, quarter.first.month), _month(quarter.last.year, quarter.last.month)
    latest: dict[bytes, tuple[bool, str, str, str]] = {}
    for fact in facts:
        if fact.what not in SERVED_BY:
            continue
        begins, ends = str(fact.values.get("from", "")), str(fact.values.get("until", "")) or "9999-12"
        if begins <= last and ends >= first:
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
