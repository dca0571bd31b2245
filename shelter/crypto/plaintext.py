"""What is inside a seal: a length, a schema number, a msgpack map and zeros, so that sizes tell little.

`u32 length | u16 schema | msgpack map | zeros`; the length counts schema and map. Padding to 64-byte steps up
to 1 KiB, then Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019).
"""

from collections.abc import Mapping

import msgspec

from shelter.crypto.errors import TooLong, Unopenable

SECTION_LIMIT = 1 << 20
SEGMENT_LIMIT = 8 << 20
_STEP = 64
_SMALL = 1024
_LENGTH = 4
_SCHEMA = 2

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, object])


def padded_size(size: int) -> int:
    """Bytes that a plaintext of `size` bytes (its length field included) takes."""
    if size <= _SMALL:
        return max(_STEP, -(-size // _STEP) * _STEP)
    exponent = size.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (size + mask) & ~mask


def padded(raw: bytes, *, limit: int = SECTION_LIMIT) -> bytes:
    """`u32 length | raw | zeros`. Raises TooLong beyond `limit` bytes in all."""
    size = _LENGTH + len(raw)
    if size > limit:
        raise TooLong
    return len(raw).to_bytes(_LENGTH, "big") + raw + bytes(padded_size(size) - size)


def unpadded(plaintext: bytes) -> bytes:
    """What was padded. Raises Unopenable when length, size or zeros are not as `padded` makes them."""
    end = _LENGTH + int.from_bytes(plaintext[:_LENGTH], "big")
    if padded_size(end) != len(plaintext) or plaintext[end:].strip(b"\x00"):
        raise Unopenable
    return plaintext[_LENGTH:end]


def frame(schema: int, body: bytes, *, limit: int = SECTION_LIMIT) -> bytes:
    """A plaintext around a msgpack map that the caller encoded, for typed sections. Raises TooLong."""
    return padded(schema.to_bytes(_SCHEMA, "big") + body, limit=limit)


def unframe(plaintext: bytes) -> tuple[int, bytes]:
    """(schema number, msgpack map) for a caller with a typed decoder. Raises Unopenable."""
    raw = unpadded(plaintext)
    if len(raw) < _SCHEMA:
        raise Unopenable
    return int.from_bytes(raw[:_SCHEMA], "big"), raw[_SCHEMA:]


def pack(schema: int, fields: Mapping[str, object]) -> bytes:
    """The plaintext of one section. Raises TooLong beyond 1 MiB."""
    return frame(schema, _encoder.encode(dict(fields)))


def unpack(plaintext: bytes) -> tuple[int, dict[str, object]]:
    """(schema number, all fields, known or not). Raises Unopenable."""
    schema, body = unframe(plaintext)
    try:
        return schema, _decoder.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Unopenable from None
