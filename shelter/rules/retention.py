"""How long each kind of record is kept, as data; when the time of a closed file is over."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.limits import limits
from shelter.rules.rulefile import BadRuleFile, read, require_unique

FILE = Path(__file__).with_suffix(".toml")


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One kind of record; `limit` is the code of the number, `by` who acts when the time is over."""

    code: str
    label: str
    limit: str
    by: Literal["people", "clock"]
    hint: str = ""


class _Kinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: tuple[Kept, ...]


def load_retention(path: Path = FILE) -> tuple[Kept, ...]:
    """Raises BadRuleFile, also for a kind whose limit nobody has defined."""
    found = read(path, _Kinds).kind
    require_unique([one.code for one in found], path.name, "kind")
    for position, one in enumerate(found):
        if one.limit not in limits():
            raise BadRuleFile(path.name, f"$.kind[{position}].limit", f"there is no limit `{one.limit}`")
    return found


@cache
def retention() -> tuple[Kept, ...]:
    """The shipped kinds, read once."""
    return load_retention()


def last_keep_until(on: date, keep_years: int, after_years: int) -> date:
    """A closed file whose `keep_until` is this day or earlier was closed more than `after_years` whole years ago.

    `keep_until` is the first of January after the year of closing and `keep_years` more.
    """
    return date(on.year - after_years + keep_years, 1, 1)
