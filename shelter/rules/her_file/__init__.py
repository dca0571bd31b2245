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


class _Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    part: tuple[Part, ...]


@cache
def her_file() -> tuple[Part, ...]:
    """The shipped parts, read once."""
    found = read(FILE, _Parts).part
    require_unique([one.code for one in found], FILE.name, "part")
    return found
