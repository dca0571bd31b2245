"""Whether a line of paper for her would name us: the agency, a place of ours, or the code of a file."""

import re
import unicodedata
from collections.abc import Collection

from shelter.rules.codes import ALPHABET, is_code

SHORTEST_NAME = 4
"""Shorter names stand in too many words of every day."""
SHORTEST_NUMBER = 7
_CODE = re.compile(rf"\b[{ALPHABET}]{{2}}-[{ALPHABET}]{{4}}-[{ALPHABET}]\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d[\d\s().\-/]{5,}\d")


def names_us(line: str, names: Collection[str]) -> bool:
    """`names` are names, lines of an address and telephone numbers, as they are written anywhere."""
    if any(is_code(found) for found in _CODE.findall(line)):
        return True
    said, numbers = f" {_folded(line)} ", [_digits(found) for found in _NUMBER.findall(line)]
    for name in names:
        folded, digits = _folded(name), _digits(name)
        if len(folded) >= SHORTEST_NAME and f" {folded} " in said:
            return True
        if len(digits) >= SHORTEST_NUMBER and any(_same_number(digits, one) for one in numbers):
            return True
    return False


def _same_number(ours: str, found: str) -> bool:
    """With or without the code of a country or a region before it."""
    return len(found) >= SHORTEST_NUMBER and (ours.endswith(found) or found.endswith(ours))


def _folded(text: str) -> str:
    """Words alone, without case, accents and signs between them."""
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(one for one in plain if not unicodedata.combining(one)).casefold()
    return " ".join(re.findall(r"\w+", letters))


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
