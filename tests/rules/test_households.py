"""Households that are one are called by one word."""

from shelter.rules.households import as_one


def test_two_who_say_it_the_other_way_round_mean_one_household() -> None:
    assert as_one([("one", "two"), ("two", "one")]) == {"two": "one"}


def test_a_chain_of_households_is_one_household_in_whatever_order_it_is_said() -> None:
    whole = {"b": "a", "c": "a", "d": "a"}
    assert as_one([("a", "b"), ("c", "d"), ("b", "c")]) == whole
    assert as_one([("d", "c"), ("c", "b"), ("b", "a")]) == whole


def test_a_household_of_its_own_keeps_its_name() -> None:
    assert as_one([("a", "a")]) == {}
    assert as_one([]) == {}
