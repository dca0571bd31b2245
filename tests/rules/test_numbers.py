"""One number has one normal form, whoever wrote it down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.numbers import NumberKind, normalise_number, number_kinds


@pytest.mark.parametrize(
    ("kind", "typed", "normal"),
    [
        (NumberKind.PHONE, "(415) 555-0123", "+14155550123"),
        (NumberKind.PHONE, "415.555.0123 x7", "+14155550123"),
        (NumberKind.PHONE, "+52 55 1234 5678", "+525512345678"),
        (NumberKind.PHONE, "1-415-555-0123", "+14155550123"),
        (NumberKind.A_NUMBER, "A012345678", "012345678"),
        (NumberKind.A_NUMBER, "a# 12-345-678", "012345678"),
        (NumberKind.A_NUMBER, "A1234567", "001234567"),
        (NumberKind.RECEIPT, "eac-21-900-12345", "EAC2190012345"),
        (NumberKind.RECEIPT, "IOE 0912345678", "IOE0912345678"),
    ],
)
def test_ways_of_writing_meet_in_one_form(kind: NumberKind, typed: str, normal: str) -> None:
    assert normalise_number(kind, typed) == normal
    assert normalise_number(kind, normal) == normal


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (NumberKind.PHONE, "12"),
        (NumberKind.PHONE, "ask her sister"),
        (NumberKind.A_NUMBER, "A123456"),
        (NumberKind.A_NUMBER, "A1234567890"),
        (NumberKind.A_NUMBER, "B12345678"),
        (NumberKind.RECEIPT, "EAC21900"),
        (NumberKind.RECEIPT, "EA12190012345"),
        (NumberKind.RECEIPT, "EAC\u0662190012345"),
    ],
)
def test_what_is_no_number_is_refused_without_repeating_it(kind: NumberKind, typed: str) -> None:
    with pytest.raises(Broken) as refused:
        normalise_number(kind, typed, "number")
    assert refused.value.message_key == f"numbers.{kind.value}"
    assert refused.value.field == "number"
    assert refused.value.values == {}
    assert refused.value.__cause__ is None


@given(st.text(max_size=25))
def test_anything_typed_into_a_search_box_is_sorted_into_kinds_or_left(typed: str) -> None:
    for kind, normal in number_kinds(typed).items():
        assert normalise_number(kind, normal) == normal


def test_nine_digits_with_an_a_are_an_a_number_and_a_receipt_is_a_receipt() -> None:
    assert NumberKind.A_NUMBER in number_kinds("A012345678")
    assert number_kinds("EAC2190012345").get(NumberKind.RECEIPT) == "EAC2190012345"
    assert number_kinds("maria") == {}
