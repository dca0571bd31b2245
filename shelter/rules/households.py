"""Households that are one because one person was in both, under two codes."""

from collections.abc import Iterable


def as_one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each household of the pairs is called: by the smallest of all that are one with it, said in any order."""
    under: dict[str, str] = {}

    def smallest(household: str) -> str:
        while household in under:
            household = under[household]
        return household

    for pair in pairs:
        small, large = sorted(map(smallest, pair))
        if small != large:
            under[large] = small
    return {household: smallest(household) for household in under}
