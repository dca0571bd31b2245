"""Suite 1 under attack: any change of key, place or message is refused, and always with the same error."""

import os
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from shelter.crypto import message as messages
from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import OVERHEAD, Key, key_hint, seal, unseal, unseal_many

KEY, KEY_ID = bytes(range(32)), bytes(range(100, 116))
PLACE = Context(
    label=Label.SECTION,
    agency=bytes(range(16)),
    table="client",
    row=os.urandom(16),
    section="identity",
    subject_kind="client",
    subject=os.urandom(16),
    compartment=os.urandom(16),
    version=3,
    ck_version=2,
)
ELSEWHERE = {
    "label": Label.SEGMENT,
    "agency": os.urandom(16),
    "table": "stay",
    "row": os.urandom(16),
    "section": "notes",
    "subject_kind": "household",
    "subject": os.urandom(16),
    "compartment": os.urandom(16),
    "version": 4,
    "ck_version": 3,
}

NOTHING = {
    **dict.fromkeys(("table", "section", "subject_kind"), ""),
    **dict.fromkeys(("agency", "row", "subject", "compartment"), b""),
    **dict.fromkeys(("version", "ck_version")),
    "label": Label.DRAFT,
}

ids = st.one_of(st.just(b""), st.binary(min_size=16, max_size=16))
words = st.text("abcdefghij_-", max_size=12)
numbers = st.one_of(st.none(), st.integers(0, 2**64 - 1))
contexts = st.builds(
    Context,
    label=st.sampled_from(Label),
    agency=ids,
    table=words,
    row=ids,
    section=words,
    subject_kind=words,
    subject=ids,
    compartment=ids,
    version=numbers,
    ck_version=numbers,
)
keys = st.binary(min_size=32, max_size=32)
key_ids = st.binary(min_size=16, max_size=16)


@given(keys, key_ids, contexts, st.binary(max_size=2000))
def test_what_was_sealed_opens_in_its_place(key: bytes, key_id: bytes, place: Context, text: bytes) -> None:
    message = seal(key, key_id, place, text)
    assert unseal(key, key_id, place, message) == text
    assert len(message) == len(text) + OVERHEAD
    assert key_hint(message) == key_id[:8]


@given(contexts, contexts)
def test_two_places_never_share_their_authenticated_bytes(one: Context, other: Context) -> None:
    same = one.aad(b"header", KEY_ID) == other.aad(b"header", KEY_ID)
    assert same == (one == other)


def test_every_field_of_the_context_is_attacked_here() -> None:
    assert ELSEWHERE.keys() == {field.name for field in fields(Context)}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_message_moved_to_another_place_does_not_open(name: str) -> None:
    message = seal(KEY, KEY_ID, PLACE, b"text")
    for other in (ELSEWHERE[name], NOTHING[name]):
        with pytest.raises(Unopenable):
            unseal(KEY, KEY_ID, replace(PLACE, **{name: other}), message)


def test_every_single_changed_bit_of_a_message_is_refused() -> None:
    message = seal(KEY, KEY_ID, PLACE, b"eight by")
    for bit in range(len(message) * 8):
        changed = bytearray(message)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            unseal(KEY, KEY_ID, PLACE, bytes(changed))


@given(st.binary(max_size=300))
def test_junk_is_refused_with_the_one_error(junk: bytes) -> None:
    with pytest.raises(Unopenable):
        unseal(KEY, KEY_ID, PLACE, junk)


def test_a_message_cut_or_lengthened_anywhere_is_refused() -> None:
    message = seal(KEY, KEY_ID, PLACE, b"text")
    for length in range(len(message)):
        with pytest.raises(Unopenable):
            unseal(KEY, KEY_ID, PLACE, message[:length])
    with pytest.raises(Unopenable):
        unseal(KEY, KEY_ID, PLACE, message + b"\x00")


@pytest.mark.parametrize(
    ("key", "key_id"),
    [
        (bytes(32), KEY_ID),
        (KEY, KEY_ID[:8] + bytes(8)),  # the same hint, another id
        (KEY, bytes(16)),
        (KEY[:31], KEY_ID),
        (KEY, KEY_ID[:15]),
    ],
)
def test_another_key_or_key_id_does_not_open(key: bytes, key_id: bytes) -> None:
    with pytest.raises(Unopenable):
        unseal(key, key_id, PLACE, seal(KEY, KEY_ID, PLACE, b"text"))


def test_a_context_that_cannot_be_encoded_opens_nothing() -> None:
    message = seal(KEY, KEY_ID, PLACE, b"text")
    for broken in (replace(PLACE, section="identité"), replace(PLACE, version=-1)):
        with pytest.raises(Unopenable):
            unseal(KEY, KEY_ID, broken, message)
        with pytest.raises(ValueError):
            seal(KEY, KEY_ID, broken, b"text")


def test_a_refusal_says_nothing_about_its_cause() -> None:
    with pytest.raises(Unopenable) as refusal:
        unseal(bytes(32), KEY_ID, PLACE, seal(KEY, KEY_ID, PLACE, b"text"))
    assert (refusal.value.args, refusal.value.__cause__) == ((), None)


def test_a_message_opens_under_one_key_only_although_its_tag_would_fit() -> None:
    """The commitment stands before the cipher: a message made to fit a second key would need a second one."""
    message = bytearray(seal(KEY, KEY_ID, PLACE, b"text"))
    other = seal(bytes(32), KEY_ID, PLACE, b"text")
    message[36:68] = other[36:68]
    with pytest.raises(Unopenable):
        unseal(KEY, KEY_ID, PLACE, bytes(message))


def test_no_two_of_many_messages_share_a_salt_and_so_a_key() -> None:
    sealed = [seal(KEY, KEY_ID, PLACE, b"") for _ in range(5000)]
    assert len({message[12:36] for message in sealed}) == len(sealed)
    assert len({message[36:68] for message in sealed}) == len(sealed)


def test_a_hint_is_read_from_nothing_but_a_message() -> None:
    for junk in (
        b"",
        b"\xd5\x48\x01",
        b"\x00" * 90,
        seal(KEY, KEY_ID, PLACE, b"")[:11],
        b"\xd5\x48\x02" + bytes(90),
    ):
        with pytest.raises(Unopenable):
            key_hint(junk)


def test_one_message_that_does_not_open_hurts_no_neighbour() -> None:
    good = seal(KEY, KEY_ID, PLACE, b"good")
    opened = unseal_many(KEY, KEY_ID, [(PLACE, good), (replace(PLACE, version=9), good), (PLACE, good)])
    assert opened[0] == opened[2] == b"good"
    assert isinstance(opened[1], Unopenable)


@pytest.fixture
def third_suite() -> Iterator[int]:
    messages.SYMMETRIC_SUITES[3] = ChaCha20Poly1305
    yield 3
    messages.SYMMETRIC_SUITES.pop(3, None)


def test_the_suite_byte_chooses_the_cipher(third_suite: int) -> None:
    key = Key(KEY, KEY_ID)
    message = key.seal(PLACE, b"text", suite=third_suite)
    assert message[3] == third_suite
    assert unseal(KEY, KEY_ID, PLACE, message) == b"text"
    del messages.SYMMETRIC_SUITES[third_suite]
    with pytest.raises(Unopenable):
        unseal(KEY, KEY_ID, PLACE, message)


@pytest.mark.usefixtures("third_suite")
def test_a_swapped_suite_byte_is_refused_whatever_the_suite() -> None:
    key = Key(KEY, KEY_ID)
    for suite in (1, 3):
        message = key.seal(PLACE, b"text", suite=suite)
        for other in range(256):
            if other != suite:
                with pytest.raises(Unopenable):
                    key.unseal(PLACE, message[:3] + bytes((other,)) + message[4:])


def test_only_suite_1_is_known_outside_the_tests() -> None:
    assert set(messages.SYMMETRIC_SUITES) == {1}
    with pytest.raises(KeyError):
        Key(KEY, KEY_ID).seal(PLACE, b"", suite=129)


@pytest.mark.parametrize(("key", "key_id"), [(b"short", KEY_ID), (KEY, b"short")])
def test_a_key_of_another_size_seals_nothing(key: bytes, key_id: bytes) -> None:
    with pytest.raises(ValueError):
        seal(key, key_id, PLACE, b"")
    with pytest.raises(ValueError):
        messages.header(1, b"short")


def test_a_segment_opens_into_a_buffer_that_its_owner_keeps_and_overwrites() -> None:
    key, buffer = Key(KEY, KEY_ID), bytearray(8)
    long, short = key.seal(PLACE, b"n" * 5000), key.seal(PLACE, b"short")
    with key.unseal_into(PLACE, long, buffer) as names:
        assert bytes(names) == b"n" * 5000
    with key.unseal_into(PLACE, short, buffer) as names:
        assert bytes(names) == b"short"
    assert len(buffer) == 5000


def test_what_does_not_open_leaves_nothing_new_in_the_buffer() -> None:
    key = Key(KEY, KEY_ID)
    message, buffer = key.seal(PLACE, b"secret names" * 10), bytearray(200)
    for broken in (message[:-1], message[:-1] + b"\x00", message[:40], b"", key.seal(PLACE, b"x")[:-1]):
        with pytest.raises(Unopenable):
            key.unseal_into(PLACE, broken, buffer)
        with pytest.raises(Unopenable):
            key.unseal_into(replace(PLACE, version=9), message, buffer)
    assert b"secret" not in buffer
