"""Codes that stand for a client on labels, calendars and in talk: random, unlike a word, and proof against a slip.

A code says nothing about the person: no initial, no year, no site, no order of arrival.
"""

import re
import secrets
import unicodedata

from shelter.rules.broken import Broken

# 23 characters, a prime: no vowel (no words), none of 0 O 1 I L, and of 5/S 8/B 2/Z 6/G V/U only one each.
ALPHABET = "23456789CDFHJKMNPQRTVWX"
LENGTH = 7
_WEIGHTS = (7, 6, 5, 4, 3, 2, 1)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_MEANT = str.maketrans("SBZGU", "5826V")
_FILLING = re.compile(r"[\s\-\u2010-\u2015_.]+")
_RUDE = re.compile("FCK|FKN|KKK|DCK|CNT|TWT|CCK|PRN|WTF|XXX|88|69|666")


def new_code() -> str:
    """A fresh code such as `K7-4QM2-C`, one of 148 million. The caller sees to it that nobody else has it."""
    while True:
        body, rest = "", secrets.randbelow(len(ALPHABET) ** (LENGTH - 1))
        while len(body) < LENGTH - 1:
            rest, value = divmod(rest, len(ALPHABET))
            body += ALPHABET[value]
        code = body + check_character(body)
        if not _RUDE.search(code):
            return _grouped(code)


def check_character(body: str) -> str:
    """The character that makes the weighted sum of all seven divisible by 23.

    23 is prime and the weights 7..1 differ, so one wrong character and two changed places are always caught.
    """
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, body, strict=False))
    return ALPHABET[-total % len(ALPHABET)]


def parse_code(text: str, field: str | None = None) -> str:
    """The code as it is written on paper, from what somebody typed: lower case, blanks, missing dashes.

    S B Z G U are read as the 5 8 2 6 V that they were taken for. Raises Broken: `codes.length`,
    `codes.characters`, `codes.check`.
    """
    typed = _FILLING.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_MEANT)
    if len(typed) != LENGTH:
        raise Broken("codes.length", field, {"length": LENGTH})
    if not all(character in _VALUES for character in typed):
        raise Broken("codes.characters", field)
    if check_character(typed[:-1]) != typed[-1]:
        raise Broken("codes.check", field)
    return _grouped(typed)


def is_code(text: str) -> bool:
    """Whether `parse_code` would accept it."""
    try:
        parse_code(text)
    except Broken:
        return False
    return True


def _grouped(code: str) -> str:
    return f"{code[:2]}-{code[2:6]}-{code[6:]}"
