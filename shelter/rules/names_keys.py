"""Keys that spellings of one name share: consonant skeletons, nickname groups, Pinyin readings.

A key finds; it never decides. Sharing one means "look at this person"; names_rank then weighs the spelling.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from shelter.rules import names_chinese
from shelter.rules.names import Name, glued_particles, name_groups, particles

# Raise when keys of the same name change, so that stored directories are found out of date and packed again.
KEY_RULES_VERSION = 1
MOST_KEYS = 32
_LEAST_AFTER_PARTICLE = 4

# Pattern -> sound, first match wins. Vowels behind the first letter carry no sound here; they come first because
# they are most of a name.
_SOUNDS: tuple[tuple[str, str], ...] = (
    (r"\B[aeiouyw]+", ""),
    (r"l", "L"),
    (r"m", "M"),
    (r"n", "N"),
    (r"r", "R"),
    (r"^(?:ye|ie)(?![aeiou])", "A"),  # Yelena, Elena; Ievgen
    (r"^[yi](?=[aeou])", "Y"),  # Yulia, Iuliia; Yusuf, Iosif
    (r"^yw", "Y"),  # Arabic without vowels
    (r"^[aeiouy]+", "A"),  # Omar, Umar; Aisha, Ayesha
    (r"^(?:hs(?=[iu])|x)", "X"),  # Hsiao, Xiao
    (r"^wh?", "W"),
    (r"shch|sch|sh|sz", "X"),
    (r"tsch|tch|ch|cz", "C"),
    (r"dzh|dj|zh|^jh", "J"),  # Djamila, Jamila; Jhon
    (r"(?<=o)h(?=n)", ""),  # John, Jon
    (r"q(?=i)", "C"),  # Qian, Chien
    (r"ph|f", "F"),
    (r"d+h?$|th|t", "T"),  # Ahmed, Ahmet
    (r"kh|ck|qu|q|k", "K"),
    (r"c(?=[eiy])|tz|ts|s|z", "S"),  # Gonzalez, Gonzales
    (r"c", "K"),
    (r"gh|g", "G"),
    (r"bh|b|v", "B"),  # Estevan, Esteban
    (r"dh|d", "D"),
    (r"x", "KS"),  # Alexander, Aleksandr
    (r"(?<=[bcdfghklmnpqrstvwxz])j(?=[aeiou])", ""),  # Katja, Katya
    (r"(?<=[aeiou])j$", ""),  # Sergej, Sergey
    (r"j", "J"),
    (r"(?<=[a-z])h$|(?<=[bcdfgjknprstvwxz])h", ""),  # Sarah, Sara
    (r"h", "H"),
    (r"p", "P"),
)
_SOUND = re.compile("|".join(f"({pattern})" for pattern, _ in _SOUNDS) + "|([0-9])|[a-z]")
_CODES = ("", *(code for _, code in _SOUNDS))
_DIGIT_GROUP = len(_SOUNDS) + 1
_DOUBLED = re.compile(r"([a-z])\1+")
_FINAL_OFF = re.compile(r"(?<=[oe])ff$")
_VOWELS = re.compile(r"[aeiouy]+")
_SAME_VOWELS = (("ee", "i"), ("oo", "u"), ("ou", "u"), ("y", "i"))


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """What one token gives to keys: its own keys, and how it may join its neighbour."""

    keys: tuple[str, ...]
    is_particle: bool
    is_syllable: bool
    is_wade_giles: bool

    @property
    def may_join(self) -> bool:
        return self.is_particle or self.is_syllable


# Saves work within one batch. It holds parts of names: drop it with the batch.
Memo = dict[str, TokenKeys]


def skeleton(token: str) -> str:
    """The consonants one hears in a token (a-z, 0-9), alike for its usual spellings; vowels where one is all.

    Empty for a single letter. Muhammad, Mohamed and the Arabic mhmd give MHMT; Xu and Hsu give Xu.
    """
    if len(token) < 2:
        return ""
    single = _DOUBLED.sub(r"\1", _FINAL_OFF.sub("v", token))
    sounds = "".join(
        match.group() if match.lastindex == _DIGIT_GROUP else _CODES[match.lastindex or 0]
        for match in _SOUND.finditer(single)
    )
    return sounds if len(sounds) > 1 else sounds + _vowel_tail(token)


def token_keys(token: str) -> tuple[str, ...]:
    """Keys of one token: its skeleton, that behind a glued particle, `=head` of its name groups."""
    if token in particles() or len(token) < 2:
        return ()
    found = [skeleton(token)]
    found.extend(skeleton(bare) for bare in _without_particle(token))
    found.extend(_group_keys(token))
    return tuple(dict.fromkeys(key for key in found if key))


def keys_by_token(name: Name, memo: Memo | None = None) -> tuple[tuple[str, ...], ...]:
    """For each token of the name the keys that may stand for it.

    Keys of a word made of neighbouring tokens (Hsiao-ling, al Hassan) stand with both.
    """
    known: Memo = {} if memo is None else memo
    tokens = [_read_token(token, known) for token in name.tokens]
    wade_giles = bool(name.marked) or any(token.is_wade_giles for token in tokens)
    keys = [list(token.keys) for token in tokens]
    if wade_giles:
        for place, token in enumerate(name.tokens):
            for syllable in names_chinese.pinyin_readings(_as_marked(token, name.marked)):
                keys[place] += [skeleton(syllable), *_group_keys(syllable)]
    for place, (first, second) in enumerate(pairwise(tokens)):
        if first.is_particle or (first.is_syllable and second.is_syllable):
            for word in _joined(name, place, wade_giles, first.is_particle):
                joined = _read_token(word, known).keys
                keys[place].extend(joined)
                keys[place + 1].extend(joined)
    return tuple(tuple(dict.fromkeys(found)) for found in keys)


def name_keys(name: Name, memo: Memo | None = None) -> tuple[str, ...]:
    """All keys of a name, at most MOST_KEYS: what the directory stores."""
    known: Memo = {} if memo is None else memo
    tokens = [known.get(token) or _read_token(token, known) for token in name.tokens]
    by_token: Iterable[tuple[str, ...]] = [token.keys for token in tokens]
    if name.marked or any(token.may_join for token in tokens):
        by_token = keys_by_token(name, known)
    found = list(chain.from_iterable(by_token))
    if name.sounds:
        found.extend(key for sound in name.sounds for key in token_keys(sound))
    return tuple(dict.fromkeys(found))[:MOST_KEYS]


def _read_token(token: str, memo: Memo) -> TokenKeys:
    found = memo.get(token)
    if found is None:
        found = memo[token] = TokenKeys(
            token_keys(token),
            token in particles(),
            names_chinese.is_syllable(token),
            names_chinese.is_wade_giles(token),
        )
    return found


def _group_keys(token: str) -> list[str]:
    return ["=" + head for head in name_groups().get(token, ())]


def _vowel_tail(token: str) -> str:
    vowels = "".join(_VOWELS.findall(token))
    for spelling, same in _SAME_VOWELS:
        vowels = vowels.replace(spelling, same)
    return _DOUBLED.sub(r"\1", vowels)


def _without_particle(token: str) -> tuple[str, ...]:
    match = _glued().match(token)
    return () if match is None else (token[match.end() :],)


@cache
def _glued() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(glued_particles())})(?=.{{{_LEAST_AFTER_PARTICLE}}})")


def _as_marked(token: str, marked: tuple[str, ...]) -> str:
    return next((word for word in marked if word.replace("'", "") == token), token)


def _joined(name: Name, place: int, wade_giles: bool, after_particle: bool) -> tuple[str, ...]:
    """The words that the tokens at `place` and behind it make when they are written as one."""
    first, second = name.tokens[place], name.tokens[place + 1]
    if after_particle:
        return (first + second,) if len(second) >= _LEAST_AFTER_PARTICLE else ()
    if wade_giles:
        return names_chinese.joined_readings((_as_marked(first, name.marked), _as_marked(second, name.marked)))
    return (first + second,)
