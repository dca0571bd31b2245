"""How finely a number of people may be split is data, without a gap, with its source."""

import pytest

from shelter.rules.disclosure.sizes import allows, fitted, hides_too_much, size_rule, size_rules
from shelter.rules.disclosure.table import ProtectedTable
from tests.rules.disclosure.tables import AGE, SITE, column, drawn, spec


def test_the_rules_follow_each_other_without_a_gap_from_nobody_to_any_number() -> None:
    rules = size_rules()
    assert rules[0].fewest == 0
    assert [rule.below for rule in rules] == [rule.fewest for rule in rules[1:]] + [None]
    assert all(rule.source for rule in rules)


@pytest.mark.parametrize(
    ("people", "dimensions", "merged"),
    [(0, 0, True), (19, 0, True), (20, 1, True), (99, 1, True), (100, 2, False), (499, 2, False), (500, 3, False)],
)
def test_more_people_may_be_split_more_finely(people: int, dimensions: int, merged: bool) -> None:
    rule = size_rule(people)
    assert (rule.most_dimensions, rule.merged_bands) == (dimensions, merged)


def test_under_twenty_people_only_a_band_of_the_total_may_be_said() -> None:
    assert size_rule(7).total_bands == ((1, 19),)
    assert not allows(size_rule(19), spec(SITE))
    assert fitted(drawn((SITE,), 19, 1)) is None


def test_from_twenty_one_way_tables_with_merged_bands_are_allowed() -> None:
    assert not allows(size_rule(50), spec(AGE))
    assert allows(size_rule(50), spec(AGE.coarsened("minors")))
    assert fitted(drawn((AGE, SITE), 50, 1)) is None
    merged = fitted(drawn((AGE,), 50, 1))
    assert merged is not None
    assert merged.spec.dimensions[0].categories == ("children", "18-34", "35+")


def test_from_a_hundred_two_dimensions_are_allowed_as_they_are() -> None:
    table = drawn((AGE, SITE), 100, 1)
    assert allows(size_rule(100), table.spec)
    assert fitted(table) == table


def test_a_table_with_two_of_five_numbers_hidden_is_not_yet_too_much() -> None:
    table = column([30, 30, 30, 30])
    keys = table.spec.all_keys()
    assert not hides_too_much(ProtectedTable.of(table, frozenset(keys[:2]), 11))
    assert hides_too_much(ProtectedTable.of(table, frozenset(keys[:3]), 11))
