"""The one door: what was released is given back as it was, and what could be subtracted from it is refused."""

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.disclosure.attack import EARLIER, VERSION, audit
from shelter.rules.disclosure.certificate import verify_certificate
from shelter.rules.disclosure.release import TOO_FEW, Refused, Release, protect_and_audit
from shelter.rules.disclosure.spec import TOTAL, Key
from shelter.rules.disclosure.table import HIDDEN, CountTable
from tests.rules.disclosure.tables import (
    AGE,
    ONE_WAY,
    QUARTERS,
    SITE,
    TWO_WAY,
    YEAR,
    column,
    drawn,
    flow,
    grid,
    passed,
    plain,
    spec,
    tables,
    thresholds,
    with_counts,
)

TABLE = grid([[3, 40, 50], [60, 30, 70], [80, 90, 45]])


def refusal(answer: object) -> str:
    assert isinstance(answer, Refused), answer
    return answer.reason


def hidden_numbers(table: CountTable, release: Release) -> dict[Key, int]:
    return {key: table[key] for key in release.pattern}


@settings(max_examples=40)
@given(tables(ONE_WAY + TWO_WAY), thresholds)
def test_a_table_is_released_protected_and_audited_or_refused_for_showing_nobody(table: CountTable, k: int) -> None:
    answer = protect_and_audit(table, k)
    if isinstance(answer, Refused):
        assert answer.reason == TOO_FEW
        return
    release = passed(answer)
    assert verify_certificate(release.protected, release.certificate, k)
    assert release.protected.possible_values >= k or not release.protected.hidden_count


def test_fewer_than_k_people_in_all_are_refused() -> None:
    assert refusal(protect_and_audit(grid([[3, 4], [0, 2]]))) == TOO_FEW


def test_nobody_at_all_is_a_table_of_zeros() -> None:
    assert passed(protect_and_audit(grid([[0, 0], [0, 0]]))).protected.hidden_count == 0


@pytest.mark.parametrize("k", [4, 0])
def test_a_threshold_under_five_is_refused(k: int) -> None:
    with pytest.raises(Broken):
        protect_and_audit(TABLE, k)


# --- the ledger ----------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(tables(TWO_WAY), thresholds)
def test_a_release_goes_to_the_ledger_and_back(table: CountTable, k: int) -> None:
    answer = protect_and_audit(table, k)
    if isinstance(answer, Release):
        numbered = answer.numbered(7)
        packed = msgspec.msgpack.encode(numbered.to_dict())
        assert Release.from_dict(msgspec.msgpack.decode(packed)) == numbered
        assert Release.from_dict(json.loads(json.dumps(numbered.to_dict()))) == numbered


def test_a_ledger_row_that_was_changed_is_refused() -> None:
    plain_release = passed(protect_and_audit(TABLE)).to_dict()
    for change in (
        {"certificate": {"tables": [], "pairs": []}},
        {"edition": "first"},
        {"protected": {**plain_release["protected"], "cells": [1, 2, 3]}},  # type: ignore[dict-item] # a plain dict
        {"protected": {**plain_release["protected"], "k": 500}},  # type: ignore[dict-item] # the same
    ):
        with pytest.raises(Broken):
            Release.from_dict({**plain_release, **change})


def test_a_ledger_row_holds_no_hidden_number() -> None:
    table = grid([[3, 7919, 50], [6007, 30, 70], [80, 90, 5003]])
    release = passed(protect_and_audit(table))
    hidden = {count for count in hidden_numbers(table, release).values() if count > 1_000}
    assert hidden
    told = json.dumps(release.to_dict()) + repr(release)
    assert not [count for count in hidden if str(count) in told]


# --- the same table again ------------------------------------------------------------------------------------


def test_the_same_table_again_is_the_same_release() -> None:
    first = passed(protect_and_audit(TABLE)).numbered(1)
    assert protect_and_audit(TABLE, 11, [first]) is first
    assert protect_and_audit(TABLE, 20, [first]) is first


def test_a_change_that_shows_in_no_printed_number_gives_the_release_back_as_it_was() -> None:
    first = passed(protect_and_audit(TABLE))
    other = dict(zip(TABLE.spec.all_keys(), first.certificate.tables[0], strict=True))
    changed = with_counts(TABLE, {key: other[key] for key in TABLE.spec.inner_keys()})
    assert changed.counts != TABLE.counts
    assert protect_and_audit(changed, 11, [first]) is first


@pytest.mark.parametrize("cell", [("a1", "b1"), ("a0", "b1"), ("a2", "b2")])
@pytest.mark.parametrize("by", [1, -1, 6, 10, -10])
def test_a_table_that_differs_by_a_few_people_is_refused_in_words(cell: Key, by: int) -> None:
    first = passed(protect_and_audit(TABLE))
    changed = with_counts(TABLE, {cell: TABLE[cell] + by})
    assert refusal(protect_and_audit(changed, 11, [first])) in {VERSION, EARLIER}


def test_a_table_that_differs_by_many_people_is_a_second_edition() -> None:
    whole = grid([[40, 50], [60, 70]])
    first = passed(protect_and_audit(whole))
    second = passed(protect_and_audit(with_counts(whole, {("a0", "b0"): 60}), 11, [first]))
    assert second.edition == 2
    assert second.protected[("a0", "b0")] == 60
    assert protect_and_audit(whole, 11, [first, second]) is first


@settings(max_examples=15)
@given(tables(((3,), (2, 3), (3, 3))), st.data())
def test_no_two_editions_subtract_to_a_small_group(table: CountTable, data: st.DataObject) -> None:
    first = protect_and_audit(table, 5)
    inner = table.spec.inner_keys()
    cells = data.draw(st.lists(st.sampled_from(inner), max_size=3, unique=True))
    changed = with_counts(table, {cell: data.draw(st.integers(0, 60)) for cell in cells})
    if not isinstance(first, Release):
        return
    second = protect_and_audit(changed, 5, [first])
    if isinstance(second, Release):
        for key in table.spec.all_keys():
            before, after = first.protected[key], second.protected[key]
            if before is not HIDDEN and after is not HIDDEN:
                assert before == after or abs(before - after) >= 5


def test_the_same_cells_under_another_title_get_the_same_pattern() -> None:
    first = passed(protect_and_audit(TABLE))
    other = replace(TABLE, spec=replace(TABLE.spec, title="another"))
    assert passed(protect_and_audit(other, 11, [first])).pattern == first.pattern


# --- tables that hang together -------------------------------------------------------------------------------


def test_four_quarters_and_then_their_year_are_released_without_giving_each_other_away() -> None:
    quarters = [
        flow(column(counts, period))
        for counts, period in zip(
            ([30, 14, 20, 3], [40, 13, 25, 14], [20, 4, 30, 15], [35, 12, 22, 18]), QUARTERS, strict=True
        )
    ]
    year = flow(column([125, 43, 97, 50], YEAR))
    releases: list[Release] = []
    for table in (*quarters, year):
        answer = protect_and_audit(table, 11, releases)
        if isinstance(answer, Release):
            releases.append(answer)
    assert len(releases) >= 4
    for number, release in enumerate(releases):
        others = [other.protected for other in releases[:number]]
        assert audit(release.protected, release.protected.k, others).passed


def test_a_year_that_would_open_its_quarters_hides_the_cell_or_is_refused() -> None:
    quarters = []
    for counts, period in zip(([30, 14, 20], [40, 13, 25], [20, 4, 30], [35, 12, 22]), QUARTERS, strict=True):
        quarters.append(passed(protect_and_audit(flow(column(counts, period)), 11)))
    answer = protect_and_audit(flow(column([125, 43, 97], YEAR)), 11, quarters)
    assert isinstance(answer, Refused) or answer.protected[("a1",)] is HIDDEN


def test_tables_that_share_margins_are_released_one_after_the_other() -> None:
    crossed = drawn((AGE, SITE), 300, 5)
    by_site = passed(protect_and_audit(crossed.without("age")))
    by_age = passed(protect_and_audit(crossed.without("site"), 11, [by_site]))
    both = passed(protect_and_audit(crossed, 11, [by_site, by_age]))
    for cell_id, cell in by_site.protected.identified().items():
        assert both.protected.identified()[cell_id] == cell
    assert both.protected[(TOTAL, TOTAL)] == 300


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.integers(40, 400))
def test_a_fine_and_a_coarse_table_in_any_order_pass_the_joint_audit_or_are_refused(seed: int, people: int) -> None:
    fine = drawn((AGE, SITE), people, seed)
    coarse = fine.coarsened("age", "bands")
    for order in ((fine, coarse), (coarse, fine)):
        releases: list[Release] = []
        for table in order:
            answer = protect_and_audit(table, 11, releases)
            if isinstance(answer, Release):
                releases.append(answer)
        if len(releases) == 2:
            assert audit(releases[1].protected, 11, [releases[0].protected]).passed


def test_three_way_tables_are_released_too() -> None:
    release = passed(protect_and_audit(drawn(plain(4, 3, 3), 500, 2)))
    assert release.spec == spec(*plain(4, 3, 3))
