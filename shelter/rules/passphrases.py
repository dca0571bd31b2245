"""Whether a passphrase that somebody chose herself may be used: long enough, and not one that is tried first.

A passphrase that the application drew needs no judging; one of her own has no proved strength even when it passes.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shelter.rules.broken import Broken

LEAST_TO_SEAL = 16
"""Characters of a passphrase under which something leaves the house: the formats of archives and PDFs leave the
strength to it."""
_RUN = 4
_SHORTEST_WORD = 4
_AS_LETTERS = str.maketrans("013457@$", "oieastas")


@dataclass(frozen=True, slots=True)
class Limits:
    """`shortest` in characters; `fewest_signs` different ones; `fewest_left` when known words are taken away."""

    shortest: int
    fewest_signs: int
    fewest_left: int
    common: tuple[str, ...]
    phrases: frozenset[str]
    rows: tuple[str, ...]


@cache
def limits() -> Limits:
    found = tomllib.loads((files("shelter.rules") / "passphrases.toml").read_text("utf-8"))
    return Limits(
        shortest=found["shortest"],
        fewest_signs=found["fewest_signs"],
        fewest_left=found["fewest_left"],
        common=tuple(found["common"]),
        phrases=frozenset(_plain(phrase) for phrase in found["phrases"]),
        rows=tuple(found["rows"]),
    )


def refuse_guessable(passphrase: str, own_words: Iterable[str] = ()) -> None:
    """Returns for a passphrase that may be used; `own_words` are the agency's and the person's own names.

    Raises Broken, with the field `passphrase`, that says what is wrong and never what was typed.
    """
    if len(passphrase.strip()) < limits().shortest:
        raise Broken("accounts.passphrase-short", "passphrase", {"least": limits().shortest})
    plain = _plain(passphrase)
    words = [*limits().common, *_pieces(own_words)]
    disguised = _plain(passphrase.translate(_AS_LETTERS))
    if _is_known(plain) or min(_left(plain, words), _left(disguised, words)) < limits().fewest_left:
        raise Broken("accounts.passphrase-guessable", "passphrase")


def refuse_weak_seal(passphrase: str) -> None:
    """Returns for a passphrase that may seal what leaves the house; raises Broken, with the field `passphrase`."""
    if len(passphrase.strip()) < LEAST_TO_SEAL:
        raise Broken("files.passphrase-short", "passphrase")


def _plain(text: str) -> str:
    """Letters and digits only, small, without accents; signs of other scripts stay as they are."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if sign.isalnum())


def _pieces(names: Iterable[str]) -> list[str]:
    words = (_plain(word) for name in names for word in [name, *re.split(r"\W+", name)])
    return [word for word in words if len(word) >= _SHORTEST_WORD]


def _is_known(plain: str) -> bool:
    repeated = plain in (plain + plain)[1:-1]
    return repeated or len(set(plain)) < limits().fewest_signs or plain in limits().phrases


def _left(plain: str, words: list[str]) -> int:
    """How many signs remain when known words, years and runs of neighbours on a keyboard are taken away."""
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, " ")
    plain = re.sub(r"(?:19|20)\d\d", " ", plain)
    return len(_without_runs(plain).replace(" ", ""))


def _without_runs(plain: str) -> str:
    kept, place = [], 0
    while place < len(plain):
        length = _run_at(plain, place)
        kept.append(" " if length >= _RUN else plain[place])
        place += length if length >= _RUN else 1
    return "".join(kept)


def _run_at(plain: str, place: int) -> int:
    """How far the signs from here are one row of a keyboard, forwards or backwards, or one sign repeated."""
    longest = 1
    for row in (*limits().rows, *(row[::-1] for row in limits().rows), plain[place] * len(plain)):
        length = longest + 1
        while place + length <= len(plain) and plain[place : place + length] in row:
            longest, length = length, length + 1
    return longest
