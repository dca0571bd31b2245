"""The recovery kit on paper: what it gives, and what happens when a tired person types it."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter.crypto.bodies import kit_id
from shelter.crypto.kit import (
    ALPHABET,
    MistypedSheet,
    Sheet,
    _groups,
    kit_from_seed,
    kit_sheet,
    new_seed,
    parse_sheet,
)

AGENCY, FINGERPRINT, SEED = os.urandom(16), os.urandom(32), bytes(range(32))
KEY, WHOSE = kit_sheet(SEED, number=1, agency=AGENCY, fingerprint=FINGERPRINT)
TYPED = " ".join(KEY)


def group_named(text: str) -> int | None:
    with pytest.raises(MistypedSheet) as refusal:
        parse_sheet(text)
    return refusal.value.group


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**24 - 1),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
)
def test_a_sheet_reads_back(seed: bytes, number: int, agency: bytes, fingerprint: bytes) -> None:
    key, whose = kit_sheet(seed, number=number, agency=agency, fingerprint=fingerprint)
    assert parse_sheet(" ".join(key)) == Sheet(number, seed)
    assert parse_sheet(" ".join(key + whose)) == Sheet(number, seed, agency, fingerprint)
    assert [len(each) for each in key + whose] == [4] * 37


@pytest.mark.parametrize(
    "messy",
    [
        TYPED.lower(),
        TYPED.replace(" ", ""),
        TYPED.replace(" ", "-"),
        TYPED.replace(" ", "\n  "),
        f"  {TYPED}  \n",
        TYPED.replace("0", "O"),
        TYPED.replace("0", "o").replace("1", "l"),
        TYPED.replace("1", "I"),
        "".join(each + (" " if at % 3 == 0 else "") for at, each in enumerate("".join(KEY))),
    ],
)
def test_messy_typing_is_taken_as_meant(messy: str) -> None:
    assert parse_sheet(messy).seed == SEED


@settings(max_examples=25)
@given(st.integers(0, 63), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_found_and_its_group_named(place: int, symbol: str) -> None:
    symbols = "".join(KEY)
    changed = symbols[:place] + symbol + symbols[place + 1 :]
    if changed == symbols:
        assert parse_sheet(changed).seed == SEED
    else:
        assert group_named(changed) == place // 4 + 1


@settings(max_examples=15)
@given(st.integers(0, 62))
def test_two_swapped_neighbours_are_found(place: int) -> None:
    symbols = "".join(KEY)
    turned = symbols[:place] + symbols[place + 1] + symbols[place] + symbols[place + 2 :]
    if turned != symbols:
        assert group_named(turned) == place // 4 + 1


def test_two_wrong_symbols_far_apart_are_refused_without_a_guess() -> None:
    other = {symbol: ALPHABET[at - 1] for at, symbol in enumerate(ALPHABET)}
    symbols = list("".join(KEY))
    for place in (3, 40):
        symbols[place] = other[symbols[place]]
    assert group_named("".join(symbols)) is None


@pytest.mark.parametrize(
    ("group", "typed"), [(1, "ABC"), (5, "ABCDE"), (16, "A"), (7, "AB!C"), (2, "ABCU"), (9, "ñBCD"), (3, "AB٣C")]
)
def test_a_group_that_is_short_long_or_strange_is_named(group: int, typed: str) -> None:
    assert group_named(" ".join([*KEY[: group - 1], typed, *KEY[group:]])) == (None if "!" in typed else group)


def test_a_strange_symbol_is_named_without_gaps_too() -> None:
    symbols = "".join(KEY)
    assert group_named(symbols[:63] + "U") == 16
    assert group_named("U" + symbols[1:]) == 1


@pytest.mark.parametrize("text", ["", "   ", TYPED[:-1].replace(" ", ""), " ".join(KEY[:-1]), TYPED + " ABCD"])
def test_too_little_or_too_much_is_refused(text: str) -> None:
    assert group_named(text) is None


def test_a_wrong_symbol_in_the_second_block_is_counted_from_the_first() -> None:
    wrong = "0" if WHOSE[2][1] != "0" else "1"
    changed = [*WHOSE[:2], WHOSE[2][0] + wrong + WHOSE[2][2:], *WHOSE[3:]]
    assert group_named(" ".join(KEY + changed)) == 19


def test_bits_left_over_behind_the_second_block_must_be_zero() -> None:
    last = WHOSE[-1]
    odd = last[:3] + ALPHABET[ALPHABET.index(last[3]) ^ 1]
    assert group_named(" ".join([*KEY, *WHOSE[:-1], odd])) == 37


def test_a_sheet_of_a_later_format_is_refused_at_its_first_group() -> None:
    later = _groups(b"\x02" + bytes(3) + SEED, 16)
    assert group_named(" ".join(later)) == 1


@pytest.mark.parametrize(
    ("seed", "agency", "fingerprint"),
    [(b"short", AGENCY, FINGERPRINT), (SEED, b"short", FINGERPRINT), (SEED, AGENCY, b"short")],
)
def test_a_sheet_of_wrong_parts_is_not_printed(seed: bytes, agency: bytes, fingerprint: bytes) -> None:
    with pytest.raises(ValueError):
        kit_sheet(seed, number=1, agency=agency, fingerprint=fingerprint)


def test_a_sheet_never_prints_its_seed_by_accident() -> None:
    assert repr(SEED) not in repr(parse_sheet(TYPED))
    assert TYPED not in str(MistypedSheet(3))


def test_a_seed_gives_the_same_kit_each_time_and_another_for_another_agency() -> None:
    seed = new_seed()
    kit = kit_from_seed(seed, agency=AGENCY, number=4)
    assert kit == kit_from_seed(seed, agency=AGENCY, number=4)
    assert kit.id == kit_id(AGENCY)
    public = kit.public_keys()
    assert (public.number, public.x25519, public.ed25519, public.backup) == (
        4,
        kit.exchange.public,
        kit.signing.public,
        kit.backup.public,
    )
    elsewhere = kit_from_seed(seed, agency=os.urandom(16), number=4)
    assert elsewhere.exchange.private != kit.exchange.private
    assert elsewhere.id != kit.id
    with pytest.raises(ValueError):
        kit_from_seed(b"short", agency=AGENCY, number=1)
