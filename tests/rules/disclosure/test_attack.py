"""Attackers as a specification: each is let loose on a table that it breaks, and on ours, which it does not."""

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shelter.rules.disclosure import attack, evidence, latent, links
from shelter.rules.disclosure.attack import CONTRADICTION, EARLIER, INSIDER, NARROW, audit, possible_ranges
from shelter.rules.disclosure.protect import protect
from shelter.rules.disclosure.spec import TOTAL, Key, Period, TableSpec
from shelter.rules.disclosure.table import HIDDEN, CountTable, ProtectedTable
from tests.rules.disclosure.attackers import enumerated_ranges, insider_finds, lp_ranges, next_lowest
from tests.rules.disclosure.tables import (
    AGE,
    QUARTERS,
    SITE,
    TWO_WAY,
    YEAR,
    column,
    drawn,
    flow,
    grid,
    plain,
    spec,
    tables,
    thresholds,
)

STORED = grid([[30, 12, 7, 7], [11, 9, 1, 1], [8, 8, 5, 1]])
"""A hundred people for whom the next-lowest rule at k = 5 hides four cells that can be worked out exactly."""


def printed(table: CountTable, hidden: set[Key], k: int = 11) -> ProtectedTable:
    return ProtectedTable.of(table, frozenset(hidden), k)


@st.composite
def guessed_patterns(draw: st.DrawFn) -> ProtectedTable:
    """Tiny tables under any pattern at all, good or bad, with the grand total shown so that readings are finite."""
    dimensions = plain(*draw(st.sampled_from([(4,), (2, 2), (2, 3), (3, 2), (2, 2, 2)])))
    inner = spec(*dimensions).inner_keys()
    counts = draw(st.lists(st.integers(0, 3), min_size=len(inner), max_size=len(inner)))
    table = CountTable.from_counts(spec(*dimensions), dict(zip(inner, counts, strict=True)))
    candidates = [key for key, count in table.counts.items() if count > 0 and key != table.spec.grand_total()]
    assume(candidates)
    hidden = set(draw(st.lists(st.sampled_from(candidates), unique=True, min_size=1, max_size=8)))
    assume(sum(key in hidden for key in inner) <= 5)
    return printed(table, hidden, 5)


# --- one table -----------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(guessed_patterns())
def test_ranges_are_those_found_by_trying_every_table(protected: ProtectedTable) -> None:
    assert possible_ranges(protected) == enumerated_ranges(protected)


@settings(max_examples=25)
@given(tables(TWO_WAY), thresholds)
def test_in_two_way_tables_a_plain_linear_attacker_finds_the_same_ranges(table: CountTable, k: int) -> None:
    protected = protect(table, k).protected
    assume(protected.hidden_count and isinstance(protected[table.spec.grand_total()], int))
    for key, (low, high) in lp_ranges(protected, 1_000_000).items():
        assert possible_ranges(protected)[key] == (round(low), round(high))
        assert high - low >= k - 1 - 1e-6


def test_a_lone_hidden_cell_is_worked_back_by_subtraction() -> None:
    judged = audit(printed(grid([[3, 40], [60, 30]]), {("a0", "b0")}), 11)
    assert (judged.passed, judged.reason, judged.smallest_width) == (False, NARROW, 0)
    assert [cell.assignment for cell in judged.failing_cells] == [(("a", "a0"), ("b", "b0"))]


def test_two_hidden_cells_of_one_each_are_known_since_a_hidden_cell_is_at_least_one() -> None:
    judged = audit(printed(column([1, 1, 50, 60]), {("a0",), ("a1",)}), 5)
    assert judged.reason == NARROW
    assert judged.smallest_width == 0


def test_a_range_one_short_of_k_fails_and_the_next_passes() -> None:
    pair = {("a0",), ("a1",)}
    assert audit(printed(column([4, 7, 50]), pair), 11).reason == NARROW
    passing = audit(printed(column([4, 8, 50]), pair), 11)
    assert passing.passed
    assert passing.smallest_width == 10


def test_the_next_lowest_rule_leaks_on_the_stored_table_and_ours_does_not() -> None:
    theirs = ProtectedTable.of(STORED, next_lowest(STORED, 5), 5)
    exact = [key for key, (low, high) in possible_ranges(theirs).items() if low == high == STORED[key]]
    assert sorted(exact) == [("a1", "b2"), ("a1", "b3"), ("a2", "b2"), ("a2", "b3")]
    assert audit(theirs, 5).reason == NARROW
    assert audit(protect(STORED, 5).protected, 5).passed


def test_over_many_tables_the_next_lowest_rule_leaks_and_ours_never(rounds: Callable[[int, int], int]) -> None:
    leaks = 0
    for seed in range(rounds(25, 600)):
        table = drawn(plain(4, 4), 120, seed)
        theirs = ProtectedTable.of(table, next_lowest(table, 5), 5)
        leaks += any(low == high for low, high in possible_ranges(theirs).values())
        assert audit(protect(table, 5).protected, 5).passed
    assert leaks


def test_a_pattern_that_no_counts_fit_is_not_passed() -> None:
    impossible = replace(printed(column([20, 30]), {("a0",)}), cells=(HIDDEN, 30, 30))
    assert audit(impossible, 11).reason == CONTRADICTION


# --- insiders ------------------------------------------------------------------------------------------------


def test_somebody_who_knows_her_own_cell_opens_a_hidden_square_and_ours_stays_shut() -> None:
    table = grid([[1, 12, 30], [13, 15, 30], [30, 30, 30]])
    square = printed(table, {("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1")})
    assert audit(square, 11).passed
    assert audit(square, 11, insiders={("a0", "b0"): 1}).reason == INSIDER
    assert audit(protect(table, 11).protected, 11, insiders={("a0", "b0"): 1}).passed


def test_what_an_insider_of_a_year_knows_of_her_own_quarter_is_no_finding_but_others_are() -> None:
    quarter = printed(column([1, 14, 13, 60], QUARTERS[0]), {("a0",), ("a1",), ("a2",)})
    year = printed(column([1, 30, 41, 90], YEAR), {("a0",), ("a1",), ("a2",)})
    assert audit(year, 11, [quarter], {("a0",): 1}).passed
    one_more = printed(column([1, 14, 13, 60], QUARTERS[0]), {("a0",), ("a1",)})
    assert audit(year, 11, [one_more], {("a0",): 1}).reason == INSIDER


@settings(max_examples=25)
@given(st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_insiders_find_what_trying_every_table_finds(counts: list[int]) -> None:
    table = grid([counts[:3], counts[3:]])
    candidates = {key for key, count in table.counts.items() if count > 0} - {(TOTAL, TOTAL)}
    assume(candidates)
    for hidden in (candidates, {key for key in candidates if TOTAL not in key}):
        protected = printed(table, hidden, 5)
        known = {key: table[key] for key in table.spec.all_keys() if table[key] in (1, 2)}
        judged = attack._Attack([protected], 1).run(known)
        assert (judged.reason == INSIDER) == bool(insider_finds(protected, table))


@settings(max_examples=15)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=4), st.integers(5, 7))
def test_insiders_of_our_tables_find_nothing_by_trying_every_table(counts: list[int], k: int) -> None:
    table = column([*counts, 20])
    protected = protect(table, k).protected
    assume(isinstance(protected[(TOTAL,)], int))
    assert not insider_finds(protected, table)


# --- several tables ------------------------------------------------------------------------------------------


def quarter(counts: list[int], number: int) -> CountTable:
    return flow(column(counts, QUARTERS[number]))


def whole_year(counts: list[int]) -> CountTable:
    return flow(column(counts, YEAR))


SEASONS = [quarter([30, 14, 20], 0), quarter([40, 13, 25], 1), quarter([20, 4, 30], 2), quarter([35, 12, 22], 3)]
SUM = whole_year([125, 43, 97])


def test_a_year_less_three_of_its_quarters_gives_the_fourth_away() -> None:
    hidden = printed(SEASONS[2], {("a1",), ("a2",)})
    others = [printed(season, set()) for season in (SEASONS[0], SEASONS[1], SEASONS[3])]
    assert audit(hidden, 11, others).passed
    judged = audit(printed(SUM, set()), 11, [*others, hidden])
    assert judged.reason == EARLIER
    assert hidden.spec.cell_id(("a1",)) in judged.failing_cells


def test_a_year_less_three_quarters_gives_the_fourth_away_before_that_is_published() -> None:
    others = [printed(season, set()) for season in (SEASONS[0], SEASONS[1], SEASONS[3])]
    assert audit(printed(SUM, set()), 11, others).reason == EARLIER


def test_a_quarter_that_follows_its_year_is_audited_with_it_too() -> None:
    before = [printed(SUM, set()), *(printed(season, set()) for season in SEASONS[:2])]
    assert audit(printed(SEASONS[3], set()), 11, before).reason == EARLIER


@pytest.mark.parametrize("quarters_by_site", [False, True])
def test_quarters_of_one_site_are_its_year_however_each_says_the_site(quarters_by_site: bool) -> None:
    """A table of one site alone, and one that is divided by sites, form the same sums of that site."""
    counts = {(age, site): 20 for age in ("18-24", "25-34") for site in ("hill", "river")}
    both = spec(AGE, SITE)
    at_hill = replace(spec(AGE), where=(("site", "hill"),))
    wide, narrow = (both, at_hill) if quarters_by_site else (at_hill, both)

    def told(of: TableSpec, period: Period, times: int) -> CountTable:
        there = {key if of is both else key[:1]: n * times for key, n in counts.items() if of is both or "hill" in key}
        return flow(CountTable.from_counts(replace(of, period=period), there))

    quarters = [printed(told(wide, period, 1), set()) for period in QUARTERS]
    whole = told(narrow, YEAR, 4)
    year = printed(whole, {key for key, cell in printed(whole, set()).rows() if cell})
    ranges = possible_ranges(year, quarters)
    cell = ("18-24",) if narrow is at_hill else ("18-24", "hill")
    assert ranges[cell] == (80, 80)


def test_people_served_in_a_year_were_served_in_one_of_its_quarters_at_least() -> None:
    hidden = printed(column([30, 3, 50], QUARTERS[0]), {("a1",), (TOTAL,)})
    assert audit(hidden, 11).passed
    year = printed(column([60, 12, 90], YEAR), set())
    assert audit(year, 11, [hidden]).passed
    narrow = printed(column([60, 9, 90], YEAR), set(), 5)
    assert audit(narrow, 5, [hidden]).reason == EARLIER


def test_two_tables_with_a_margin_in_common_are_one_system() -> None:
    rows, (across,) = plain(3), plain(3, 2)[1:]
    counts = {("a0", "b0"): 3, ("a1", "b0"): 15, ("a1", "b1"): 15, ("a2", "b0"): 20, ("a2", "b1"): 20}
    crossed = CountTable.from_counts(spec(*rows, across), counts)
    hides_third = printed(crossed, {("a0", "b0"), ("a0", TOTAL), ("a2", "b0"), ("a2", TOTAL)})
    hides_second = printed(crossed.without("b"), {("a0",), ("a1",)})
    assert audit(hides_third, 11).passed
    assert audit(hides_second, 11).passed
    judged = audit(hides_third, 11, [hides_second])
    assert judged.reason == EARLIER
    assert crossed.spec.cell_id(("a0", TOTAL)) in judged.failing_cells


def test_a_coarser_version_beside_the_finer_one_is_one_system_with_it() -> None:
    counts = {("0-4",): 15, ("5-17",): 15, ("18-24",): 4, ("25-34",): 30, ("35-54",): 20, ("55+",): 20}
    fine = CountTable.from_counts(spec(AGE), counts)
    hides_adults = printed(fine, {("18-24",), ("35-54",)})
    coarse = printed(fine.coarsened("age", "bands"), set())
    assert audit(hides_adults, 11).passed
    judged = audit(coarse, 11, [hides_adults])
    assert judged.reason == EARLIER
    assert fine.spec.cell_id(("18-24",)) in judged.failing_cells


def test_one_site_beside_all_sites_gives_the_others_away() -> None:
    everywhere = printed(CountTable.from_counts(spec(AGE), {("18-24",): 24, ("55+",): 50}), set())
    there = replace(spec(AGE), where=(("site", "hill"),))
    hill = printed(CountTable.from_counts(there, {("18-24",): 21, ("55+",): 20}), set())
    assert audit(hill, 11).passed
    assert audit(hill, 11, [everywhere]).reason == EARLIER
    fewer = printed(CountTable.from_counts(there, {("18-24",): 12, ("55+",): 20}), set())
    assert audit(fewer, 11, [everywhere]).passed


def test_new_people_beside_people_served_give_those_away_who_were_here_before() -> None:
    served = printed(column([40, 50]), set())
    new = replace(served.spec, population="new", part_of=("served",))
    assert audit(replace(served, spec=new, cells=(37, 20, 57)), 11, [served]).reason == EARLIER
    assert audit(replace(served, spec=new, cells=(20, 20, 40)), 11, [served]).passed


@pytest.mark.parametrize("change", [{"population": "others"}, {"unit": "households"}])
def test_tables_of_other_people_do_not_disturb_each_other(change: dict[str, str]) -> None:
    hidden = printed(column([3, 30, 50]), {("a0",), ("a1",)})
    shown = printed(column([3, 30, 50]), set())
    assert audit(replace(shown, spec=replace(shown.spec, **change)), 11, [hidden]).passed
    assert not audit(shown, 11, [hidden]).passed


def by_pairs(hidden: bool) -> list[ProtectedTable]:
    """Three tables of one three-way table: a by b, a by c, b by c; the last with its inner cells hidden or shown."""
    first, second, third = plain(2, 2, 2)
    people = {("a0", "b0", "c0"): 60, ("a0", "b1", "c0"): 11, ("a1", "b0", "c1"): 11, ("a1", "b1", "c1"): 60}
    whole = CountTable.from_counts(spec(first, second, third), people)
    last = whole.without("a")
    return [
        printed(whole.without("c"), set()),
        printed(whole.without("b"), set()),
        printed(last, set(last.spec.inner_keys()) if hidden else set()),
    ]


def test_three_tables_in_a_circle_give_away_what_no_two_of_them_do() -> None:
    a_by_b, a_by_c, b_by_c = by_pairs(hidden=True)
    assert audit(b_by_c, 11, [a_by_b]).passed
    assert audit(b_by_c, 11, [a_by_c]).passed
    assert audit(b_by_c, 11, [a_by_b, a_by_c]).reason == EARLIER
    assert audit(a_by_b, 11, [b_by_c, a_by_c]).reason == EARLIER
    assert audit(by_pairs(hidden=False)[2], 11, [a_by_b, a_by_c]).passed


@pytest.mark.parametrize("newer_is_smaller", [True, False])
def test_two_patterns_of_a_changed_table_are_compared_by_a_reader_who_takes_people_for_only_gone_or_come(
    newer_is_smaller: bool,
) -> None:
    larger = printed(column([3, 20, 50]), {("a0",), ("a1",)})
    smaller = printed(column([3, 20, 30]), {("a0",), ("a2",)})
    older, newer = (larger, smaller) if newer_is_smaller else (smaller, larger)
    assert audit(older, 11).passed
    assert audit(newer, 11).passed
    judged = audit(newer, 11, [older])
    assert not judged.passed
    assert newer.spec.cell_id(("a0",)) in judged.failing_cells


# --- the attacker's independence -----------------------------------------------------------------------------


def test_the_attacker_shares_no_code_with_the_protector() -> None:
    protectors = {"protect", "board", "purchase", "certificate", "release"}
    for module in (attack, evidence, latent, links):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        imported = {
            node.module.split(".")[-1] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
        }
        assert not imported & protectors
