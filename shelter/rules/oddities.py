"""What an auditor looks at first: looks that ask for an answer. Nothing here says that anybody did wrong."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NIGHT_ENDS, NIGHT_BEGINS = 6, 22
_AWAKE_AT_NIGHT = frozenset({"shelter_staff", "volunteer"})
_OWN = frozenset({"assigned", "advocate", "resident-here"})
_OF_A_CLIENT, _EMERGENCY = "not-denied", "broke-glass"
_HER_OWN_ACT = "stays:undo"
_EMERGENCIES = frozenset({"glass:break", "glass:review"})
_LEAVES = frozenset({"copy", "export", "print", "disclose"})
_LEFT = frozenset({"erased-copies-taken"})
_LEAVES_WITH = {"file": frozenset({"papers:read", "matters:read"}), "given": frozenset({"funder-files:prepare"})}
TELLS = "disclosure"
"""The table in which whatever tells somebody outside about a person is written down, under whichever act."""


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
    """One act as the trail has it: `clause` is the role and relations that allowed it, `at` in the agency's zone.

    `told` says that it wrote down a disclosure.
    """

    act: str
    clause: str
    at: datetime
    about_somebody: bool
    told: bool = False


def oddities_of(looks: Iterable[Look], people: int, many: int) -> tuple[Oddity, ...]:
    """What is odd about looks of one kind, of one colleague on one day, at `people` different records.

    More than `many` of them are many. A night is odd for those whose work is by day.
    """
    found = {oddity for look in looks for oddity in _of_one(look)}
    if people > many:
        found.add(Oddity.MANY)
    return tuple(oddity for oddity in Oddity if oddity in found)


def oddities_of_one(look: Look, detail: Container[str] = ()) -> tuple[Oddity, ...]:
    """What is odd about a single look; `detail` are the names of what was sealed to the auditor of it."""
    found = set(_of_one(look))
    if any(name in detail and look.act in acts for name, acts in _LEAVES_WITH.items()):
        found.add(Oddity.LEAVES)
    return tuple(oddity for oddity in Oddity if oddity in found)


def may_have_left(act: str) -> bool:
    """Whether only the detail of such an act can tell that something left in a file."""
    return any(act in acts for acts in _LEAVES_WITH.values())


def _of_one(look: Look) -> Iterable[Oddity]:
    role, *relations = look.clause.split(" + ")
    if look.act in _EMERGENCIES or _EMERGENCY in relations:
        yield Oddity.BREAK_GLASS
    if look.act.startswith("refused:"):
        yield Oddity.REFUSED
    if look.about_somebody and by_night(look.at) and role not in _AWAKE_AT_NIGHT:
        yield Oddity.NIGHT
    if look.about_somebody and _is_outside(look.act, relations):
        yield Oddity.OUTSIDE
    if look.told or look.act in _LEFT or look.act.rpartition(":")[2] in _LEAVES:
        yield Oddity.LEAVES


def _is_outside(act: str, relations: Collection[str]) -> bool:
    """Decided about one client, by a site, an office or an emergency: nothing makes her a client of who looked."""
    return _OF_A_CLIENT in relations and not _OWN & set(relations) and act != _HER_OWN_ACT


def by_night(at: datetime) -> bool:
    return not NIGHT_ENDS <= at.hour < NIGHT_BEGINS
