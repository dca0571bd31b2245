"""Wade-Giles spellings read as Pinyin, so that Hsiao-ling and Xiaoling meet. Used for keys only.

Rules after the Library of Congress tables for converting Wade-Giles to Pinyin (1998). People leave the
apostrophe out, so without it both readings are given where both are syllables.
"""

import re
from itertools import islice, product

_INITIALS_IN_PINYIN = (
    "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r",
    "z", "c", "s", "y", "w",
)  # fmt: skip
_FINALS = (
    "a", "o", "e", "i", "u", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "ia", "ie",
    "iao", "iu", "ian", "in", "iang", "ing", "iong", "ua", "uo", "uai", "ui", "uan", "un", "uang",
    "ue",
)  # fmt: skip
_BARE = ("a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "er")
# A few of these are no syllables of any dialect; that does no harm to a key.
PINYIN = frozenset([initial + final for initial in _INITIALS_IN_PINYIN for final in _FINALS] + list(_BARE))

# Wade-Giles initial -> Pinyin initials; those with an apostrophe are aspirated.
_INITIALS: dict[str, tuple[str, ...]] = {
    "p'": ("p",), "t'": ("t",), "k'": ("k",), "ch'": ("ch", "q"), "ts'": ("c",), "tz'": ("c",),
    "p": ("b", "p"), "t": ("d", "t"), "k": ("g", "k"), "ch": ("zh", "j", "ch", "q"),
    "ts": ("z", "c"), "tz": ("z", "c"), "ss": ("s",), "sz": ("s",), "hs": ("x",), "sh": ("sh",), "j": ("r",),
    "m": ("m",), "f": ("f",), "n": ("n",), "l": ("l",), "h": ("h",), "s": ("s",), "y": ("y",), "w": ("w",),
    "": ("",),
}  # fmt: skip
_FINAL_CHANGES: dict[str, str] = {
    "ien": "ian", "ieh": "ie", "ueh": "ue", "iung": "iong", "ung": "ong", "eh": "e", "ih": "i",
    "uei": "ui", "uen": "un", "erh": "er", "en": "en",
}  # fmt: skip
_BY_INITIAL: dict[str, dict[str, str]] = {
    "y": {"u": "ou", "en": "an", "eh": "e", "ung": "ong"},
    "g": {"o": "e"}, "k": {"o": "e"}, "h": {"o": "e"},
    "l": {"o": "uo"}, "n": {"o": "uo"}, "d": {"o": "uo"}, "t": {"o": "uo"}, "s": {"o": "uo"},
    "z": {"o": "uo", "u": "i"}, "c": {"o": "uo", "u": "i"}, "r": {"o": "uo", "ung": "ong"},
    "zh": {"o": "uo"}, "ch": {"o": "uo"},
}  # fmt: skip
_PALATAL = frozenset("jqx")
_SYLLABLE = re.compile(r"(ch'?|ts'?|tz'?|hs|sh|ss|sz|[ptk]'?|[mfnlhsjyw]|)(erh|[aeiou]+(?:ng|n|h)?)")
_DISTINCT = re.compile(r"^(?:hs|ts|tz|ss)|[ptkhsz]'|ieh$|ueh$|[^aeiou]ih$|ien$|ung$|^yeh$|^jen$|^jui$|^kuo$|^erh$")
_LONGEST = len("ch'uang")
MOST_READINGS = 4


def pinyin_readings(token: str) -> tuple[str, ...]:
    """Pinyin syllables, itself left out, that one Wade-Giles syllable may stand for."""
    match = _SYLLABLE.fullmatch(token)
    if match is None:
        return ()
    initial, final = match.groups()
    found = (_respell(pinyin, final) for pinyin in _INITIALS[initial])
    plain = token.replace("'", "")
    others = (syllable for syllable in found if syllable in PINYIN and syllable != plain)
    return tuple(islice(others, MOST_READINGS))


def is_syllable(token: str) -> bool:
    """Whether the token may be one syllable of Chinese in either spelling."""
    return len(token) <= _LONGEST and (token in PINYIN or _SYLLABLE.fullmatch(token) is not None)


def is_wade_giles(token: str) -> bool:
    """Whether the token is a syllable that only Wade-Giles writes like this (hsiao, tseng, chieh, ch'en)."""
    return len(token) <= _LONGEST and bool(_DISTINCT.search(token) and _SYLLABLE.fullmatch(token))


def joined_readings(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """Pinyin words for syllables that belong together: (hsiao, ling) -> xiaoling."""
    choices = [(syllable.replace("'", ""), *pinyin_readings(syllable)) for syllable in syllables]
    words = ("".join(word) for word in product(*choices))
    return tuple(islice(words, MOST_READINGS * MOST_READINGS))


def _respell(initial: str, final: str) -> str:
    changed = _BY_INITIAL.get(initial, {}).get(final) or _FINAL_CHANGES.get(final, final)
    if initial in _PALATAL:
        palatal = changed.startswith(("i", "u")) and final != "ih"
        return initial + changed if palatal else ""
    if initial in {"zh", "ch"} and changed.startswith("i") and final != "ih":
        return ""
    return initial + changed
