"""Words a person can type, remember and read aloud: passphrases, sign-in names, words of a confirmation."""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LONG_LIST_SHA256 = "abae49761b88f3f1ba31ef944bea1f61b795a3cd7e1cfb7d276ed45bf77967ba"
SPOKEN_LIST_SHA256 = "afc63f1265bf6cbebfb8e01cbc10888cb23995366a55783e383b91e42a7a5b43"
PASSPHRASE_WORDS = 7776
SPOKEN_WORDS = 8192
OWN_PASSPHRASE_LENGTH = 15

_BITS_PER_SPOKEN_WORD = 13
_CONFIRMATION_BITS = 78
_LONGEST_IN_A_NAME = 8


def _pinned(words: list[str], count: int, sha256: str) -> tuple[str, ...]:
    # A list that changed under us would make old confirmations unreadable and passphrases weaker than we say.
    found = hashlib.sha256("\n".join(words).encode("ascii")).hexdigest()
    if len(set(words)) != count or found != sha256:
        raise RuntimeError("the word list is not the one that was pinned")
    return tuple(words)


def _words_of(name: str) -> list[str]:
    return (files("xkcdpass") / "static" / name).read_text("ascii").split()


@cache
def passphrase_words() -> tuple[str, ...]:
    """The EFF's long list of 7,776 words. Raises RuntimeError when the package's list is another."""
    return _pinned(_words_of("eff-long"), PASSPHRASE_WORDS, LONG_LIST_SHA256)


@cache
def spoken_list() -> tuple[str, ...]:
    """8,192 words: the long list, then the alphabetically first 416 others of the EFF's two short lists."""
    known = set(passphrase_words())
    others = sorted({*_words_of("eff-short"), *_words_of("eff-special")} - known)
    words = [*passphrase_words(), *others[: SPOKEN_WORDS - PASSPHRASE_WORDS]]
    return _pinned(words, SPOKEN_WORDS, SPOKEN_LIST_SHA256)


def generate_passphrase(words: int = 4) -> str:
    """Words drawn evenly, separated by spaces: 12.9 bits each, so four have 51 and six have 77."""
    return " ".join(secrets.choice(passphrase_words()) for _ in range(words))


def spoken_words(digest: bytes) -> list[str]:
    """The first 78 bits of a digest as six words. Raises ValueError for a digest that is shorter."""
    if len(digest) * 8 < _CONFIRMATION_BITS:
        raise ValueError("a digest of at least 78 bits")
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - _CONFIRMATION_BITS)
    shifts = range(_CONFIRMATION_BITS - _BITS_PER_SPOKEN_WORD, -1, -_BITS_PER_SPOKEN_WORD)
    return [spoken_list()[(number >> shift) % SPOKEN_WORDS] for shift in shifts]


@cache
def _name_words() -> tuple[str, ...]:
    return tuple(word for word in passphrase_words() if word.isalpha() and len(word) <= _LONGEST_IN_A_NAME)


def new_sign_in_name() -> str:
    """Two random words and two digits, as in `river-lantern-42`. Stored plain, so it says nothing of her."""
    first, second = (secrets.choice(_name_words()) for _ in range(2))
    return f"{first}-{second}-{secrets.randbelow(90) + 10}"


@dataclass(frozen=True, slots=True)
class Strength:
    """`proved_bits` is None where nothing is proved; a screen says so."""

    is_acceptable: bool
    proved_bits: int | None


def strength_of(passphrase: str, *, generated: bool = False) -> Strength:
    """How strong a passphrase is known to be.

    Only one that the app has just drawn has proved bits (four words 51, six 77): words that a person picked
    herself from the same list look alike and are weaker. Her own needs 15 characters (NIST SP 800-63B-4,
    section 3.1.1.2).
    """
    if not generated:
        return Strength(len(passphrase.strip()) >= OWN_PASSPHRASE_LENGTH, None)
    count = len(passphrase.split())
    combinations = PASSPHRASE_WORDS**count
    return Strength(count >= 4, combinations.bit_length() - 1)
