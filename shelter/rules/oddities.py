"""What an auditor looks at first: looks that ask for an answer. Nothing here says that anybody did wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NIGHT_ENDS, NIGHT_BEGINS = 6, 22
_AWAKE_AT_NIGHT = frozenset({"shelter_staff", "volunteer"})
_OWN = frozenset({"assigned", "advocate", "resident-here"})
_WIDER = frozenset({"at-my-site", "at-my-open-site"})
_LEAVES = frozenset({"copy", "export", "print", "disclose", "hand-over"})


class Oddity(StrEnum):
    """Why a look stands first, the gravest first."""

    BREAK_GLASS = "break-glass"
    REFUSED = "refused"
    MANY = "many"
    NIGHT = "night"
    OUTSIDE = "outside"
    LEAVES = "leaves"


@dataclass(frozen=True, slots=True)
class Look:
    """One act as the trail has it: `clause` is the role and relations that allowed it, `at` in the agency's zone."""

    act: str
    clause: str
    at: datetime
    about_somebody: bool


def oddities_of(looks: Iterable[Look], people: int, many: int) -> tuple[Oddity, ...]:
    """What is odd about looks of one kind, of one colleague on one day, at `people` different records.

    More than `many` of them are many. A night is odd for those whose work is by day.
    """
    found = {oddity for look in looks for oddity in _of_one(look)}
    if people > many:
        found.add(Oddity.MANY)
    return tuple(oddity for oddity in Oddity if oddity in found)


def _of_one(look: Look) -> Iterable[Oddity]:
    role, *relations = look.clause.split(" + ")
    if look.act.startswith("break-glass") or "break-glass" in relations:
        yield Oddity.BREAK_GLASS
    if look.act.startswith("refused:"):
        yield Oddity.REFUSED
    if look.about_somebody and _by_night(look.at) and role not in _AWAKE_AT_NIGHT:
        yield Oddity.NIGHT
    if look.about_somebody and _WIDER & set(relations) and not _OWN & set(relations):
        yield Oddity.OUTSIDE
    if look.act.rpartition(":")[2] in _LEAVES:
        yield Oddity.LEAVES


def _by_night(at: datetime) -> bool:
    return not NIGHT_ENDS <= at.hour < NIGHT_BEGINS
