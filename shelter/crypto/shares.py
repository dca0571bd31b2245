"""The recovery kit in shares: any `needed` of them give its 32 bytes back, fewer tell nothing (SLIP-39).

A share is 33 words with a check of its own. What a person types is the sheet, or shares one after another.
"""

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from shelter.crypto.kit import SEED_LENGTH, MistypedSheet, parse_sheet

WORDS = 33
MOST = 9
_KNOWN = frozenset(WORDLIST)


class MistypedShares(ValueError):
    """What was typed are not enough shares of one kit. `share` counts from 1; None when no single one explains it."""

    def __init__(self, share: int | None, word: str = "") -> None:
        super().__init__("shares of a recovery kit were typed wrongly")
        self.share = share
        self.word = word


def split(seed: bytes, needed: int, of: int) -> list[str]:
    """`of` shares, of which `needed` together are the kit. Raises ValueError for numbers that make no sense."""
    if len(seed) != SEED_LENGTH or not 2 <= needed <= of <= MOST:
        raise ValueError("two shares are needed at least, and nine are made at most")
    return generate_mnemonics(1, [(needed, of)], seed)[0]


def are_shares(typed: str) -> bool:
    """Whether words were typed, and not the groups of a sheet."""
    return any(len(word) > 4 and word.isalpha() for word in typed.split())


def join(typed: str) -> bytes:
    """The kit's 32 bytes. Raises MistypedShares, which names the share that is wrong where it can."""
    words = typed.lower().split()
    shares = [words[at : at + WORDS] for at in range(0, len(words), WORDS)]
    for place, share in enumerate(shares, start=1):
        strange = next((word for word in share if word not in _KNOWN), "")
        if strange or len(share) != WORDS:
            raise MistypedShares(place, strange)
    try:
        seed = combine_mnemonics(" ".join(share) for share in shares)
    except MnemonicError:
        raise MistypedShares(_first_wrong(shares)) from None
    if len(seed) != SEED_LENGTH:
        raise MistypedShares(None)
    return seed


def seed_and_number(typed: str) -> tuple[bytes, int | None]:
    """What was typed as the kit: its seed and, from a sheet, its number. Raises MistypedSheet or MistypedShares."""
    if are_shares(typed):
        return join(typed), None
    sheet = parse_sheet(typed)
    return sheet.seed, sheet.number


def _first_wrong(shares: list[list[str]]) -> int | None:
    """The share whose own check does not hold; a share that is whole fails only for want of others."""
    for place, share in enumerate(shares, start=1):
        try:
            combine_mnemonics([" ".join(share)])
        except MnemonicError as wrong:
            if "checksum" in str(wrong).lower():
                return place
    return None


__all__ = ["MOST", "MistypedShares", "MistypedSheet", "are_shares", "join", "seed_and_number", "split"]
