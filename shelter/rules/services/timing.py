"""Whether the day of a service is what one expects: during a stay, after somebody came, not in the future."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum


class Oddity(StrEnum):
    """What is unusual about the day. A service that has not been given yet can be counted for nobody."""

    NONE = ""
    FUTURE = "future"
    BEFORE_INTAKE = "before-intake"
    OUTSIDE_STAY = "outside-stay"

    @property
    def needs_why(self) -> bool:
        """Allowed with a reason: people are helped before they come and after they leave."""
        return self in (Oddity.BEFORE_INTAKE, Oddity.OUTSIDE_STAY)


def oddity(day: date, today: date, intake: date | None, stays: Sequence[tuple[date, date | None]]) -> Oddity:
    """`intake` is the first day the agency knew her, `stays` her days in our beds (first, day of leaving).

    Somebody who never slept here is outside no stay; the day of leaving belongs to the stay.
    """
    if day > today:
        return Oddity.FUTURE
    known = [first for first, _ in stays] + ([intake] if intake else [])
    if known and day < min(known):
        return Oddity.BEFORE_INTAKE
    if stays and not any(first <= day <= (until or today) for first, until in stays):
        return Oddity.OUTSIDE_STAY
    return Oddity.NONE
