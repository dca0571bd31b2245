"""What is hidden for its own sake: small groups, and rows in which everyone shares one sensitive category."""

import pytest
from hypothesis import given

from shelter.rules.broken import Broken
from shelter.rules.disclosure.primary import primary_cells
from shelter.rules.disclosure.spec import TOTAL, Dimension
from shelter.rules.disclosure.table import CountTable
from tests.rules.disclosure.tables import SITE, THREE_WAY, TWO_WAY, grid, spec, tables, thresholds

KIND = Dimension("kind", ("labour", "sex", "none"), sensitive=("labour", "sex"))


@pytest.mark.parametrize("k", [4, 1, 0, -3])
def test_a_threshold_under_five_is_refused(k: int) -> None:
    with pytest.raises(Broken) as refused:
        primary_cells(grid([[1, 2]]), k)
    assert refused.value.message_key == "disclosure.k_too_low"


@given(tables(TWO_WAY + THREE_WAY), thresholds)
def test_every_cell_and_margin_of_one_to_k_minus_one_people_is_hidden_and_no_zero(table: CountTable, k: int) -> None:
    assert primary_cells(table, k) == {key for key, count in table.counts.items() if 1 <= count < k}


def test_a_row_that_is_all_in_one_sensitive_category_hides_it_and_its_total() -> None:
    table = CountTable.from_counts(
        spec(SITE, KIND),
        {("hill", "labour"): 30, ("river", "none"): 30, ("harbour", "sex"): 20, ("harbour", "none"): 20},
    )
    assert primary_cells(table, 11) == {("hill", "labour"), ("hill", TOTAL)}
