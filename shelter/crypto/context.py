"""Where a sealed message belongs. It is authenticated with every message, so that none opens elsewhere.

Only immutable ids enter, never a name or a value about a person.
"""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from shelter.crypto.labels import Label

U64_LIMIT = 1 << 64
_ID_LENGTH = b"\x00\x00\x00\x10"
_EMPTY = b"\x00\x00\x00\x00"


def prefixed(value: bytes) -> bytes:
    """A field of the AAD and of signed bytes: u32 big-endian length, then the bytes."""
    if len(value) == 16:
        return _ID_LENGTH + value
    return len(value).to_bytes(4, "big") + value if value else _EMPTY


@lru_cache(maxsize=1024)
def prefixed_text(value: str) -> bytes:
    """The same for a word of the code (table, section, subject kind). Raises ValueError outside ASCII."""
    return prefixed(value.encode("ascii"))


def prefixed_number(value: int) -> bytes:
    """The same for an integer as u64 big-endian. Raises ValueError outside its range."""
    if not 0 <= value < U64_LIMIT:
        raise ValueError("an integer outside u64")
    return b"\x00\x00\x00\x08" + value.to_bytes(8, "big")


def prefixed_list(values: Iterable[bytes]) -> bytes:
    """The same for a set of ids: one field that holds the prefixed items, sorted by raw value.

    Raises ValueError when one occurs twice: a set has no second copy.
    """
    ordered = sorted(values)
    if len(set(ordered)) != len(ordered):
        raise ValueError("an id twice in a list")
    return prefixed(b"".join(map(prefixed, ordered)))


class Context(msgspec.Struct, frozen=True, gc=False):
    """The place of one sealed message: empty where not applicable.

    `version` is the section's own version, `ck_version` that of the compartment key; the latter only in wraps
    and grants, so that a rotation touches no section.
    """

    label: Label
    agency: bytes
    table: str = ""
    row: bytes = b""
    section: str = ""
    subject_kind: str = ""
    subject: bytes = b""
    compartment: bytes = b""
    version: int | None = None
    ck_version: int | None = None

    def aad(self, header: bytes, key_id: bytes) -> bytes:
        """The bytes authenticated with a message; `key_id` is the full id of the key that seals.

        Raises ValueError for text outside ASCII or an integer outside u64.
        """
        place, what, whose = _same(self.agency, self.table, self.section, self.subject_kind, self.compartment)
        fields = (
            self.label.prefixed,
            prefixed(header),
            place,
            prefixed(self.row),
            what,
            prefixed(self.subject),
            whose,
            prefixed(key_id),
            _EMPTY if self.version is None else prefixed_number(self.version),
        )
        if self.ck_version is None:
            return b"".join(fields)
        return b"".join((*fields, prefixed_number(self.ck_version)))


@lru_cache(maxsize=4096)
def _same(agency: bytes, table: str, section: str, kind: str, compartment: bytes) -> tuple[bytes, bytes, bytes]:
    """What is the same for every row of a list, encoded once: ids and words of the code, nothing of a person."""
    what = prefixed_text(section) + prefixed_text(kind)
    return prefixed(agency) + prefixed_text(table), what, prefixed(compartment)
