"""What a name is once script, accents, case and punctuation stop mattering: Latin tokens in typed order.

Only for finding and comparing. The name as typed is what people see, and nothing here ever rewrites it.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from anyascii import anyascii

MOST_TOKENS = 16

# Arabic is written without short vowels: these bring it nearer to the Latin spellings.
_ARABIC = (
    (re.compile("[\u064b-\u065f\u0670\u0640\u0621]"), ""),  # vowel marks, tatweel, hamza
    (re.compile("(?<![\u0600-\u06ff])\u064a(?!\u0627)"), "ya"),  # Yusuf, Yusra
    (re.compile("(?<![\u0600-\u06ff])\u0627\u0644(?=[\u0600-\u06ff]{3})"), "al-"),  # al-Hasan
    (re.compile("[\u0627\u0629\u0649\u0639\u0622\u0623]"), "a"),  # alif, ta marbuta, maqsura, ayn
    (re.compile("\u0625"), "i"),  # alif with hamza below: Ibrahim
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHES = re.compile("['`\u00b4\u02b9-\u02bf\u2018-\u201b\u2032\u05f3\u055a]")
_HYPHENS = re.compile("[-\u2010-\u2015\u05be]")
_BREAKS = re.compile(r"[^\w\u0300-\u036f\u0900-\u109f\u1700-\u17ff'-]+|_+")
_TOKEN = re.compile("[a-z0-9]+")
_SYLLABLES = re.compile("(?<=[a-z])(?=[A-Z])")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_SYLLABIC_SCRIPT = re.compile("[\u1100-\u11ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

# Letters whose mark changes the sound, so that Ay\u015fe is also found as Ayshe and \u017danna as Zhanna.
_SOUNDS = str.maketrans(
    {
        "\u015f": "sh", "\u0219": "sh", "\u0161": "sh", "\u015b": "sh",
        "\u010d": "ch", "\u0107": "ch", "\u00e7": "ch",
        "\u017e": "zh", "\u017a": "zh", "\u017c": "zh",
        "\u011f": "", "\u00f1": "ny", "\u0111": "dj",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """One name, read. `tokens` are lower-case a-z and 0-9 in typed order, particles kept.

    For keys only: `sounds` are further spellings of single tokens, `marked` the words typed with an
    apostrophe, which Wade-Giles needs (ch'ien).
    """

    tokens: tuple[str, ...]
    sounds: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()


# Saves work within one batch: word -> what it adds to a Name. It holds parts of names: drop it with the batch.
Memo = dict[str, Name]


def read_name(typed: str, memo: Memo | None = None) -> Name:
    """Read a name in any script and any case. What carries no letter or digit gives a Name without tokens."""
    if typed.isascii():
        plain = typed.lower()
        if plain.replace(" ", "").isalpha():
            return Name(tuple(plain.split()[:MOST_TOKENS]))
    return _read_words(typed, {} if memo is None else memo)


def _read_words(typed: str, memo: Memo) -> Name:
    tokens: list[str] = []
    sounds: list[str] = []
    marked: list[str] = []
    for piece in typed.split():
        found = memo.get(piece)
        if found is None:
            found = memo[piece] = _read_piece(piece)
        tokens.extend(found.tokens)
        sounds.extend(found.sounds)
        marked.extend(found.marked)
    most = slice(MOST_TOKENS)
    return Name(tuple(tokens[most]), tuple(sounds[most]), tuple(marked[most]))


def _read_piece(piece: str) -> Name:
    """What stood between blanks."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", piece).casefold())
    text = _APOSTROPHES.sub("'", _HYPHENS.sub("-", text))
    tokens: list[str] = []
    sounds: list[str] = []
    marked: list[str] = []
    for typed_word in _BREAKS.split(_open_arabic(text)):
        word = typed_word.replace("'", "")
        if word != typed_word:
            marked.extend(typed_word.split("-"))
        tokens.extend(_latin_parts(word))
        sounds.extend(_sounds(word))
    return Name(tuple(tokens), tuple(sounds), tuple(marked))


def normalise(typed: str) -> str:
    """The tokens of a name with one blank between them; normalising twice changes nothing."""
    return " ".join(read_name(typed).tokens)


def mixed_script_words(typed: str) -> tuple[str, ...]:
    """Words that mix look-alike scripts (Cyrillic among Latin). A reason to ask, never to rewrite."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", typed))
    return tuple(word for word in words if len({_look_alike_script(letter) for letter in word} - {""}) > 1)


@cache
def particles() -> frozenset[str]:
    """Words such as de, la, al, bin, van that join a name to the rest."""
    return frozenset(_strings(_lists()["particles"]))


@cache
def glued_particles() -> tuple[str, ...]:
    """Particles that people also write in one word with the name, longest first."""
    return tuple(sorted(_strings(_lists()["glued_particles"]), key=len, reverse=True))


@cache
def name_groups() -> dict[str, tuple[str, ...]]:
    """Token -> heads of the groups of names it may stand for (pepe -> jose; chang -> zhang, jang, zeng)."""
    heads: dict[str, set[str]] = {}
    for table in ("given", "family"):
        groups = _lists()[table]
        if not isinstance(groups, dict):
            raise TypeError(f"names.toml: {table} must be a table")
        for head, members in groups.items():
            for member in (head, *_strings(members)):
                heads.setdefault(member, set()).add(head)
    return {member: tuple(sorted(found)) for member, found in heads.items()}


def _open_arabic(text: str) -> str:
    if not _ARABIC_SCRIPT.search(text):
        return text
    for pattern, replacement in _ARABIC:
        text = pattern.sub(replacement, text)
    return text


def _latin_parts(word: str) -> list[str]:
    """The tokens of one written word: parts between hyphens, each syllable of Chinese or Korean."""
    if word.isascii():
        return _TOKEN.findall(word)
    latin = anyascii(word)
    if _SYLLABIC_SCRIPT.search(word):
        latin = _SYLLABLES.sub(" ", latin)
    return _TOKEN.findall(_APOSTROPHES.sub("", latin).lower())


def _sounds(word: str) -> list[str]:
    if word.isascii():
        return []
    sounded = word.translate(_SOUNDS)
    return [] if sounded == word else _latin_parts(sounded)


def _look_alike_script(letter: str) -> str:
    script = unicodedata.name(letter, "").split(" ", 1)[0]
    return script if script in {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"} else ""


@cache
def _lists() -> dict[str, object]:
    return tomllib.loads(files("shelter.rules").joinpath("names.toml").read_text("utf-8"))


def _strings(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError("names.toml: a list of words expected")
    return [str(word) for word in value]
