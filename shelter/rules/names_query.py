"""What somebody typed to find a person, made ready once for all segments: tokens, and the keys of each."""

from dataclasses import dataclass

from shelter.rules.broken import Broken
from shelter.rules.codes import is_code, parse_code
from shelter.rules.directory import code_token
from shelter.rules.names import read_name
from shelter.rules.names_keys import keys_by_token, token_keys

MOST_LETTERS = 200
MOST_QUERY_TOKENS = 8
LEAST_LETTERS = 2
_SHORT_TOKEN = 3
_SHORT_TOTAL = 5
_MOST_KEYS_OF_A_TOKEN = 6


@dataclass(frozen=True, slots=True)
class Query:
    """A search for a person by name or by code.

    `keys[i]` are the keys any one of which may stand for `tokens[i]`. `is_short` queries (up to five
    letters, no token above three) are looked up letter by letter, without tolerance for slips.
    """

    tokens: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]

    @classmethod
    def parse(cls, text: str, field: str | None = None) -> "Query":
        """Read what was typed. Raises Broken `search.too_short` below two letters and `search.too_long` above 200."""
        if len(text) > MOST_LETTERS:
            raise Broken("search.too_long", field, {"most": MOST_LETTERS})
        if is_code(text):
            return cls((code_token(parse_code(text)),), ((),))
        name = read_name(text)
        tokens = tuple(dict.fromkeys(name.tokens))[:MOST_QUERY_TOKENS]
        if sum(map(len, tokens)) < LEAST_LETTERS:
            raise Broken("search.too_short", field, {"least": LEAST_LETTERS})
        found = dict(zip(name.tokens, keys_by_token(name), strict=True))
        sounds = [key for sound in name.sounds for key in token_keys(sound)]
        keys = [(*found[token], *(sounds if len(tokens) == 1 else ())) for token in tokens]
        return cls(tokens, tuple(tuple(dict.fromkeys(of_one))[:_MOST_KEYS_OF_A_TOKEN] for of_one in keys))

    @property
    def is_short(self) -> bool:
        letters = [len(token) for token in self.tokens]
        return max(letters) <= _SHORT_TOKEN and sum(letters) <= _SHORT_TOTAL
