"""How published tables sort people, besides by age: fixed categories and their wider versions.

A code means the same in every table. What is not known is a category of its own.
"""

from shelter.rules.coarse import PLACES, STAYS, UNKNOWN
from shelter.rules.disclosure.spec import Coarsening, Dimension, Group


def _in_two(code: str, first: str, members: tuple[str, ...], rest: str, others: tuple[str, ...]) -> Coarsening:
    """Two groups and what is not known."""
    return Coarsening(code, (Group(first, members), Group(rest, others), Group(UNKNOWN, (UNKNOWN,))))


LANGUAGE = Dimension(
    "language",
    ("english", "spanish", "other", UNKNOWN),
    coarser=(_in_two("two", "english", ("english",), "not-english", ("spanish", "other")),),
)
RACES = (
    "AmIndAKNative", "Asian", "BlackAfAmerican", "HispanicLatinao", "MidEastNAfrican", "NativeHIPacific", "White",
)  # fmt: skip
RACE = Dimension(
    "race",
    (*RACES, "several", UNKNOWN),
    coarser=(
        Coarsening(
            "few",
            (
                Group("BlackAfAmerican", ("BlackAfAmerican",)),
                Group("HispanicLatinao", ("HispanicLatinao",)),
                Group("White", ("White",)),
                Group("another", ("AmIndAKNative", "Asian", "MidEastNAfrican", "NativeHIPacific", "several")),
                Group(UNKNOWN, (UNKNOWN,)),
            ),
        ),
    ),
)
SEX = Dimension("sex", ("female", "male", UNKNOWN))
VIOLENCE = Dimension("violence", ("survivor", "no", UNKNOWN), sensitive=("survivor",))
MATTER_KINDS = ("t-visa", "u-visa", "asylum", "vawa", "removal", "other")
MATTER = Dimension(
    "matter",
    (*MATTER_KINDS, UNKNOWN),
    coarser=(_in_two("two", "relief", ("t-visa", "u-visa", "asylum", "vawa"), "all-other", ("removal", "other")),),
)
PLACE = Dimension(
    "place",
    (*PLACES, UNKNOWN),
    coarser=(
        _in_two(
            "two", "permanent", ("permanent",), "not-permanent", ("homeless", "institution", "temporary", "elsewhere")
        ),
    ),
)
STAY = Dimension(
    "stay",
    (*STAYS, UNKNOWN),
    coarser=(_in_two("two", "month", ("7", "30"), "longer", ("90", "180", "365", "more")),),
)
