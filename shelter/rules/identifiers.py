"""Numbers that the immigration service gives: read as people type them, checked by shape, never silently
changed.

Spaces, hyphens and dots go and letters become capitals; any other difference is said with its place and,
where two characters are often confused, with the likely one. What was typed is in no message.
"""

import re
from collections.abc import Mapping
from typing import Literal

from shelter.rules.broken import Broken

RECEIPT_PREFIXES: Mapping[str, str] = {
    "EAC": "Vermont", "VSC": "Vermont", "WAC": "California", "CSC": "California", "LIN": "Nebraska",
    "NSC": "Nebraska", "SRC": "Texas", "TSC": "Texas", "MSC": "National Benefits", "NBC": "National Benefits",
    "YSC": "Potomac", "PSC": "Potomac", "IOE": "online",
}  # fmt: skip
"""Prefixes of receipt numbers and where they began; a case keeps its prefix when it moves (cilawgroup.com).
"""

_SEPARATORS = frozenset(" \t\u00a0-\u2010\u2011\u2012\u2013.*#_/")
_LOOKS_LIKE_DIGIT = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
_LOOKS_LIKE_LETTER = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}

Shape = Literal["letter", "digit", "either"]
_LETTERS: tuple[Shape, ...] = ("letter",) * 3
_RECEIPT: tuple[Shape, ...] = _LETTERS + ("digit",) * 10
_I94: tuple[Shape, ...] = (*("digit",) * 9, "either", "digit")
_SEVIS: tuple[Shape, ...] = ("letter", *("digit",) * 10)
_A_PREFIX = re.compile(r"\s*(USCIS|ALIEN)?\s*(NUMBER|NO)?[\s.#:]*", re.IGNORECASE)

Placed = list[tuple[int, str]]
"""Characters that count, each with its place in what was typed, counted from 1."""


def receipt_number(typed: str, field: str = "receipt_number") -> str:
    """A USCIS receipt number, three letters and ten digits. Raises Broken.

    An unknown prefix is not refused (`has_known_prefix` tells), because USCIS adds offices without asking us.
    """
    return _shaped(_placed(typed, field), _RECEIPT, field)


def has_known_prefix(receipt: str) -> bool:
    return receipt[:3] in RECEIPT_PREFIXES


def card_number(typed: str, field: str = "card_number") -> str:
    """The number on a work permit or permanent resident card, three letters and ten digits. Raises Broken."""
    return _shaped(_placed(typed, field), _RECEIPT, field)


def a_number(typed: str, field: str = "a_number") -> str:
    """An A-number as "A" and nine digits; seven and eight are padded with zeros on the left, as the service
    does.

    The "USCIS#" of a card is the same number without the A. Raises Broken.
    """
    start = _A_PREFIX.match(typed)
    skipped = start.end() if start else 0
    placed = _placed(typed[skipped:], field, skipped)
    if placed and placed[0][1] == "A":
        placed = placed[1:]
    for place, character in placed:
        _require(place, character, "digit", field)
    if not 7 <= len(placed) <= 9:
        values = {"lowest": 7, "highest": 9, "found": len(placed)}
        raise Broken("identifier.a_number_length", field=field, values=values)
    return "A" + "".join(character for _, character in placed).zfill(9)


def i94_number(typed: str, field: str = "i94_number") -> str:
    """An I-94 admission number, eleven characters. Raises Broken.

    All digits before May 2019; since then nine digits, a letter and a digit. Both are in use.
    """
    return _shaped(_placed(typed, field), _I94, field)


def sevis_number(typed: str, field: str = "sevis_number") -> str:
    """A SEVIS number, N and ten digits. Raises Broken."""
    placed = _placed(typed, field)
    if placed and placed[0][1] != "N" and placed[0][1].isalpha():
        raise Broken("identifier.sevis_begins_with_n", field=field, values={"position": placed[0][0]})
    return _shaped(placed, _SEVIS, field)


def _placed(typed: str, field: str, offset: int = 0) -> Placed:
    """Letters and digits of the typed text in capitals, with their places."""
    placed = []
    for place, character in enumerate(typed, start=offset + 1):
        if character in _SEPARATORS or character.isspace():
            continue
        if not (character.isascii() and character.isalnum()):
            raise Broken("identifier.strange_character", field=field, values={"position": place})
        placed.append((place, character.upper()))
    if not placed:
        raise Broken("identifier.empty", field=field)
    return placed


def _shaped(placed: Placed, shape: tuple[Shape, ...], field: str) -> str:
    for (place, character), wanted in zip(placed, shape, strict=False):
        _require(place, character, wanted, field)
    if len(placed) != len(shape):
        values = {"expected": len(shape), "found": len(placed)}
        raise Broken("identifier.length", field=field, values=values)
    return "".join(character for _, character in placed)


def _require(place: int, character: str, wanted: Shape, field: str) -> None:
    """Raises Broken at a character of the wrong sort, with the likely one where the two are often confused."""
    if wanted == "either" or character.isdigit() is (wanted == "digit"):
        return
    likely = (_LOOKS_LIKE_DIGIT if wanted == "digit" else _LOOKS_LIKE_LETTER).get(character)
    if likely is None:
        raise Broken(f"identifier.{wanted}_expected", field=field, values={"position": place})
    values: dict[str, str | int] = {"position": place, "seen": character, "likely": likely}
    raise Broken(f"identifier.likely_{wanted}", field=field, values=values)
