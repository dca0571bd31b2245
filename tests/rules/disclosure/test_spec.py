"""Dimensions are fixed trees and periods are closed quarters or years; nothing else can be asked for."""

from datetime import date

import pytest

from shelter.rules.broken import Broken
from shelter.rules.disclosure.spec import TOTAL, Coarsening, Dimension, Group, Period, TableSpec
from tests.rules.disclosure.tables import AGE, QUARTERS, SITE, YEAR, spec


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2025, 1, 1), date(2025, 6, 30)),
        (date(2025, 1, 1), date(2025, 9, 30)),
        (date(2025, 1, 2), date(2025, 3, 31)),
        (date(2025, 1, 1), date(2025, 3, 30)),
        (date(2025, 3, 15), date(2025, 4, 13)),
    ],
)
def test_year_to_date_and_other_custom_spans_are_no_periods(first: date, last: date) -> None:
    with pytest.raises(Broken):
        Period(first, last)


def test_a_period_is_closed_on_the_day_after_its_last() -> None:
    assert not YEAR.is_closed(date(2025, 12, 31))
    assert YEAR.is_closed(date(2026, 1, 1))
    assert all(quarter.within(YEAR) and not YEAR.within(quarter) for quarter in QUARTERS)


def test_a_quarter_that_crosses_a_leap_february_is_one() -> None:
    assert Period(date(2023, 12, 1), date(2024, 2, 29)).months == 3


@pytest.mark.parametrize(
    "build",
    [
        lambda: Dimension("a", ("x", "x")),
        lambda: Dimension("a", ("x", TOTAL)),
        lambda: Dimension("a", ("x", "y"), subtotals=(Group("s", ("x", "z")),)),
        lambda: Dimension("a", ("x", "y", "z"), subtotals=(Group("s", ("x", "y")), Group("t", ("y", "z")))),
        lambda: Dimension("a", ("x", "y"), sensitive=("z",)),
        lambda: Dimension("a", ("x", "y", "z"), coarser=(Coarsening("v", (Group("s", ("x", "y")),)),)),
        lambda: Dimension("a", ("x", "y"), coarser=(Coarsening("v", (Group("x", ("x", "y")),)),)),
        lambda: spec(AGE, AGE),
        lambda: spec(),
        lambda: TableSpec("t", (SITE,), "p", YEAR, "clients", where=(("site", "hill"),)),
    ],
)
def test_a_hierarchy_that_does_not_nest_is_refused(build: object) -> None:
    assert callable(build)
    with pytest.raises(Broken):
        build()


def test_two_coarser_versions_may_not_cross_since_their_difference_would_be_a_group_of_its_own() -> None:
    with pytest.raises(Broken):
        Dimension(
            "a",
            ("w", "x", "y", "z"),
            coarser=(
                Coarsening("first", (Group("wx", ("w", "x")), Group("yz", ("y", "z")))),
                Coarsening("second", (Group("wxy", ("w", "x", "y")), Group("z", ("z",)))),
            ),
        )


def test_a_coarser_version_keeps_what_is_coarser_still() -> None:
    bands = AGE.coarsened("bands")
    assert bands.categories == ("children", "18-34", "35+")
    assert bands.subtotals == ()
    assert bands.coarsened("minors").categories == ("children", "adults")


def test_a_cell_has_the_same_identity_in_every_table_it_stands_in() -> None:
    fine, coarse = spec(AGE, SITE), spec(SITE, AGE.coarsened("bands"))
    assert fine.cell_id(("children", "hill")) == coarse.cell_id(("hill", "children"))
    assert fine.cell_id((TOTAL, "hill")) == spec(SITE).cell_id(("hill",))
    assert spec(SITE, period=YEAR).cell_id(("hill",)) != spec(SITE).cell_id(("hill",))


def test_every_sum_of_a_table_names_cells_of_the_table() -> None:
    table = spec(AGE, SITE)
    known = set(table.all_keys())
    sums = list(table.sums())
    assert all({whole, *parts} <= known for whole, parts in sums)
    assert {whole for whole, _ in sums} == known - set(table.inner_keys())
