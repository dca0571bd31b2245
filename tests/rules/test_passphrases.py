"""Passphrases of one's own: what is tried first is refused, in disguise too; what the application draws would pass."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.crypto.words import generate_passphrase
from shelter.rules.broken import Broken
from shelter.rules.passphrases import limits, refuse_guessable

AGENCY = ("Harbor Coalition", "Lantern House", "river-lantern-42", "Rosa Jiménez")


def refusal(passphrase: str) -> str:
    with pytest.raises(Broken) as broken:
        refuse_guessable(passphrase, AGENCY)
    assert broken.value.field == "passphrase"
    assert broken.value.values in ({}, {"least": limits().shortest})
    return broken.value.message_key


@given(st.text(max_size=14))
def test_anything_shorter_than_fifteen_characters_is_too_short(passphrase: str) -> None:
    assert refusal(passphrase) == "accounts.passphrase-short"


@pytest.mark.parametrize(
    "passphrase",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "qwertyuiopasdfghjkl",
        "0123456789012345678",
        "poiuytrewqlkjhgfdsa",
        "Password1234567890!",
        "p@$$w0rdp@$$w0rd2024",
        "correct horse battery staple",
        "Correct-Horse-Battery-Staple",
        "HarborCoalition2026!",
        "harbor coalition lantern",
        "RosaJimenez19841985",
        "river-lantern-42-river",
        "Bienvenida a la casa 2025",
        "welcome to the shelter",
        "maytheforcebewithyou",
        "Padre nuestro que estás en los cielos",
    ],
)
def test_what_is_tried_first_is_refused_in_disguise_too(passphrase: str) -> None:
    assert refusal(passphrase) == "accounts.passphrase-guessable"


@pytest.mark.parametrize(
    "passphrase",
    [
        "mi abuela sembraba tres limoneros",
        "violet umbrella drifts northward",
        "在海边我们种下三棵柠檬树和一株桂花树呢",
        "ثلاث شجرات ليمون زرعتها جدتي",
        "zK4-uv7w-Pq2m-eeT9",
    ],
)
def test_a_sentence_of_her_own_in_any_script_is_accepted(passphrase: str) -> None:
    refuse_guessable(passphrase, AGENCY)


def test_nearly_everything_the_application_draws_would_pass() -> None:
    drawn = [generate_passphrase() for _ in range(300)]
    refused = 0
    for passphrase in drawn:
        try:
            refuse_guessable(passphrase)
        except Broken:
            refused += 1
    assert refused <= 3


@given(st.text(min_size=15, max_size=1024))
def test_judging_never_fails_otherwise_and_never_takes_long(passphrase: str) -> None:
    began = time.perf_counter()
    refusal = None
    try:
        refuse_guessable(passphrase, AGENCY)
    except Broken as broken:
        refusal = broken.message_key
    assert refusal in (None, "accounts.passphrase-short", "accounts.passphrase-guessable")
    assert time.perf_counter() - began < 1


def test_the_limits_are_those_of_the_standard() -> None:
    assert limits().shortest >= 15
