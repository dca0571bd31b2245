"""Signatures: one for one purpose, one agency, one order of fields."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.signing import (
    Field,
    exchange_pair,
    new_exchange_pair,
    new_signing_pair,
    sign,
    signed_bytes,
    signing_pair,
    verify,
)

PAIR, AGENCY = new_signing_pair(), os.urandom(16)
id_lists = st.lists(st.binary(max_size=20), unique=True, max_size=4)
fields = st.lists(
    st.binary(max_size=20) | st.integers(0, 2**64 - 1) | st.text("abc", max_size=5) | id_lists, max_size=4
)


@given(st.sampled_from(Label), fields)
def test_a_signature_verifies_for_what_was_signed(label: Label, values: list[Field]) -> None:
    verify(PAIR.public, sign(PAIR.private, label, AGENCY, values), label, AGENCY, values)


@given(fields)
def test_the_order_of_a_list_of_ids_does_not_matter(values: list[Field]) -> None:
    turned = [list(reversed(each)) if isinstance(each, list) else each for each in values]
    assert signed_bytes(Label.SIGN_ROSTER, AGENCY, values) == signed_bytes(Label.SIGN_ROSTER, AGENCY, turned)


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_different_fields_are_never_the_same_signed_bytes(one: list[bytes], other: list[bytes]) -> None:
    same = signed_bytes(Label.SIGN_KIT, AGENCY, one) == signed_bytes(Label.SIGN_KIT, AGENCY, other)
    assert same == (one == other)


def test_a_signature_for_another_purpose_agency_or_person_is_refused() -> None:
    signature = sign(PAIR.private, Label.SIGN_UNBIND, AGENCY, [b"user"])
    claims = [
        (PAIR.public, Label.SIGN_BINDING, AGENCY, [b"user"]),
        (PAIR.public, Label.SIGN_UNBIND, os.urandom(16), [b"user"]),
        (PAIR.public, Label.SIGN_UNBIND, AGENCY, [b"other"]),
        (PAIR.public, Label.SIGN_UNBIND, AGENCY, [b"user", b""]),
        (new_signing_pair().public, Label.SIGN_UNBIND, AGENCY, [b"user"]),
        (b"no key", Label.SIGN_UNBIND, AGENCY, [b"user"]),
        (PAIR.public, Label.SIGN_UNBIND, AGENCY, [b"user", True]),
        (PAIR.public, Label.SIGN_UNBIND, AGENCY, [[b"twice", b"twice"]]),
    ]
    for public, label, agency, values in claims:
        with pytest.raises(Unopenable):
            verify(public, signature, label, agency, values)
    for changed in (b"", signature[:-1], signature + b"\x00", bytes(64)):
        with pytest.raises(Unopenable):
            verify(PAIR.public, changed, Label.SIGN_UNBIND, AGENCY, [b"user"])


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (True, TypeError),
        (None, TypeError),
        (1.5, TypeError),
        ({b"a"}, TypeError),
        (["text"], TypeError),
        (bytearray(b"a"), TypeError),
        (-1, ValueError),
        (2**64, ValueError),
        ("añadido", ValueError),
        ([b"twice", b"twice"], ValueError),
    ],
)
def test_what_has_no_one_encoding_is_not_signed(value: Field, error: type[Exception]) -> None:
    with pytest.raises(error):
        sign(PAIR.private, Label.SIGN_UNBIND, AGENCY, [value])


def test_a_pair_is_known_by_its_private_half_and_never_prints_it() -> None:
    for pair, again in ((new_exchange_pair(), exchange_pair), (PAIR, signing_pair)):
        assert again(pair.private) == pair
        assert len(pair.private) == len(pair.public) == 32
        assert repr(pair.private) not in repr(pair)


def test_labels_are_one_closed_list_without_doubles_or_prefix_tricks() -> None:
    assert all(str(label).startswith("shelter/1/") and str(label).isascii() for label in Label)
    assert len({label.prefixed for label in Label}) == len(list(Label))
