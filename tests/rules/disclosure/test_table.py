"""Counts add up whatever the order they come in, and a protected table never held what it hides."""

import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.disclosure.protect import protect
from shelter.rules.disclosure.spec import TOTAL
from shelter.rules.disclosure.table import HIDDEN, CountTable, ProtectedTable
from tests.rules.disclosure.attackers import worked_back_from_percent
from tests.rules.disclosure.tables import AGE, SITE, THREE_WAY, TWO_WAY, grid, spec, tables, thresholds


@given(tables(TWO_WAY + THREE_WAY), st.integers())
def test_margins_are_sums_and_the_order_of_people_does_not_matter(table: CountTable, seed: int) -> None:
    people = [key for key in table.spec.inner_keys() for _ in range(table[key])]
    random.Random(seed).shuffle(people)
    again = CountTable.from_rows(table.spec, people)
    assert again.counts == table.counts
    assert all(table[whole] == sum(table[part] for part in parts) for whole, parts in table.spec.sums())


def test_subtotals_are_margins_too() -> None:
    table = CountTable.from_rows(spec(AGE, SITE), [("0-4", "hill"), ("5-17", "hill"), ("55+", "river")])
    assert table[("children", "hill")] == 2
    assert table[("children", TOTAL)] == 2
    assert table[(TOTAL, TOTAL)] == 3


def test_coarser_tables_count_the_same_people() -> None:
    table = CountTable.from_rows(
        spec(AGE, SITE), [("0-4", "hill"), ("18-24", "hill"), ("25-34", "river"), ("55+", "river")]
    )
    bands = table.coarsened("age", "bands")
    assert bands[("18-34", TOTAL)] == 2
    assert bands[("18-34", "river")] == 1
    assert table.without("site")[("18-24",)] == 1
    assert table.without("age")[("hill",)] == 2


@pytest.mark.parametrize("counts", [{("nowhere", "hill"): 1}, {("0-4", "hill"): -1}, {("children", "hill"): 1}])
def test_a_count_outside_the_table_or_below_zero_is_refused(counts: dict[tuple[str, ...], int]) -> None:
    with pytest.raises(Broken):
        CountTable.from_counts(spec(AGE, SITE), counts)


def test_a_count_table_does_not_show_its_counts_when_it_is_printed_or_logged() -> None:
    assert "7919" not in repr(grid([[7919, 0], [1, 2]]))


def test_no_hidden_number_is_left_in_a_protected_table() -> None:
    table = grid([[7919, 3], [6007, 40], [5003, 60]])
    protected = ProtectedTable.of(table, frozenset({("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1")}), 11)
    for text in (repr(protected), str(pickle.dumps(protected, 0)), repr(pickle.loads(pickle.dumps(protected)))):  # noqa: S301
        assert "7919" not in text
        assert "6007" not in text
    assert protected[("a0", "b0")] is HIDDEN
    assert pickle.loads(pickle.dumps(protected))[("a0", "b0")] is HIDDEN  # noqa: S301 - our own bytes
    assert not hasattr(protected, "__dict__")


@given(tables(TWO_WAY), thresholds)
def test_a_percentage_gives_no_hidden_number_away(table: CountTable, k: int) -> None:
    protected = protect(table, k).protected
    assert not worked_back_from_percent(protected)


def test_a_percentage_is_taken_from_shown_numbers_and_never_over_zero() -> None:
    protected = ProtectedTable.of(grid([[12, 0], [24, 0]]), frozenset(), 11)
    assert protected.percent(("a0", "b0"), (TOTAL, TOTAL)) == 33.3
    assert protected.percent(("a0", "b1"), (TOTAL, "b1")) is None
