"""The age bands of published tables and their wider versions; fixed, so that two tables never cut differently.

Bands end where HUD's do (FY2026 APR Q11: 5, 12, 17, 24, 34, 44, 54, 64).
"""

from shelter.rules.disclosure.spec import Coarsening, Dimension, Group

UNKNOWN = "age-unknown"
_FIRST_YEARS = (0, 6, 13, 18, 25, 35, 45, 55, 65)
BANDS = ("0-5", "6-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-up")

AGE = Dimension(
    "age",
    (*BANDS, UNKNOWN),
    coarser=(
        Coarsening(
            "five",
            (
                Group("0-17", BANDS[:3]),
                Group("18-34", BANDS[3:5]),
                Group("35-54", BANDS[5:7]),
                Group("55-up", BANDS[7:]),
                Group(UNKNOWN, (UNKNOWN,)),
            ),
        ),
        Coarsening(
            "two",
            (Group("0-17", BANDS[:3]), Group("18-up", BANDS[3:]), Group(UNKNOWN, (UNKNOWN,))),
        ),
    ),
)


def band_of(age: int | None) -> str:
    """The band of an age in whole years; unknown for None or an impossible age."""
    if age is None or not 0 <= age < 120:
        return UNKNOWN
    return BANDS[sum(age >= first for first in _FIRST_YEARS) - 1]
