"""Counts before and after protection. A `CountTable` stays inside; what leaves never held a hidden number."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import product
from typing import Final

from shelter.rules.broken import Broken
from shelter.rules.disclosure.spec import TOTAL, CellId, Key, Period, TableSpec

METHOD: Final = "disclosure.method"
"""Message key of the sentence under every protected table."""


class Mark(Enum):
    """The one symbol for every suppressed cell, whatever the reason."""

    HIDDEN = "hidden"

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN: Final = Mark.HIDDEN
Printed = int | Mark


@dataclass(frozen=True, slots=True)
class CountTable:
    """True counts of every cell, margins included. Never printed: its text shows no number."""

    spec: TableSpec
    counts: Mapping[Key, int] = field(repr=False)

    @classmethod
    def from_counts(cls, spec: TableSpec, counts: Mapping[Key, int]) -> "CountTable":
        """From the counts of inner cells; those not named are 0.

        Raises Broken for an unknown cell or a negative count.
        """
        known = set(spec.inner_keys())
        if not known.issuperset(counts):
            raise Broken("disclosure.table.unknown_category")
        if any(count < 0 for count in counts.values()):
            raise Broken("disclosure.table.negative")
        return cls(spec, _with_margins(spec, counts))

    @classmethod
    def from_rows(cls, spec: TableSpec, rows: Iterable[tuple[str, ...]]) -> "CountTable":
        """From one tuple of categories per person, in the order of the dimensions."""
        return cls.from_counts(spec, Counter(rows))

    def __getitem__(self, key: Key) -> int:
        return self.counts[key]

    def coarsened(self, dimension: str, version: str) -> "CountTable":
        """The same people in a coarser version of one dimension. Raises Broken where there is none."""
        place = [d.code for d in self.spec.dimensions].index(dimension)
        fine = self.spec.dimensions[place]
        groups = next((v.groups for v in fine.coarser if v.code == version), ())
        wider = {member: group.code for group in groups for member in group.members}
        merged: Counter[Key] = Counter()
        spec = self.spec.with_dimension(fine.coarsened(version))
        for key in self.spec.inner_keys():
            merged[(*key[:place], wider[key[place]], *key[place + 1 :])] += self.counts[key]
        return CountTable.from_counts(spec, merged)

    def without(self, dimension: str) -> "CountTable":
        """The same people, not told apart by one dimension. Raises Broken when the table has no other."""
        place = [d.code for d in self.spec.dimensions].index(dimension)
        spec = self.spec.without_dimension(dimension)
        summed = {key: (*key[:place], TOTAL, *key[place:]) for key in spec.inner_keys()}
        return CountTable.from_counts(spec, {key: self.counts[fine] for key, fine in summed.items()})


def _with_margins(spec: TableSpec, inner: Mapping[Key, int]) -> dict[Key, int]:
    above = [
        {c: tuple(node for node in d.nodes if c in covered[node]) for c in d.categories}
        for d in spec.dimensions
        for covered in [d.coverage()]
    ]
    counts = dict.fromkeys(spec.all_keys(), 0)
    for key, count in inner.items():
        for covering in product(*(nodes[category] for nodes, category in zip(above, key, strict=True))):
            counts[covering] += count
    return counts


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """The only thing that may leave: each cell is a number that everybody may know, or HIDDEN.

    `cells` follows `spec.all_keys()`. `smallest_width` is the audit's smallest max - min over hidden cells
    (0 when none is hidden, or before the audit). `ledger_number` is None until the release ledger gives one.
    """

    spec: TableSpec
    k: int
    cells: tuple[Printed, ...]
    smallest_width: int = 0
    method: str = METHOD
    ledger_number: int | None = None

    @classmethod
    def of(cls, table: CountTable, hidden: frozenset[Key], k: int) -> "ProtectedTable":
        """The table with a pattern laid over it. The counts under the pattern are not read into it."""
        keys = table.spec.all_keys()
        return cls(table.spec, k, tuple(HIDDEN if key in hidden else table[key] for key in keys))

    def __getitem__(self, key: Key) -> Printed:
        return self.cells[self.spec.positions()[key]]

    @property
    def hidden_count(self) -> int:
        return sum(cell is HIDDEN for cell in self.cells)

    @property
    def cell_count(self) -> int:
        return len(self.cells)

    @property
    def possible_values(self) -> int:
        """How many numbers each hidden cell could at least be: "any of a range at least 11 wide"."""
        return self.smallest_width + 1

    @property
    def period(self) -> Period:
        return self.spec.period

    @property
    def population(self) -> str:
        return self.spec.population

    @property
    def hidden(self) -> frozenset[Key]:
        return frozenset(key for key, cell in self.rows() if cell is HIDDEN)

    def rows(self) -> Iterator[tuple[Key, Printed]]:
        """Every cell in the fixed order, for whatever draws, reads out or writes the table."""
        return zip(self.spec.all_keys(), self.cells, strict=True)

    def identified(self) -> dict[CellId, Printed]:
        """What it says about each cell, whatever table the cell also stands in."""
        return {self.spec.cell_id(key): cell for key, cell in self.rows()}

    def percent(self, key: Key, of: Key) -> float | None:
        """One cell as a share of another, to one decimal; None unless both are shown and not by 0."""
        part, whole = self[key], self[of]
        if isinstance(part, Mark) or isinstance(whole, Mark) or whole == 0:
            return None
        return round(100 * part / whole, 1)

    def audited(self, smallest_width: int) -> "ProtectedTable":
        return replace(self, smallest_width=smallest_width)

    def numbered(self, ledger_number: int) -> "ProtectedTable":
        return replace(self, ledger_number=ledger_number)
