"""The versions in which a table may be published: as it is asked, or coarser. Fixed, the same for every director."""

from collections.abc import Callable
from typing import Final

from shelter.reports.catalogue import REPORTS, SITE, Report
from shelter.rules.disclosure.table import CountTable

AS_ASKED: Final = "as-asked"
ALL_SITES: Final = "all-sites"
Coarser = Callable[[CountTable], CountTable]
_NAMES: Final = {"age": "ages"}
"""What a dimension is called in the name of a way, where it is not called by its code."""


def ways_of(report: Report, *, by_site: bool = True) -> dict[str, Coarser]:
    """From the table as it is counted to each version, by name."""
    as_asked: dict[str, Coarser] = {AS_ASKED: lambda table: table}
    rows = report.rows
    if rows is None:
        return as_asked
    name = _NAMES.get(rows.code, rows.code)
    merged = {f"{name}-{version.code}": _merging(rows.code, version.code) for version in rows.coarser}
    if not by_site:
        return as_asked | merged
    together: dict[str, Coarser] = {ALL_SITES: lambda table: table.without(SITE)}
    together |= {f"{ALL_SITES}-{way}": _then(lambda table: table.without(SITE), make) for way, make in merged.items()}
    by_site_alone: dict[str, Coarser] = {f"all-{name}": lambda table: table.without(rows.code)}
    return as_asked | merged | together | ({} if rows.several else by_site_alone)


def _merging(dimension: str, version: str) -> Coarser:
    return lambda table: table.coarsened(dimension, version)


def _then(first: Coarser, second: Coarser) -> Coarser:
    return lambda table: second(first(table))


WAYS: Final = ways_of(REPORTS["people-served"])
"""Those of the oldest table."""


def coarser(report: Report, table: CountTable) -> dict[str, CountTable]:
    """Every version but the one asked for."""
    by_site = any(dimension.code == SITE for dimension in table.spec.dimensions)
    return {way: make(table) for way, make in ways_of(report, by_site=by_site).items() if way != AS_ASKED}


def is_combined(way: str) -> bool:
    """Coarser in two dimensions at once; the engine offers the others by itself."""
    return way.startswith(f"{ALL_SITES}-")
