"""Rules that no published kit has a row for, each with the smallest world that tells it from its neighbours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shelter.rules.apr.records import Income, Project, Violence
from shelter.rules.apr.ssn import ssn_kind
from tests.rules.apr.world import YEAR, cell, enrolled, person, records, tables

ENTRY = date(2019, 11, 1)
CHILD = date(2012, 1, 1)


def annual(day: date) -> Income:
    return Income(day=day, stage=5, any_income=1, total=50_000, sources=frozenset({"Earned"}))


@pytest.mark.parametrize(("days", "counts"), [(-31, 0), (-30, 1), (0, 1), (30, 1), (31, 0)])
def test_an_annual_assessment_counts_within_thirty_days_of_the_anniversary(days: int, counts: int) -> None:
    anniversary = date(2020, 11, 1)
    stay = enrolled("a", ENTRY, income=(annual(anniversary + timedelta(days=days)),))
    found = tables(records([person("a")], [stay]))
    assert cell(found["Q16"], "d. ", 1) == counts
    assert cell(found["Q16"], "l. ", 1) == 1 - counts


def test_who_came_after_the_anniversary_is_not_yet_asked() -> None:
    head = enrolled("a", ENTRY)
    late = enrolled("b", date(2020, 11, 2), household="a", relationship=2)
    found = tables(records([person("a"), person("b")], [head, late]))
    assert cell(found["Q16"], "k. ", 1) == 1
    assert cell(found["Q16"], "l. ", 1) == 1


@pytest.mark.parametrize(("kind", "there"), [(0, 0), (6, 1)])
def test_the_day_of_leaving_is_a_night_only_where_nobody_sleeps(kind: int, there: int) -> None:
    wednesday = date(2021, 4, 28)
    place = Project(id="1", name="A place", kind=kind)
    found = tables(records([person("a")], [enrolled("a", ENTRY, wednesday)], place))
    assert cell(found["Q7b"], "April") == there
    assert cell(found["Q7b"], "January") == 1


def test_a_chronically_homeless_head_makes_her_household_so() -> None:
    long = {"disabling": 1, "street_since": ENTRY - timedelta(days=400)}
    head = enrolled("a", ENTRY, **long)
    child = enrolled("b", ENTRY, household="a", relationship=2, disabling=0)
    late = enrolled("c", ENTRY + timedelta(days=9), household="a", relationship=2, disabling=0)
    people = [person("a"), person("b", CHILD), person("c", CHILD)]
    found = tables(records(people, [head, child, late]))
    assert cell(found["Q26b"], "a. ") == 2
    assert cell(found["Q26b"], "b. ") == 1


def test_a_child_takes_what_her_head_does_not_know() -> None:
    head = enrolled("a", ENTRY, disabling=8)
    child = enrolled("b", ENTRY, household="a", relationship=2, disabling=0)
    found = tables(records([person("a"), person("b", CHILD)], [head, child]))
    assert cell(found["Q26b"], "c. ") == 2


def test_everybody_counts_once_by_the_stay_that_began_last() -> None:
    first = enrolled("a", date(2020, 10, 5), date(2020, 11, 1))
    again = enrolled("a", date(2021, 8, 1), household="again")
    found = tables(records([person("a")], [first, again]))
    assert cell(found["Q5a"], "1. ") == 1
    assert cell(found["Q5a"], "8. ") == 1
    assert [row[0] for _, row in found["Q7b"].rows] == [0, 0, 0, 1]


def test_by_night_only_nights_make_a_stay_and_its_length() -> None:
    place = Project(id="1", name="By night", kind=1)
    slept = tuple(date(2021, 2, day) for day in (1, 2, 2, 24))
    came = enrolled("a", date(2021, 1, 20), nights=slept)
    never = enrolled("b", date(2021, 1, 20))
    found = tables(records([person("a"), person("b")], [came, never], place))
    assert cell(found["Q5a"], "1. ") == 1
    assert cell(found["Q22a2"], "a. ") == 1


def test_a_blank_answer_about_violence_does_not_hide_an_earlier_one() -> None:
    told = Violence(day=ENTRY, survivor=1, fleeing=0)
    blank = Violence(day=date(2021, 3, 1), survivor=None)
    after = Violence(day=YEAR.last + timedelta(days=1), survivor=0)
    found = tables(records([person("a")], [enrolled("a", ENTRY, violence=(told, blank, after))]))
    assert cell(found["Q14a"], "a. ") == 1
    assert cell(found["Q14b"], "b. ") == 1


def test_moving_in_counts_for_housing_and_leaving_without_it_too() -> None:
    place = Project(id="1", name="Rapid re-housing", kind=13)
    moved = enrolled("a", date(2021, 1, 1), moved_in=date(2021, 1, 11))
    child = enrolled("b", date(2021, 2, 1), household="a", relationship=2)
    gone = enrolled("c", date(2021, 1, 1), date(2021, 2, 1))
    found = tables(records([person("a"), person("b", CHILD), person("c")], [moved, child, gone], place))
    assert [row[0] for _, row in found["Q22c"].rows] == [1, 1, 0, 0, 0, 0, 0, 0, 2, "5.00", 1, 3]
    assert cell(found["Q7a"], "f. ") == 2


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("", "blank"), ("516-25-1004", "good"), ("666251004", "bad"), ("916251004", "bad"), ("516001004", "bad"),
        ("516250000", "bad"), ("111111111", "bad"), ("234567890", "bad"), ("51625100", "bad"), ("51625100x", "bad"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_one_is_told(number: str, kind: str) -> None:
    assert ssn_kind(number) == kind


def test_a_stay_that_overlaps_an_earlier_one_of_the_same_project_is_a_flaw_also_when_that_one_is_long_over() -> None:
    first = enrolled("a", date(2020, 1, 1), date(2020, 3, 1))
    again = enrolled("a", date(2020, 2, 1), date(2021, 3, 1), household="again")
    apart = enrolled("b", date(2020, 3, 1), date(2021, 3, 1))
    before = enrolled("b", date(2020, 1, 1), date(2020, 3, 1), household="before")
    found = tables(records([person("a"), person("b")], [first, again, apart, before]))
    assert cell(found["Q6b"], "Project Start Date") == 1
