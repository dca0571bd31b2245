"""Coarser versions of a table in which too much is hidden, each one protected and audited before it is offered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.release import Refused, Release, protect_and_audit
from shelter.rules.disclosure.spec import CellId
from shelter.rules.disclosure.table import CountTable, Printed

Way = Literal["merge", "sum", "wider"]


@dataclass(frozen=True, slots=True)
class Offer:
    """`way` is "merge" (bands of `dimension` as in its `version`), "sum" (`dimension` no longer told apart, as in all
    sites) or "wider" (another population or period that the caller named in `version`, as the whole year).

    `numbers_back` is how many numbers above 0 it shows that the table asked for does not.
    """

    way: Way
    dimension: str | None
    version: str | None
    release: Release
    shown: int
    hidden: int
    numbers_back: int


def offers(
    table: CountTable,
    k: int = DEFAULT_K,
    earlier: Sequence[Release] = (),
    wider: Mapping[str, CountTable] | None = None,
) -> tuple[Offer, ...]:
    """What may be shown instead, most numbers first. `wider` are tables of larger populations or periods, by name.

    Each is audited with all earlier releases; what was refused, or shows nothing new, is left out.
    """
    asked = protect_and_audit(table, k, earlier)
    known = asked.protected.identified() if isinstance(asked, Release) else {}
    found: list[Offer] = []
    for way, dimension, version, coarser in _ways(table, wider or {}):
        release = protect_and_audit(coarser, k, earlier)
        if isinstance(release, Refused):
            continue
        back = numbers_back(release, known)
        hidden = release.protected.hidden_count
        if back:
            shown = release.protected.cell_count - hidden
            found.append(Offer(way, dimension, version, release, shown, hidden, back))
    return tuple(sorted(found, key=lambda offer: (-offer.numbers_back, offer.hidden)))


def numbers_back(release: Release, known: Mapping[CellId, Printed]) -> int:
    """How many numbers above 0 a release shows of which nothing is known yet."""
    cells = release.protected.identified().items()
    return sum(isinstance(cell, int) and cell > 0 and not isinstance(known.get(key), int) for key, cell in cells)


def _ways(
    table: CountTable, wider: Mapping[str, CountTable]
) -> Iterator[tuple[Way, str | None, str | None, CountTable]]:
    for dimension in table.spec.dimensions:
        for version in dimension.coarser:
            merged = table.coarsened(dimension.code, version.code)
            yield "merge", dimension.code, version.code, merged
        if len(table.spec.dimensions) > 1 and not dimension.several:
            yield "sum", dimension.code, None, table.without(dimension.code)
    for name, other in wider.items():
        yield "wider", None, name, other
