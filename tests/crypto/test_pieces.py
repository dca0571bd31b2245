"""Pieces kept in memory open one by one, each in its own place, under their own key alone."""

import os

import pytest
from msgspec.structs import replace

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import Key
from shelter.crypto.pieces import OpenPieces, Pieces, seal_pieces

KEY = Key(os.urandom(32), os.urandom(16))
PLACE = Context(Label.SEGMENT, os.urandom(16), "apart", os.urandom(16), section="names", version=1)
PLAIN = [b"", b"a" * 64, b"b" * 64, os.urandom(5000)]


def opened(pieces: Pieces, number: int, key: Key = KEY, place: Context = PLACE) -> bytes:
    one = OpenPieces(key, place, pieces)
    room = bytearray(one.size(number))
    one.into(number, memoryview(room))
    return bytes(room)


def test_each_piece_opens_by_itself() -> None:
    pieces = seal_pieces(KEY, PLACE, PLAIN)
    assert len(pieces) == len(PLAIN)
    assert [opened(pieces, number) for number in (3, 1, 0, 2)] == [PLAIN[number] for number in (3, 1, 0, 2)]
    assert not any(piece in sealed for piece in PLAIN[1:] for sealed in pieces.sealed)


def test_a_piece_in_the_place_of_another_is_refused_and_leaves_nothing_in_the_room() -> None:
    pieces = seal_pieces(KEY, PLACE, PLAIN)
    one = OpenPieces(KEY, PLACE, Pieces(pieces.head, (*pieces.sealed[:1], pieces.sealed[2], pieces.sealed[1])))
    room = bytearray(b"x" * 64)
    with pytest.raises(Unopenable):
        one.into(1, memoryview(room))
    assert room == bytes(64)


def test_every_changed_bit_is_refused() -> None:
    pieces = seal_pieces(KEY, PLACE, [b"x"])
    for bit in range(len(pieces.head) * 8):
        head = bytearray(pieces.head)
        head[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            opened(Pieces(bytes(head), pieces.sealed), 0)
    for bit in range(len(pieces.sealed[0]) * 8):
        piece = bytearray(pieces.sealed[0])
        piece[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unopenable):
            opened(Pieces(pieces.head, (bytes(piece),)), 0)


@pytest.mark.parametrize("length", [0, 11, 12, 36, 67])
def test_a_head_cut_short_is_refused(length: int) -> None:
    pieces = seal_pieces(KEY, PLACE, PLAIN)
    with pytest.raises(Unopenable):
        opened(Pieces(pieces.head[:length], pieces.sealed), 1)


def test_pieces_of_another_key_place_or_sealing_are_refused() -> None:
    pieces, others = seal_pieces(KEY, PLACE, PLAIN), seal_pieces(KEY, PLACE, PLAIN)
    with pytest.raises(Unopenable):
        opened(pieces, 1, key=Key(os.urandom(32), os.urandom(16)))
    with pytest.raises(Unopenable):
        opened(pieces, 1, key=Key(os.urandom(32), KEY.key_id))
    for place in (replace(PLACE, row=os.urandom(16)), replace(PLACE, table="segment"), replace(PLACE, version=2)):
        with pytest.raises(Unopenable):
            opened(pieces, 1, place=place)
    with pytest.raises(Unopenable):
        opened(Pieces(pieces.head, others.sealed), 1)


def test_a_piece_is_no_message_and_a_message_no_piece() -> None:
    pieces = seal_pieces(KEY, PLACE, [b"x" * 64])
    with pytest.raises(Unopenable):
        KEY.unseal(replace(PLACE, table="segment"), pieces.head + pieces.sealed[0])
    message = KEY.seal(replace(PLACE, table="segment"), b"x" * 64)
    with pytest.raises(Unopenable):
        opened(Pieces(message[: len(pieces.head)], (message[len(pieces.head) :],)), 0)
