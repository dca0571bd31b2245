"""A line that names us is found however it is written; words of every day are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.codes import new_code
from shelter.rules.plans.naming import names_us

OURS = ("Casa Ámbar", "North House", "(213) 555-0100", "14 Mulberry Street", "Ana")


@pytest.mark.parametrize(
    "line",
    [
        "meet at casa ambar, ten o'clock",
        "CASA  ÁMBAR: ask for Luz",
        "North-House, back door",
        "call +1 213.555.0100 at night",
        "555 0100 without the region",
        "to 14 mulberry street by bus",
    ],
)
def test_our_names_are_found_however_they_are_written(line: str) -> None:
    assert names_us(line, OURS)


@pytest.mark.parametrize(
    "line",
    ["Ana keeps the key", "north of the house", "casa de mi hermana", "call 213 555 0199", "14 pills, 2 times", ""],
)
def test_words_of_every_day_are_not(line: str) -> None:
    assert not names_us(line, OURS)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_code_is_found_between_any_words(before: str, after: str) -> None:
    code = new_code()
    assert names_us(f"{before} {code} {after}", ())
    assert names_us(f"{before} {code.lower()} {after}", ())
