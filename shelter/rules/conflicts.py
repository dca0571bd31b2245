"""Whether the names of a household and of who endangers it are near the names of those already here.

A reason to call somebody; nothing is ever decided by it. The names of the household are not compared with those of
residents: whether two files are one person's is another question, asked by `duplicates`. A single name of the household
says too little; of somebody who endangers it, often no more than one is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shelter.rules.duplicates import MAY_BE_SAME, Described, likeness
from shelter.rules.names import read_name

RESIDENT, DANGER_OF, STAFF, BAN = "resident", "danger_of", "staff", "ban"
_HOUSEHOLD_AGAINST = frozenset({DANGER_OF, STAFF, BAN})


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody already here: `what` says how, `ref` what a finding may say of her or him."""

    what: str
    ref: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two names that may be one person's; `hers` where it is a name of the household itself."""

    hers: bool
    what: str
    ref: str
    likeness: float


def compare(household: Iterable[str], dangers: Iterable[str], known: Iterable[Known]) -> list[Near]:
    """Who of those known may be somebody of the household, or somebody who endangers it; the nearest first."""
    full = tuple(name for name in household if len(read_name(name).tokens) > 1)
    sides = ((True, Described(full)), (False, Described(tuple(dangers))))
    found: dict[tuple[bool, str, str], Near] = {}
    for one in known:
        theirs = Described(one.names)
        for hers, ours in sides:
            if hers and one.what not in _HOUSEHOLD_AGAINST:
                continue
            near = likeness(ours, theirs)
            key = (hers, one.what, one.ref)
            if near >= MAY_BE_SAME and (key not in found or found[key].likeness < near):
                found[key] = Near(*key, near)
    return sorted(found.values(), key=lambda near: (-near.likeness, near.what, near.ref))
