"""A client code survives being read aloud, written by hand and typed by somebody in a hurry."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.codes import ALPHABET, LENGTH, check_character, is_code, new_code, parse_code

bodies = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


def whole(body: str) -> str:
    return body + check_character(body)


def test_a_new_code_has_the_printed_shape_and_reads_back_as_itself() -> None:
    for _ in range(500):
        code = new_code()
        assert re.fullmatch(r"[2-9A-Z]{2}-[2-9A-Z]{4}-[2-9A-Z]", code)
        assert parse_code(code) == code


def test_codes_spell_no_word_and_have_no_look_alikes() -> None:
    assert not set(ALPHABET) & set("AEIOUY01L")
    for pair in ("5S", "8B", "2Z", "6G", "VU"):
        assert len(set(ALPHABET) & set(pair)) == 1
    assert len(ALPHABET) == 23


def test_new_codes_do_not_repeat_or_follow_each_other() -> None:
    codes = [new_code() for _ in range(2000)]
    assert len(set(codes)) > 1990
    assert len({code[0] for code in codes}) == len(ALPHABET)


@given(bodies, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(body: str, place: int, wrong: str) -> None:
    code = whole(body)
    changed = code[:place] + wrong + code[place + 1 :]
    assert is_code(changed) == (changed == code)


@given(bodies, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_any_two_characters_that_changed_places_are_caught(body: str, one: int, other: int) -> None:
    letters = list(whole(body))
    letters[one], letters[other] = letters[other], letters[one]
    assert is_code("".join(letters)) == ("".join(letters) == whole(body))


@given(bodies)
def test_lower_case_blanks_and_missing_dashes_are_accepted(body: str) -> None:
    code = whole(body)
    written = parse_code(code)
    for typed in (code.lower(), written.replace("-", " "), f"  {written} ", " ".join(code), written.replace("-", "–")):
        assert parse_code(typed) == written


@given(bodies)
def test_letters_taken_for_their_look_alikes_are_read_as_meant(body: str) -> None:
    code = whole(body)
    assert parse_code(code.translate(str.maketrans("5826V", "SBZGU"))) == parse_code(code)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "codes.length"),
        ("K7-4QM2", "codes.length"),
        ("K7-4QM2-CC", "codes.length"),
        ("O1-4QM2-C", "codes.characters"),
        ("K7-4Q\u0660\u0661-C", "codes.characters"),
        ("22-2223-2", "codes.check"),
    ],
)
def test_what_is_no_code_is_refused_with_a_sentence_of_its_own(typed: str, key: str) -> None:
    with pytest.raises(Broken) as refused:
        parse_code(typed, "code")
    assert refused.value.message_key == key
    assert refused.value.field == "code"
    assert typed == "" or typed not in str(refused.value.values)
