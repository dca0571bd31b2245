"""Identifiers as people type them: accepted when only the dress differs, refused with the place when not."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.identifiers import (
    a_number,
    card_number,
    has_known_prefix,
    i94_number,
    receipt_number,
    sevis_number,
)

Reader = Callable[[str], str]
READERS: tuple[Reader, ...] = (receipt_number, card_number, a_number, i94_number, sevis_number)


@pytest.mark.parametrize(
    ("read", "typed", "expected"),
    [
        (receipt_number, "EAC2190012345", "EAC2190012345"),
        (receipt_number, " ioe-09 123 45678 ", "IOE0912345678"),
        (receipt_number, "wac*21*900*12345", "WAC2190012345"),
        (a_number, "A012345678", "A012345678"),
        (a_number, "a 12-345-678", "A012345678"),
        (a_number, "1234567", "A001234567"),
        (a_number, "USCIS# 012-345-678", "A012345678"),
        (a_number, "Alien Number: A012345678", "A012345678"),
        (i94_number, "12345678901", "12345678901"),
        (i94_number, "123 456 789 a1", "123456789A1"),
        (sevis_number, "n0012345678", "N0012345678"),
        (card_number, "src2190012345", "SRC2190012345"),
    ],
)
def test_messy_input_is_read_as_the_number_it_is(read: Reader, typed: str, expected: str) -> None:
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("read", "typed", "key", "values"),
    [
        (receipt_number, "EAC219O012345", "likely_digit", {"position": 7, "seen": "O", "likely": "0"}),
        (receipt_number, "I0E0912345678", "likely_letter", {"position": 2, "seen": "0", "likely": "O"}),
        (receipt_number, "EAC-21-90O-12345", "likely_digit", {"position": 10, "seen": "O", "likely": "0"}),
        (receipt_number, "EAC21X0012345", "digit_expected", {"position": 6}),
        (receipt_number, "EA92190012345", "letter_expected", {"position": 3}),
        (receipt_number, "EAC219001234", "length", {"expected": 13, "found": 12}),
        (receipt_number, "EAC21900123456", "length", {"expected": 13, "found": 14}),
        (receipt_number, "EAC2190012345é", "strange_character", {"position": 14}),
        (receipt_number, "EAC219001234٥", "strange_character", {"position": 13}),
        (receipt_number, "  -- ", "empty", {}),
        (a_number, "A01234567B", "likely_digit", {"position": 10, "seen": "B", "likely": "8"}),
        (a_number, "USCIS# 01234567B", "likely_digit", {"position": 16, "seen": "B", "likely": "8"}),
        (a_number, "A123456", "a_number_length", {"lowest": 7, "highest": 9, "found": 6}),
        (a_number, "A", "a_number_length", {"lowest": 7, "highest": 9, "found": 0}),
        (i94_number, "1234567S9A1", "likely_digit", {"position": 8, "seen": "S", "likely": "5"}),
        (i94_number, "123456789AI", "likely_digit", {"position": 11, "seen": "I", "likely": "1"}),
        (sevis_number, "M0012345678", "sevis_begins_with_n", {"position": 1}),
        (sevis_number, "00012345678", "likely_letter", {"position": 1, "seen": "0", "likely": "O"}),
    ],
)
def test_what_does_not_fit_is_pointed_at_and_not_changed(
    read: Reader, typed: str, key: str, values: dict[str, str | int]
) -> None:
    with pytest.raises(Broken) as broken:
        read(typed)
    assert broken.value.message_key == f"identifier.{key}"
    assert broken.value.values == values
    assert broken.value.field


def outcome(read: Reader, typed: str) -> str | Broken:
    try:
        return read(typed)
    except Broken as broken:
        return broken


@given(typed=st.text(max_size=30), read=st.sampled_from(READERS))
def test_any_text_is_either_a_number_or_a_sentence_beside_the_field(typed: str, read: Reader) -> None:
    found = outcome(read, typed)
    if isinstance(found, Broken):
        assert found.field
        assert len(typed) <= 2 or typed not in map(str, found.values.values())
    else:
        assert found.isascii()
        assert read(found) == found


@given(digits=st.text("0123456789", min_size=7, max_size=9))
def test_an_a_number_keeps_its_digits_and_has_nine(digits: str) -> None:
    number = a_number(digits)
    assert len(number) == 10
    assert int(number[1:]) == int(digits)


def test_an_unknown_prefix_is_told_but_not_refused() -> None:
    assert has_known_prefix(receipt_number("EAC2190012345"))
    assert not has_known_prefix(receipt_number("ZZZ2190012345"))
