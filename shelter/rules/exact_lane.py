"""A packed lane of numbers that are looked up whole: telephone numbers, A-numbers, receipt numbers.

One entry is the number in 24 bytes and the client's id; the room that seals segments encrypts what is made here.
"""

from collections.abc import Iterator

import phonenumbers

MOST_ENTRIES = 4096
_VALUE = 24
_ID = 16
_ENTRY = _VALUE + _ID

Buffer = bytes | bytearray | memoryview


def phone(typed: str, region: str = "US") -> str:
    """A number as +14155550100, "" when it is none; a number without a country is one of `region`."""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def with_entry(segment: Buffer, value: str, client_id: bytes) -> bytes | None:
    """The segment with one entry more; None when it is full. Raises ValueError for what fits no entry."""
    entry = _entry(value, client_id)
    if len(segment) >= MOST_ENTRIES * _ENTRY:
        return None
    return bytes(segment) + entry


def without_entry(segment: Buffer, value: str, client_id: bytes) -> bytes | None:
    """The segment without this entry; None where it has none."""
    entry = _entry(value, client_id)
    raw = bytes(segment)
    for start in _starts(raw, entry):
        return raw[:start] + raw[start + _ENTRY :]
    return None


def holds(segment: Buffer, value: str, client_id: bytes) -> bool:
    return next(_starts(bytes(segment), _entry(value, client_id)), None) is not None


def whose(segment: Buffer, value: str) -> list[bytes]:
    """The clients who have this number."""
    raw = bytes(segment)
    return [raw[start + _VALUE : start + _ENTRY] for start in _starts(raw, _field(value))]


def _starts(raw: bytes, wanted: bytes) -> Iterator[int]:
    found = raw.find(wanted)
    while found != -1:
        if found % _ENTRY == 0:
            yield found
        found = raw.find(wanted, found + 1)


def _field(value: str) -> bytes:
    raw = value.encode("ascii")
    if not 0 < len(raw) <= _VALUE:
        raise ValueError("a number of 1 to 24 characters")
    return raw.ljust(_VALUE, b"\0")


def _entry(value: str, client_id: bytes) -> bytes:
    if len(client_id) != _ID:
        raise ValueError("an id has 16 bytes")
    return _field(value) + client_id
