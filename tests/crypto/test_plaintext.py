"""What is inside a seal: sizes that tell little, and frames that are refused when they are not ours."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.crypto.errors import TooLong, Unopenable
from shelter.crypto.plaintext import (
    SECTION_LIMIT,
    SEGMENT_LIMIT,
    frame,
    pack,
    padded,
    padded_size,
    unframe,
    unpack,
    unpadded,
)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.integers(0, 65535), st.dictionaries(st.text(), values, max_size=6))
def test_a_section_comes_back_with_all_its_fields(schema: int, fields: dict[str, object]) -> None:
    assert unpack(pack(schema, fields)) == (schema, fields)


@given(st.binary(max_size=3000))
def test_padding_is_taken_off_again(raw: bytes) -> None:
    assert unpadded(padded(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "size"),
    [
        (0, 64),
        (1, 64),
        (60, 64),
        (61, 128),
        (124, 128),
        (1020, 1024),
        (1021, 1088),
        (2044, 2048),
        (2045, 2176),
    ],
)
def test_sizes_go_in_steps_of_64_up_to_1_kib_and_then_by_padme(raw: int, size: int) -> None:
    assert len(padded(bytes(raw))) == size


def test_padding_above_1_kib_is_padme_written_another_way() -> None:
    for length in [*range(1025, 9000, 7), 2**20 - 1, 2**20, 5_000_000]:
        exponent = length.bit_length() - 1
        significant = exponent.bit_length()
        step = 2 ** (exponent - significant)
        assert padded_size(length) == -(-length // step) * step


@given(st.integers(1, 8 << 20))
def test_padding_never_shrinks_and_costs_an_eighth_at_most(length: int) -> None:
    size = padded_size(length)
    assert length <= size
    assert size - length < max(64, length / 8)
    assert padded_size(size) == size


def test_a_section_ends_at_1_mib_and_a_segment_at_8() -> None:
    assert len(padded(bytes(SECTION_LIMIT - 4))) == SECTION_LIMIT
    with pytest.raises(TooLong):
        padded(bytes(SECTION_LIMIT - 3))
    with pytest.raises(TooLong):
        pack(1, {"text": "x" * SECTION_LIMIT})
    assert len(padded(bytes(SEGMENT_LIMIT - 4), limit=SEGMENT_LIMIT)) == SEGMENT_LIMIT
    with pytest.raises(TooLong):
        frame(1, bytes(SEGMENT_LIMIT), limit=SEGMENT_LIMIT)


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"\x00\x00",
        bytes(63),
        bytes(128),  # an empty payload takes 64
        b"\x00\x00\x00\xff" + bytes(60),  # longer than it is
        b"\xff\xff\xff\xff" + bytes(60),
        b"\x00\x00\x00\x00" + bytes(59) + b"\x01",  # something hidden in the zeros
    ],
)
def test_a_frame_that_is_not_ours_is_refused(plaintext: bytes) -> None:
    with pytest.raises(Unopenable):
        unpadded(plaintext)


@pytest.mark.parametrize(
    "body", [b"", b"\xc0", b"\x91\x01", b"\x81\x01\x02", b"\xc1", b"\x81\xa1a", b"\x80\x00", b"\x91" * 3000]
)
def test_a_body_that_is_no_map_with_names_is_refused(body: bytes) -> None:
    with pytest.raises(Unopenable):
        unpack(frame(1, body))


def test_a_body_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(Unopenable):
        unpack(frame(1, b"\x81\xa1a" * 20_000 + b"\xc0"))


def test_a_payload_without_a_schema_is_refused() -> None:
    with pytest.raises(Unopenable):
        unframe(padded(b"\x01"))


def test_a_typed_section_reads_what_an_untyped_one_wrote() -> None:
    class Allergies(msgspec.Struct):
        names: list[str]

    schema, body = unframe(pack(2, {"names": ["nuts"], "of a later schema": 1}))
    assert (schema, msgspec.msgpack.decode(body, type=Allergies)) == (2, Allergies(["nuts"]))
