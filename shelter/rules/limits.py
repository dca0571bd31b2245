"""Numbers that an agency decides for itself, shipped with a default; its own value lives in its database."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.rulefile import BadRuleFile, Sourced, read, require_unique

FILE = Path(__file__).with_suffix(".toml")


class Limit(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One number in its unit; the agency may set anything from `least` to `most`, both allowed."""

    code: str
    label: str
    unit: Literal["days", "minutes", "people", "dollars", "years"]
    default: int
    least: int
    most: int
    hint: str = ""

    def require(self, value: int) -> int:
        """`value`, or Broken with `limits.out_of_range` where it lies outside."""
        if not self.least <= value <= self.most:
            raise Broken("limits.out_of_range", "value", {"least": self.least, "most": self.most})
        return value


class _Limits(msgspec.Struct, forbid_unknown_fields=True):
    limit: tuple[Limit, ...]


def load_limits(path: Path = FILE) -> Mapping[str, Limit]:
    """Every limit by code. Raises BadRuleFile, also for a default outside its own range."""
    found = read(path, _Limits).limit
    require_unique([one.code for one in found], path.name, "limit")
    for position, one in enumerate(found):
        if not one.least <= one.default <= one.most:
            raise BadRuleFile(path.name, f"$.limit[{position}].default", "lies outside its own range")
    return {one.code: one for one in found}


@cache
def limits() -> Mapping[str, Limit]:
    """The shipped limits, read once."""
    return load_limits()
