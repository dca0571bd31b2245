"""What does not fit in a zone, where, and which reading of one character would explain it."""

from collections.abc import Iterator

import msgspec

CONFUSED = ("0O", "0Q", "0D", "1I", "1L", "2Z", "4A", "5S", "6G", "7T", "8B")
"""Pairs that eyes and cameras take for one another in OCR-B print."""
MOST_OFFERS = 6


class Offer(msgspec.Struct, frozen=True):
    """Characters that may have been misread: at `line` and `position` (from 1), `read` for `instead`."""

    line: int
    position: int
    read: str
    instead: str

    @property
    def code(self) -> str:
        """The same as one word, for a form to send back."""
        return f"{self.line}.{self.position}.{self.read}.{self.instead}"


class Problem(msgspec.Struct, frozen=True):
    """`what` is lines, length, character, check, date, country, specimen or sex; positions count from 1."""

    what: str
    field: str = ""
    line: int = 0
    start: int = 0
    end: int = 0
    read: str = ""
    wanted: str = ""
    offers: tuple[Offer, ...] = ()


def likely(character: str, allowed: str) -> Iterator[str]:
    """Characters of `allowed` that this one may have been, the likeliest first."""
    for pair in CONFUSED:
        if character in pair:
            other = pair.replace(character, "")
            if other in allowed:
                yield other
