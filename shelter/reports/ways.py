"""The versions in which a table may be published: as it is asked, or coarser. Fixed, the same for every director."""

from collections.abc import Callable
from typing import Final

from shelter.reports.bands import AGE
from shelter.reports.catalogue import SITE
from shelter.rules.disclosure.table import CountTable

AS_ASKED: Final = "as-asked"
Coarser = Callable[[CountTable], CountTable]

WAYS: Final[dict[str, Coarser]] = {
    AS_ASKED: lambda table: table,
    "ages-five": lambda table: table.coarsened(AGE.code, "five"),
    "ages-two": lambda table: table.coarsened(AGE.code, "two"),
    "all-sites": lambda table: table.without(SITE),
    "all-sites-ages-five": lambda table: table.without(SITE).coarsened(AGE.code, "five"),
    "all-sites-ages-two": lambda table: table.without(SITE).coarsened(AGE.code, "two"),
    "all-ages": lambda table: table.without(AGE.code),
}
"""From the table as it is counted to each version."""


COMBINED: Final = ("all-sites-ages-five", "all-sites-ages-two")
"""Coarser in two dimensions at once; the engine offers the others by itself."""


def coarser(table: CountTable) -> dict[str, CountTable]:
    """Every version but the one asked for."""
    return {way: make(table) for way, make in WAYS.items() if way != AS_ASKED}
