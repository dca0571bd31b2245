"""Tables to protect: made by hand, drawn at random, and drawn by hypothesis."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from hypothesis import strategies as st

from shelter.rules.disclosure.attack import Audit
from shelter.rules.disclosure.release import Release
from shelter.rules.disclosure.spec import Coarsening, Dimension, Group, Key, Period, TableSpec
from shelter.rules.disclosure.table import CountTable

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
QUARTERS = (
    Period(date(2025, 1, 1), date(2025, 3, 31)),
    Period(date(2025, 4, 1), date(2025, 6, 30)),
    Period(date(2025, 7, 1), date(2025, 9, 30)),
    Period(date(2025, 10, 1), date(2025, 12, 31)),
)
AGE = Dimension(
    "age",
    ("0-4", "5-17", "18-24", "25-34", "35-54", "55+"),
    subtotals=(Group("children", ("0-4", "5-17")),),
    coarser=(
        Coarsening(
            "bands",
            (Group("children", ("0-4", "5-17")), Group("18-34", ("18-24", "25-34")), Group("35+", ("35-54", "55+"))),
        ),
        Coarsening(
            "minors",
            (Group("children", ("0-4", "5-17")), Group("adults", ("18-24", "25-34", "35-54", "55+"))),
        ),
    ),
)
SITE = Dimension("site", ("harbour", "hill", "river"))


def plain(*sizes: int) -> tuple[Dimension, ...]:
    """Dimensions called a, b, c with categories a0, a1, ..."""
    return tuple(
        Dimension(name, tuple(f"{name}{number}" for number in range(size)))
        for name, size in zip("abcdef", sizes, strict=False)
    )


def spec(*dimensions: Dimension, period: Period = QUARTERS[0]) -> TableSpec:
    return TableSpec("served", dimensions, "served", period, "clients")


def grid(rows: Sequence[Sequence[int]], period: Period = QUARTERS[0]) -> CountTable:
    """A two-way table as it would be written on paper, without its margins."""
    across = plain(len(rows), len(rows[0]))
    cells = product(across[0].categories, across[1].categories)
    counts = dict(zip(cells, (count for row in rows for count in row), strict=True))
    return CountTable.from_counts(spec(*across, period=period), counts)


def column(counts: Sequence[int], period: Period = QUARTERS[0]) -> CountTable:
    (only,) = plain(len(counts))
    named = {(category,): count for category, count in zip(only.categories, counts, strict=True)}
    return CountTable.from_counts(spec(only, period=period), named)


def drawn(dimensions: tuple[Dimension, ...], people: int, seed: int) -> CountTable:
    """So many people at random, the first categories the commonest."""
    chance = random.Random(seed)
    rows = [
        tuple(
            chance.choices(dimension.categories, [1 / (1 + n) for n in range(len(dimension.categories))])[0]
            for dimension in dimensions
        )
        for _ in range(people)
    ]
    return CountTable.from_rows(spec(*dimensions), rows)


def with_counts(table: CountTable, changes: Mapping[Key, int]) -> CountTable:
    """The same table with some inner cells counted otherwise."""
    inner = {key: table[key] for key in table.spec.inner_keys()}
    return CountTable.from_counts(table.spec, inner | dict(changes))


def flow(table: CountTable) -> CountTable:
    """The same counts of people who came, each in one quarter only."""
    return replace(table, spec=replace(table.spec, measure="flow", title="new", population="new"))


def passed(answer: object) -> Release:
    assert isinstance(answer, Release), answer
    assert answer.audit == Audit(True, answer.protected.smallest_width)
    return answer


# Mostly small groups, a few large ones, many zeros: what a shelter's tables look like.
small_counts = st.one_of(st.integers(0, 4), st.integers(0, 14), st.integers(0, 60), st.just(0))
thresholds = st.integers(5, 20)


@st.composite
def tables(draw: st.DrawFn, shapes: Sequence[tuple[int, ...]]) -> CountTable:
    dimensions = plain(*draw(st.sampled_from(shapes)))
    keys = list(product(*(dimension.categories for dimension in dimensions)))
    counts = draw(st.lists(small_counts, min_size=len(keys), max_size=len(keys)))
    return CountTable.from_counts(spec(*dimensions), dict(zip(keys, counts, strict=True)))


ONE_WAY = ((2,), (4,), (7,))
TWO_WAY = ((2, 2), (2, 4), (3, 3), (4, 3), (5, 4), (6, 3))
THREE_WAY = ((2, 2, 2), (2, 3, 2), (3, 3, 2))
