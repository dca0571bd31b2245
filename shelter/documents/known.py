"""A date on a paper or in somebody's memory, as far as it is known."""

from datetime import date

import msgspec


class Known(msgspec.Struct, kw_only=True, frozen=True):
    """A date as far as it is known; without a month or a day it is approximate."""

    year: int
    month: int | None = None
    day: int | None = None
    approximate: bool = False

    @property
    def whole(self) -> date | None:
        return date(self.year, self.month, self.day) if self.month and self.day else None
