"""Who counts where: once, by the age of the year, at the site where she was last; months have no ragged edges."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.db.inbox import Fact
from shelter.policy.kinds import Kind
from shelter.reports.bands import AGE, BANDS, UNKNOWN, band_of
from shelter.reports.catalogue import NO_SITE, REPORTS, Quarter, recent
from shelter.reports.counting import digest_of, rows_of

SERVED = REPORTS["people-served"]
Q3 = Quarter(2026, 3)
NORTH, SOUTH = "a" * 32, "b" * 32
SITES = (NORTH, SOUTH)
HER, OTHER = b"p" * 32, b"q" * 32


def fact(what: str, person: bytes = HER, **values: str | int) -> Fact:
    source = repr((what, person, values)).encode()
    return Fact(
        source=source, origin=Kind.SHELTER.value, version=1, generation=1, person=person, what=what, values=values
    )


def stay(site: str, first: str, until: str = "", person: bytes = HER) -> Fact:
    return Fact(
        source=repr((site, first, until)).encode(),
        origin=Kind.SHELTER.value,
        version=1,
        generation=1,
        person=person,
        what="stay",
        values={"site": site, "from": first, "until": until},
    )


def born(year: int) -> Fact:
    return fact("person", born=year)


@pytest.mark.parametrize(
    ("age", "band"),
    [
        *[(0, "0-5"), (5, "0-5"), (6, "6-12"), (12, "6-12"), (13, "13-17"), (17, "13-17"), (18, "18-24")],
        *[(64, "55-64"), (65, "65-up"), (119, "65-up"), (120, UNKNOWN), (-1, UNKNOWN), (None, UNKNOWN)],
    ],
)
def test_bands_end_where_huds_do(age: int | None, band: str) -> None:
    assert band_of(age) == band


@given(st.integers(0, 119))
def test_every_age_has_one_band_and_each_coarser_version_one_group_for_it(age: int) -> None:
    assert band_of(age) in BANDS
    for version in AGE.coarser:
        assert sum(band_of(age) in group.members for group in version.groups) == 1


def test_her_age_is_the_years_less_her_year_of_birth() -> None:
    assert rows_of(SERVED, [born(2001), stay(NORTH, "2026-08", "2026-08")], Q3, SITES) == [("25-34", NORTH)]


def test_who_did_not_tell_her_year_or_told_none_counts_with_an_unknown_age() -> None:
    assert rows_of(SERVED, [stay(NORTH, "2026-08")], Q3, SITES) == [(UNKNOWN, NORTH)]
    assert rows_of(SERVED, [born(0), stay(NORTH, "2026-08")], Q3, SITES) == [(UNKNOWN, NORTH)]


def test_several_stays_and_a_matter_are_one_person() -> None:
    facts = [
        born(1980),
        stay(NORTH, "2026-07", "2026-07"),
        stay(NORTH, "2026-09", "2026-09"),
        fact("matter", site=NORTH, **{"from": "2026-01", "until": ""}),
    ]
    assert rows_of(SERVED, facts, Q3, SITES) == [("45-54", NORTH)]


def test_at_two_sites_she_counts_where_she_was_last() -> None:
    facts = [stay(SOUTH, "2026-08", "2026-09"), stay(NORTH, "2026-01", "2026-07")]
    assert rows_of(SERVED, facts, Q3, SITES) == rows_of(SERVED, facts[::-1], Q3, SITES) == [(UNKNOWN, SOUTH)]


def test_of_two_stays_to_the_same_month_the_later_one_places_her() -> None:
    facts = [stay(NORTH, "2026-07", "2026-08"), stay(SOUTH, "2026-08", "2026-08")]
    assert rows_of(SERVED, facts, Q3, SITES) == [(UNKNOWN, SOUTH)]


def test_a_stay_that_goes_on_beyond_the_quarter_is_no_later_than_one_to_its_end() -> None:
    facts = [stay(NORTH, "2026-07", "2026-12"), stay(SOUTH, "2026-09", "2026-09")]
    assert rows_of(SERVED, facts, Q3, SITES) == [(UNKNOWN, SOUTH)]


@pytest.mark.parametrize(
    ("first", "until", "counts"),
    [
        ("2026-06", "2026-06", False),
        ("2026-06", "2026-07", True),
        ("2026-07", "2026-07", True),
        ("2026-09", "2026-09", True),
        ("2026-09", "", True),
        ("2019-01", "", True),
        ("2026-10", "", False),
        ("2026-10", "2026-10", False),
    ],
)
def test_a_month_at_the_edge_belongs_to_one_quarter(first: str, until: str, counts: bool) -> None:
    assert bool(rows_of(SERVED, [stay(NORTH, first, until)], Q3, SITES)) is counts


def test_legal_help_alone_counts_at_her_site_or_at_none() -> None:
    matter = {"from": "2026-08", "until": ""}
    assert rows_of(SERVED, [fact("matter", site=SOUTH, **matter)], Q3, SITES) == [(UNKNOWN, SOUTH)]
    assert rows_of(SERVED, [fact("matter", site="", **matter)], Q3, SITES) == [(UNKNOWN, NO_SITE)]


def test_a_matter_of_no_site_never_moves_somebody_from_the_site_where_she_slept() -> None:
    facts = [stay(NORTH, "2026-07", "2026-07"), fact("matter", site="", **{"from": "2026-09", "until": ""})]
    assert rows_of(SERVED, facts, Q3, SITES) == [(UNKNOWN, NORTH)]


def test_a_person_nobody_served_in_the_quarter_does_not_count() -> None:
    assert rows_of(SERVED, [born(1990)], Q3, SITES) == []


def test_the_digest_says_what_was_counted_and_not_in_which_order() -> None:
    rows = [("0-5", NORTH), ("6-12", SOUTH)]
    assert digest_of(rows) == digest_of(rows[::-1]) != digest_of(rows[:1])


def test_quarters_join_without_a_gap() -> None:
    for later, earlier in pairwise(one for one in recent(Q3.first, 9) if one.number):
        assert (later.first - earlier.last).days == 1
