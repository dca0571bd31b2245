"""From facts to the rows of a table: one person, once in each category that is hers, at the site where she was last."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from shelter.db.inbox import Fact
from shelter.reports.catalogue import NO_SITE, TURNED_AWAY, Quarter, Report
from shelter.reports.dimensions import PROGRAMMES
from shelter.reports.sorting import Facts, is_in, month_of, sorter, span
from shelter.rules.coarse import UNKNOWN

Row = tuple[str, str]


def rows_of(report: Report, facts: Iterable[Fact], quarter: Quarter, sites: Iterable[str]) -> list[Row]:
    """(category, site) of everybody whom the report counts in the period.

    Somebody at two sites counts where she was last; what names no site of ours counts at none, unless something else
    names one. Requests are no people: each counts where it was made.
    """
    told, known = sorted_out(facts), frozenset(sites)
    if report.population == TURNED_AWAY:
        return sorted(_requests(report, told, quarter, known))
    served = _last_sites(told, quarter, known)
    categories = sorter(report, told, quarter)
    return [(category, site) for person, site in sorted(served.items()) for category in categories(person)]


def sorted_out(facts: Iterable[Fact]) -> Facts:
    """By what they are about, then by person."""
    found: dict[str, dict[bytes, list[Fact]]] = {}
    for fact in facts:
        found.setdefault(fact.what, {}).setdefault(fact.person, []).append(fact)
    return found


def _requests(report: Report, facts: Facts, quarter: Quarter, known: frozenset[str]) -> Iterator[Row]:
    reasons = report.rows.categories if report.rows else ()
    for told in facts.get("turned_away", {}).values():
        for fact in told:
            month, reason = str(fact.values.get("month", "")), str(fact.values.get("reason", ""))
            site = str(fact.values.get("site", ""))
            if is_in(month, month, quarter):
                yield reason if reason in reasons else UNKNOWN, site if site in known else NO_SITE


def _last_sites(facts: Facts, quarter: Quarter, known: frozenset[str]) -> dict[bytes, str]:
    """Everybody served in the period, and where she was last in it."""
    last = month_of(quarter.last.year, quarter.last.month)
    latest: dict[bytes, tuple[bool, str, str, str]] = {}
    for what in PROGRAMMES:
        for person, told in facts.get(what, {}).items():
            for fact in told:
                begins, ends = span(fact)
                if is_in(begins, ends, quarter):
                    named = str(fact.values.get("site", ""))
                    site = named if named in known else NO_SITE
                    place = (site in known, min(ends, last), begins, site)
                    latest[person] = max(latest.get(person, place), place)
    return {person: place[-1] for person, place in latest.items()}


def digest_of(rows: Iterable[Row]) -> bytes:
    """What a release says it was made from: a hash of its frozen input, in a fixed order."""
    return hashlib.sha256(msgspec.msgpack.encode(sorted(Counter(rows).items()))).digest()
