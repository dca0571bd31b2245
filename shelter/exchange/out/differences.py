"""What an export has otherwise than what was imported, counted by file, column and reason; never a value."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a cell is not what it was."""

    DROPPED = "dropped"
    """FY2026 has no such column, or no such file."""
    RECODED = "recoded"
    """The code of an earlier year stands as today's."""
    FLAG = "flag"
    """What a victim service provider has to say of itself."""
    ENDED_HERE = "ended_here"
    """An exit that was written here for an enrollment that came without one."""
    MERGED = "merged"
    """A record that was joined with another: one person, said once."""
    OUT_OF_REACH = "out_of_reach"
    """People whom the one who exports may not read."""
    OUT_OF_PERIOD = "out_of_period"
    """Rows that do not belong to the period that was asked for."""


@dataclass(frozen=True, slots=True)
class Difference:
    file: str
    column: str
    why: Why
    count: int


class Differences:
    """Counts them."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, Why]] = Counter()

    def note(self, file: str, column: str, why: Why, count: int = 1) -> None:
        self._counts[file, column, why] += count

    def listed(self) -> tuple[Difference, ...]:
        return tuple(Difference(*key, count) for key, count in sorted(self._counts.items()) if count)
