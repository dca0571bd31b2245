"""User keys, compartment keys, data keys and grants: each opens in one place, and only what was committed to."""

import os

import msgspec
import pytest
from msgspec.structs import replace

from shelter.crypto import compartments as keys
from shelter.crypto.compartments import (
    CompartmentKey,
    commitment_of,
    dek_context,
    grant_context,
    grant_to,
    key_id_of,
    new_compartment_key,
    new_dek,
    open_grant,
    open_private_half,
    opened_key,
    seal_private_half,
    unwrap_dek,
    unwrap_dek_public,
    wrap_dek,
    wrap_dek_public,
)
from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import seal_signed_to, seal_to
from shelter.crypto.labels import Label
from shelter.crypto.message import seal
from shelter.crypto.plaintext import padded
from shelter.crypto.signing import exchange_pair, new_exchange_pair, new_signing_pair
from shelter.crypto.userkey import (
    open_under_user_key,
    open_user_key,
    own_context,
    seal_under_user_key,
    wrap_user_key,
)

AGENCY, COMPARTMENT, USER, UK_ID = (os.urandom(16) for _ in range(4))
UK, UNLOCK = os.urandom(32), os.urandom(32)
DEK_ID, SUBJECT = os.urandom(16), os.urandom(16)


@pytest.fixture
def key() -> CompartmentKey:
    return new_compartment_key(COMPARTMENT, 2)


def wrap_place(*, public: bool = False, version: int = 2) -> Context:
    return dek_context(AGENCY, "client", SUBJECT, COMPARTMENT, DEK_ID, version, public=public)


def test_the_user_key_opens_with_what_the_passphrase_gives_and_nowhere_else() -> None:
    sealed = wrap_user_key(UK, UK_ID, UNLOCK, USER, AGENCY)
    assert open_user_key(sealed, UK_ID, UNLOCK, USER, AGENCY) == UK
    for wrong in (
        (os.urandom(16), UNLOCK, USER, AGENCY),
        (UK_ID, os.urandom(32), USER, AGENCY),
        (UK_ID, UNLOCK, os.urandom(16), AGENCY),
        (UK_ID, UNLOCK, USER, os.urandom(16)),
    ):
        with pytest.raises(Unopenable):
            open_user_key(sealed, *wrong)


def test_a_user_key_of_another_size_is_neither_wrapped_nor_opened() -> None:
    with pytest.raises(ValueError):
        wrap_user_key(b"short", UK_ID, UNLOCK, USER, AGENCY)
    place = Context(Label.UK, AGENCY, "key_user", UK_ID, "uk", "user", USER)
    with pytest.raises(Unopenable):
        open_user_key(seal(UNLOCK, USER, place, b"short"), UK_ID, UNLOCK, USER, AGENCY)


def test_what_is_kept_under_a_user_key_opens_in_its_own_section_only() -> None:
    sealed = seal_under_user_key(UK, UK_ID, Label.PRIVATE, AGENCY, USER, "factors", b"secret")
    assert open_under_user_key(UK, UK_ID, Label.PRIVATE, AGENCY, USER, "factors", sealed) == b"secret"
    for label, user, section in (
        (Label.DRAFT, USER, "factors"),
        (Label.PRIVATE, os.urandom(16), "factors"),
        (Label.PRIVATE, USER, "pin"),
    ):
        with pytest.raises(Unopenable):
            open_under_user_key(UK, UK_ID, label, AGENCY, user, section, sealed)


def test_a_draft_is_bound_to_its_own_row() -> None:
    one, other = os.urandom(16), os.urandom(16)
    place = (UK, UK_ID, Label.DRAFT, AGENCY, USER, "intake")
    sealed = seal_under_user_key(*place, b"half a form", table="draft", row=one)
    assert open_under_user_key(*place, sealed, table="draft", row=one) == b"half a form"
    with pytest.raises(Unopenable):
        open_under_user_key(*place, sealed, table="draft", row=other)


def test_a_compartment_key_is_known_by_its_commitment_and_prints_nothing_secret(key: CompartmentKey) -> None:
    assert key.commitment == commitment_of(key.secret)
    assert key.id == key_id_of(key.secret) == key.commitment[:16]
    assert key.statement().id == key.id
    assert repr(key.secret) not in repr(key)
    assert repr(key.private) not in repr(key)
    assert new_compartment_key(COMPARTMENT, 2).id != key.id


def test_a_new_version_carries_the_private_halves_of_all_earlier_ones(key: CompartmentKey) -> None:
    first = new_compartment_key(COMPARTMENT, 1)
    sealed = seal_private_half(key, {1: first.private}, AGENCY)
    halves = open_private_half(key.secret, sealed, AGENCY, COMPARTMENT, 2)
    assert halves == {1: first.private, 2: key.private}
    for secret, compartment, version in (
        (first.secret, COMPARTMENT, 2),
        (key.secret, os.urandom(16), 2),
        (key.secret, COMPARTMENT, 3),
    ):
        with pytest.raises(Unopenable):
            open_private_half(secret, sealed, AGENCY, compartment, version)


@pytest.mark.parametrize("halves", [{1: bytes(32)}, {2: b"short"}, {2: bytes(32), 1: b""}, ["no", "map"], {}])
def test_private_halves_that_are_none_are_refused(key: CompartmentKey, halves: object) -> None:
    place = Context(Label.CK_PRIVATE, AGENCY, "key_version", COMPARTMENT, compartment=COMPARTMENT, ck_version=2)
    sealed = seal(key.secret, key.id, place, padded(msgspec.msgpack.encode(halves)))
    with pytest.raises(Unopenable):
        open_private_half(key.secret, sealed, AGENCY, COMPARTMENT, 2)


def test_a_key_is_put_together_only_from_the_parts_that_were_signed(key: CompartmentKey) -> None:
    signed = key.statement()
    assert opened_key(signed, key.secret, key.private) == key
    other = new_compartment_key(COMPARTMENT, 2)
    for secret, private in (
        (other.secret, key.private),
        (key.secret, other.private),
        (key.secret, b"short"),
        (b"short", key.private),
    ):
        with pytest.raises(Unopenable):
            opened_key(signed, secret, private)


def test_a_data_key_unwraps_for_its_subject_version_and_compartment_only(key: CompartmentKey) -> None:
    dek, place = new_dek(), wrap_place()
    wrapped = wrap_dek(key.secret, key.id, dek, place)
    assert unwrap_dek(key.secret, key.id, wrapped, place) == dek
    for other in (
        replace(place, row=os.urandom(16)),
        replace(place, subject=os.urandom(16)),
        replace(place, subject_kind="household"),
        replace(place, compartment=os.urandom(16)),
        replace(place, ck_version=1),
    ):
        with pytest.raises(Unopenable):
            unwrap_dek(key.secret, key.id, wrapped, other)


def test_what_is_wrapped_must_be_a_key(key: CompartmentKey) -> None:
    with pytest.raises(Unopenable):
        unwrap_dek(key.secret, key.id, seal(key.secret, key.id, wrap_place(), b"short"), wrap_place())
    place, maker = wrap_place(public=True), new_signing_pair()
    short = seal_signed_to(key.public, key.id, place, b"short", maker=USER, signing_private=maker.private)
    with pytest.raises(Unopenable):
        unwrap_dek_public(key.private, key.id, short, place)


def test_a_data_key_made_by_somebody_outside_is_believed_for_its_maker_only(key: CompartmentKey) -> None:
    dek, place, maker = new_dek(), wrap_place(public=True), new_signing_pair()
    wrapped = wrap_dek_public(key.public, key.id, dek, place, maker=USER, signing_private=maker.private)
    signed = unwrap_dek_public(key.private, key.id, wrapped, place)
    signed.verify(maker.public)
    assert (signed.payload, signed.maker) == (dek, USER)
    with pytest.raises(Unopenable):
        signed.verify(new_signing_pair().public)
    with pytest.raises(Unopenable):
        unwrap_dek_public(key.private, key.id, wrapped, replace(place, subject=os.urandom(16)))


def test_a_grant_opens_for_its_member_if_it_is_the_signed_key(key: CompartmentKey) -> None:
    hers, place = new_exchange_pair(), grant_context(AGENCY, COMPARTMENT, 2, USER)
    granted = grant_to(hers.public, USER, key, place)
    assert open_grant(hers.private, USER, granted, place, key.commitment) == key.secret
    with pytest.raises(Unopenable):
        open_grant(new_exchange_pair().private, USER, granted, place, key.commitment)
    for other in (
        replace(place, subject=os.urandom(16)),
        replace(place, compartment=os.urandom(16)),
        replace(place, ck_version=1),
    ):
        with pytest.raises(Unopenable):
            open_grant(hers.private, USER, granted, other, key.commitment)


def test_a_forged_or_outdated_grant_does_not_match_the_signed_commitment(key: CompartmentKey) -> None:
    """Anybody can seal a key of her own making to a member, who would then seal clients' records to it."""
    hers, place = new_exchange_pair(), grant_context(AGENCY, COMPARTMENT, 2, USER)
    for secret in (os.urandom(32), b"short"):
        forged = seal_to(hers.public, USER, place, secret)
        with pytest.raises(Unopenable):
            open_grant(hers.private, USER, forged, place, key.commitment)


def test_a_granted_key_is_kept_under_its_owners_user_key(key: CompartmentKey) -> None:
    place = (UK, UK_ID, AGENCY, USER, COMPARTMENT)
    kept = keys.seal_key_for_owner(*place, 2, key.secret)
    assert keys.open_own_key(*place, 2, kept) == key.secret
    with pytest.raises(Unopenable):
        keys.open_own_key(*place, 1, kept)
    with pytest.raises(Unopenable):
        keys.open_own_key(UK, UK_ID, AGENCY, USER, os.urandom(16), 2, kept)
    short = own_context(Label.CK_UNDER_UK, AGENCY, USER, "", table="key_grant", compartment=COMPARTMENT, ck_version=2)
    with pytest.raises(Unopenable):
        keys.open_own_key(*place, 2, seal(UK, UK_ID, short, b"short"))


def test_a_context_of_another_purpose_wraps_and_grants_nothing(key: CompartmentKey) -> None:
    grant, wrap = grant_context(AGENCY, COMPARTMENT, 2, USER), wrap_place()
    with pytest.raises(ValueError):
        wrap_dek(key.secret, key.id, new_dek(), grant)
    with pytest.raises(ValueError):
        unwrap_dek(key.secret, key.id, b"", replace(wrap, ck_version=None))
    for other in (wrap, replace(grant, ck_version=1), replace(grant, compartment=os.urandom(16))):
        with pytest.raises(ValueError):
            grant_to(key.public, USER, key, other)


def test_the_public_half_belongs_to_the_private_half(key: CompartmentKey) -> None:
    assert exchange_pair(key.private).public == key.public
