"""Sealed files under attack: cut, lengthened, shuffled, mixed, moved; and opened in any part."""

import os
from collections.abc import Callable
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.files import (
    CHUNK,
    FILE_HEADER_LENGTH,
    SEALED_CHUNK,
    SealedFile,
    decrypt,
    encrypt,
    sealed_size,
)
from shelter.crypto.labels import Label

DEK, DEK_ID = os.urandom(32), os.urandom(16)
PLACE = Context(Label.FILE, os.urandom(16), "file", os.urandom(16), subject_kind="client", subject=os.urandom(16))
CONTENT = os.urandom(3 * CHUNK + 1000)
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 1000]


def sealed(content: bytes = CONTENT) -> bytes:
    return b"".join(encrypt(DEK, DEK_ID, PLACE, [content]))


def opened(stored: bytes, place: Context = PLACE) -> bytes:
    return b"".join(decrypt(DEK, DEK_ID, place, [stored]))


def in_store(stored: bytes, place: Context = PLACE) -> SealedFile:
    return SealedFile(DEK, DEK_ID, place, len(stored), lambda start, end: stored[start:end])


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_back_and_its_stored_size_is_known_beforehand(size: int) -> None:
    stored = sealed(CONTENT[:size])
    assert len(stored) == sealed_size(size)
    assert opened(stored) == CONTENT[:size]
    assert in_store(stored).size == size


@settings(max_examples=30)
@given(st.lists(st.integers(0, 100_000), max_size=6), st.integers(1, 90_000))
def test_the_sizes_of_the_pieces_do_not_matter(cuts: list[int], step: int) -> None:
    edges = sorted({0, len(CONTENT), *cuts})
    parts = [CONTENT[start:end] for start, end in pairwise(edges)]
    stored = b"".join(encrypt(DEK, DEK_ID, PLACE, parts))
    pieces = [stored[at : at + step] for at in range(0, len(stored), step)]
    assert b"".join(decrypt(DEK, DEK_ID, PLACE, pieces)) == CONTENT


@settings(max_examples=40)
@given(st.sampled_from(SIZES), st.integers(-10, 4 * CHUNK), st.integers(-10, 4 * CHUNK))
def test_any_part_is_read_without_the_rest(size: int, start: int, end: int) -> None:
    content = CONTENT[:size]
    assert in_store(sealed(content)).part(start, end) == content[max(0, start) : max(0, end)]


def test_a_part_reads_only_its_chunks_and_the_last_one() -> None:
    stored, asked = sealed(), []

    def read(start: int, end: int) -> bytes:
        asked.append(end - start)
        return stored[start:end]

    assert SealedFile(DEK, DEK_ID, PLACE, len(stored), read).part(10, 20) == CONTENT[10:20]
    assert asked == [FILE_HEADER_LENGTH, 1000 + 16, SEALED_CHUNK]


def chunks(stored: bytes) -> list[bytes]:
    body = stored[FILE_HEADER_LENGTH:]
    return [body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK)]


def with_chunks(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda stored: stored[:FILE_HEADER_LENGTH] + b"".join(change(chunks(stored)))


ATTACKS: dict[str, Callable[[bytes], bytes]] = {
    "the last chunk cut off": with_chunks(lambda each: each[:-1]),
    "two chunks cut off": with_chunks(lambda each: each[:-2]),
    "all chunks cut off": with_chunks(lambda each: []),
    "a byte cut off": lambda stored: stored[:-1],
    "a byte added": lambda stored: stored + b"\x00",
    "a chunk added": with_chunks(lambda each: [*each, each[0]]),
    "the last chunk twice": with_chunks(lambda each: [*each, each[-1]]),
    "a chunk left out": with_chunks(lambda each: [each[0], *each[2:]]),
    "two chunks turned": with_chunks(lambda each: [each[1], each[0], *each[2:]]),
    "a chunk from another file": with_chunks(lambda each: [chunks(sealed())[0], *each[1:]]),
    "the header of another file": lambda stored: sealed()[:FILE_HEADER_LENGTH] + stored[FILE_HEADER_LENGTH:],
    "a header cut short": lambda stored: stored[: FILE_HEADER_LENGTH - 1],
    "nothing at all": lambda stored: b"",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_that_was_tampered_with_is_refused(attack: str) -> None:
    stored = ATTACKS[attack](sealed())
    with pytest.raises(Unopenable):
        opened(stored)
    with pytest.raises(Unopenable):
        in_store(stored).part(0, len(CONTENT))


@pytest.mark.parametrize("attack", ["the last chunk cut off", "a chunk added", "a byte cut off"])
def test_a_cut_behind_the_part_that_is_read_is_noticed(attack: str) -> None:
    with pytest.raises(Unopenable):
        in_store(ATTACKS[attack](sealed())).part(0, 10)


def test_every_changed_bit_of_a_small_file_is_refused() -> None:
    stored = sealed(b"x")
    for bit in range(len(stored) * 8):
        changed = bytearray(stored)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            opened(bytes(changed))


@pytest.mark.parametrize(
    "place",
    [
        replace(PLACE, row=os.urandom(16)),
        replace(PLACE, subject=os.urandom(16)),
        replace(PLACE, label=Label.SECTION),
        replace(PLACE, table="fíle"),
    ],
)
def test_a_file_moved_to_another_place_is_refused(place: Context) -> None:
    with pytest.raises(Unopenable):
        opened(sealed(b"x"), place)


def test_a_file_under_another_key_is_refused() -> None:
    for dek, dek_id in ((os.urandom(32), DEK_ID), (DEK, os.urandom(16)), (DEK, DEK_ID[:8] + bytes(8)), (DEK, b"")):
        with pytest.raises(Unopenable):
            list(decrypt(dek, dek_id, PLACE, [sealed(b"x")]))


@pytest.mark.parametrize("length", [0, 1, FILE_HEADER_LENGTH, FILE_HEADER_LENGTH + 15])
def test_a_store_that_says_an_impossible_size_is_refused(length: int) -> None:
    with pytest.raises(Unopenable):
        _ = in_store(bytes(length)).size


def test_a_chunk_of_nothing_may_not_follow_a_full_one() -> None:
    """Whoever holds the key could write a second spelling of a file; there is only one."""
    start = sealed(b"")[:12]
    salt = bytes(24)
    both = HKDF(SHA256(), 64, salt, PLACE.aad(start, DEK_ID)).derive(DEK)
    cipher = AESGCM(both[:32])
    stored = start + salt + both[32:] + cipher.encrypt(bytes(12), bytes(CHUNK), None)
    stored += cipher.encrypt(bytes(7) + b"\x00\x00\x00\x01\x01", b"", None)
    with pytest.raises(Unopenable):
        opened(stored)
    with pytest.raises(Unopenable):
        in_store(stored).part(0, 1)


def test_two_seals_of_one_file_share_nothing() -> None:
    one, other = sealed(b"x" * 100), sealed(b"x" * 100)
    assert one[12:] != other[12:]
    assert one[FILE_HEADER_LENGTH:] != other[FILE_HEADER_LENGTH:]
