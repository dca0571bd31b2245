"""Suite 129 under attack: sealed to somebody, for one place, by a maker who signed it."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from shelter.crypto import hpke
from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import (
    Recipient,
    SignedPayload,
    seal_signed_to,
    seal_to,
    seal_unsigned_to,
    unseal_from,
    unseal_signed,
)
from shelter.crypto.labels import Label
from shelter.crypto.message import Key, unseal
from shelter.crypto.signing import new_exchange_pair, new_signing_pair

HERS, OTHERS = new_exchange_pair(), new_exchange_pair()
MAKER, STRANGER = new_signing_pair(), new_signing_pair()
HER_ID, MAKER_ID = os.urandom(16), os.urandom(16)
PLACE = Context(Label.INBOX, os.urandom(16), "inbox", os.urandom(16), compartment=os.urandom(16), ck_version=1)


def signed(payload: bytes = b"payload", place: Context = PLACE) -> bytes:
    return seal_signed_to(HERS.public, HER_ID, place, payload, maker=MAKER_ID, signing_private=MAKER.private)


def opened(message: bytes, place: Context = PLACE) -> SignedPayload:
    return unseal_signed(HERS.private, HER_ID, place, message)


@settings(max_examples=25)
@given(st.binary(max_size=500))
def test_what_was_sealed_to_her_opens_with_her_private_half(text: bytes) -> None:
    message = seal_to(HERS.public, HER_ID, PLACE, text)
    assert unseal_from(HERS.private, HER_ID, PLACE, message) == text
    assert message[3] == hpke.SUITE
    assert len(message) == len(text) + hpke.OVERHEAD


def test_every_single_changed_bit_is_refused() -> None:
    message = seal_to(HERS.public, HER_ID, PLACE, b"x")
    recipient = Recipient(HERS.private, HER_ID)
    # X25519 ignores the top bit of a point (RFC 7748); the key schedule of HPKE does not.
    for bit in range(len(message) * 8):
        changed = bytearray(message)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            recipient.unseal(PLACE, bytes(changed))


@pytest.mark.parametrize(
    "change",
    [
        {"label": Label.DETAIL},
        {"agency": os.urandom(16)},
        {"table": "other"},
        {"row": os.urandom(16)},
        {"section": "other"},
        {"subject_kind": "client"},
        {"subject": os.urandom(16)},
        {"compartment": os.urandom(16)},
        {"version": 1},
        {"ck_version": 2},
        {"section": "añadido"},
    ],
)
def test_a_message_in_another_place_is_refused(change: dict[str, object]) -> None:
    place = replace(PLACE, **change)  # type: ignore[arg-type]  # any one field
    with pytest.raises(Unopenable):
        unseal_from(HERS.private, HER_ID, place, seal_to(HERS.public, HER_ID, PLACE, b"text"))


@pytest.mark.parametrize(
    ("private", "recipient_id"),
    [(OTHERS.private, HER_ID), (HERS.private, os.urandom(16)), (b"short", HER_ID), (HERS.private, b"short")],
)
def test_nobody_else_opens_it(private: bytes, recipient_id: bytes) -> None:
    with pytest.raises(Unopenable):
        unseal_from(private, recipient_id, PLACE, seal_to(HERS.public, HER_ID, PLACE, b"text"))
    with pytest.raises(Unopenable):
        unseal_signed(private, recipient_id, PLACE, signed())


@pytest.mark.parametrize("length", [0, 3, 12, 44, 59])
def test_a_message_cut_short_is_refused(length: int) -> None:
    with pytest.raises(Unopenable):
        unseal_from(HERS.private, HER_ID, PLACE, seal_to(HERS.public, HER_ID, PLACE, b"")[:length])


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31), b"short"])
def test_a_public_key_that_shares_no_secret_is_refused_on_both_sides(point: bytes) -> None:
    with pytest.raises(Unopenable):
        seal_to(point, HER_ID, PLACE, b"text")
    message = seal_to(HERS.public, HER_ID, PLACE, b"text")
    with pytest.raises(Unopenable):
        unseal_from(HERS.private, HER_ID, PLACE, message[:12] + point + message[44:])


def test_the_suites_do_not_open_each_others_messages() -> None:
    symmetric = Key(HERS.private, HER_ID).seal(PLACE, b"text" * 20)
    public = seal_to(HERS.public, HER_ID, PLACE, b"text" * 20)
    for message in (public, public[:3] + b"\x01" + public[4:]):
        with pytest.raises(Unopenable):
            unseal(HERS.private, HER_ID, PLACE, message)
    for message in (symmetric, symmetric[:3] + b"\x81" + symmetric[4:]):
        with pytest.raises(Unopenable):
            unseal_from(HERS.private, HER_ID, PLACE, message)


def test_a_signed_payload_names_its_maker_and_verifies() -> None:
    payload = opened(signed())
    assert (payload.maker, payload.payload, payload.is_signed) == (MAKER_ID, b"payload", True)
    payload.verify(MAKER.public)
    payload.verify_any([STRANGER.public, MAKER.public])


def test_the_signature_of_somebody_else_is_refused() -> None:
    payload = opened(signed())
    with pytest.raises(Unopenable):
        payload.verify(STRANGER.public)
    with pytest.raises(Unopenable):
        payload.verify_any([STRANGER.public])
    with pytest.raises(Unopenable):
        payload.verify_any([])


@pytest.mark.parametrize(
    "forge",
    [
        lambda raw: os.urandom(16) + raw[16:],  # another maker
        lambda raw: raw[:-1] + b"!",  # another payload
        lambda raw: raw[:16] + bytes(64) + raw[80:],  # no signature
    ],
)
def test_whoever_writes_the_database_cannot_speak_for_a_maker(forge: object) -> None:
    """Anybody can seal to a public key; the thief opens nothing, but suppose one payload reached him."""
    raw = unseal_from(HERS.private, HER_ID, PLACE, signed())
    forged = seal_to(HERS.public, HER_ID, PLACE, forge(raw))  # type: ignore[operator]  # a lambda above
    with pytest.raises(Unopenable):
        opened(forged).verify(MAKER.public)


def test_a_signed_payload_sealed_again_for_another_place_or_person_is_refused() -> None:
    raw = unseal_from(HERS.private, HER_ID, PLACE, signed())
    moved = replace(PLACE, row=os.urandom(16))
    with pytest.raises(Unopenable):
        opened(seal_to(HERS.public, HER_ID, moved, raw), moved).verify(MAKER.public)
    other_id = os.urandom(16)
    forwarded = seal_to(OTHERS.public, other_id, PLACE, raw)
    with pytest.raises(Unopenable):
        unseal_signed(OTHERS.private, other_id, PLACE, forwarded).verify(MAKER.public)


def test_what_came_before_sign_in_is_shown_as_unsigned_and_never_verifies() -> None:
    payload = opened(seal_unsigned_to(HERS.public, HER_ID, PLACE, b"typed name"))
    assert (payload.payload, payload.is_signed) == (b"typed name", False)
    with pytest.raises(Unopenable):
        payload.verify(MAKER.public)


def test_a_payload_too_short_to_name_a_maker_is_refused() -> None:
    with pytest.raises(Unopenable):
        opened(seal_to(HERS.public, HER_ID, PLACE, bytes(79)))


@pytest.mark.parametrize("maker", [b"", bytes(16), os.urandom(15)])
def test_nobody_signs_without_an_id(maker: bytes) -> None:
    with pytest.raises(ValueError):
        seal_signed_to(HERS.public, HER_ID, PLACE, b"", maker=maker, signing_private=MAKER.private)
