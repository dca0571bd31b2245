"""What a person may have taken out of her file, and what stays and why, as data with source and date."""

from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.rulefile import Sourced, read, require_unique

FILE = Path(__file__).parent / "her_file.toml"


class Part(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a file: whether it `goes` when she asks, and the sentence that says why."""

    code: str
    goes: bool
    why: str


class Apart(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sealed sections about her ("table:section"), and fields of those that are told ("table.section.field", a struct
    in it by its path), that no copy of her file tells, and the sentence that says why.
    """

    code: str
    holds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    why: str


class _Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    part: tuple[Part, ...]
    apart: tuple[Apart, ...]


def her_file() -> tuple[Part, ...]:
    """The shipped parts, read once."""
    return _read().part


def apart() -> tuple[Apart, ...]:
    """What is in no copy, with the reason for each."""
    return _read().apart


@cache
def _read() -> _Parts:
    found = read(FILE, _Parts)
    require_unique([one.code for one in found.part], FILE.name, "part")
    require_unique([section for one in found.apart for section in one.holds], FILE.name, "apart")
    return found
