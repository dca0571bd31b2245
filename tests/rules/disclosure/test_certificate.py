"""A certificate is believed only as far as it adds up."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter.rules.disclosure.certificate import Certificate, certify, verify_certificate
from shelter.rules.disclosure.protect import Protection, protect
from shelter.rules.disclosure.table import HIDDEN, CountTable, ProtectedTable
from tests.rules.disclosure.tables import TWO_WAY, grid, tables, thresholds

TABLE = grid([[3, 40, 50], [60, 30, 70], [80, 90, 45]])


@pytest.fixture
def protection() -> Protection:
    return protect(TABLE, 11)


def test_it_holds_for_the_table_that_it_was_made_for(protection: Protection) -> None:
    assert verify_certificate(protection.protected, protection.certificate, 11)


def test_it_does_not_hold_for_a_larger_k(protection: Protection) -> None:
    assert not verify_certificate(protection.protected, protection.certificate, 1_000)


@settings(max_examples=40)
@given(data=st.data())
def test_any_single_number_changed_in_it_is_noticed(data: st.DataObject) -> None:
    protection = protect(TABLE, 11)
    tables_ = protection.certificate.tables
    table = data.draw(st.integers(0, len(tables_) - 1))
    cell = data.draw(st.integers(0, len(tables_[table]) - 1))
    by = data.draw(st.integers(-50, 50).filter(bool))
    changed = [list(row) for row in tables_]
    changed[table][cell] += by
    forged = replace(protection.certificate, tables=tuple(tuple(row) for row in changed))
    assert not verify_certificate(protection.protected, forged, 11)


def test_a_missing_pair_a_strange_number_or_a_short_table_is_noticed(protection: Protection) -> None:
    whole = protection.certificate
    broken = [
        replace(whole, pairs=whole.pairs[1:]),
        replace(whole, pairs=((10_000, 0, 0), *whole.pairs)),
        replace(whole, pairs=((whole.pairs[0][0], len(whole.tables), 0), *whole.pairs[1:])),
        replace(whole, pairs=((whole.pairs[0][0], -1, 0), *whole.pairs[1:])),
        replace(whole, tables=tuple(row[:-1] for row in whole.tables)),
        Certificate((), ()),
    ]
    assert not any(verify_certificate(protection.protected, forged, 11) for forged in broken)


def test_no_certificate_is_made_for_a_table_that_leaks() -> None:
    leaking = ProtectedTable.of(TABLE, frozenset({("a0", "b0")}), 11)
    assert certify(leaking, 11) is None


@settings(max_examples=25)
@given(tables(TWO_WAY), thresholds)
def test_it_tells_nothing_that_the_printed_table_does_not(table: CountTable, k: int) -> None:
    """Take any other table that fits the print for the true one: all that leaves is the same, byte for byte."""
    protection = protect(table, k)
    spec = table.spec
    for other in protection.certificate.tables[:3]:
        counts = dict(zip(spec.all_keys(), other, strict=True))
        other_truth = CountTable.from_counts(spec, {key: counts[key] for key in spec.inner_keys()})
        printed = ProtectedTable.of(other_truth, protection.protected.hidden, k)
        assert pickle.dumps(printed) == pickle.dumps(protection.protected)
        assert certify(printed, k) == protection.certificate


def test_hidden_cells_are_proved_by_tables_that_differ_in_them(protection: Protection) -> None:
    positions = [place for place, cell in enumerate(protection.protected.cells) if cell is HIDDEN]
    assert [cell for cell, _, _ in protection.certificate.pairs] == positions
    for cell, high, low in protection.certificate.pairs:
        assert protection.certificate.tables[high][cell] - protection.certificate.tables[low][cell] >= 10
