"""The English sentences behind message keys, and the list of every text in the rule files that needs a
translation.

Message ids of the catalogues are the English texts themselves, with `%(name)s` for what is put in.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO

import msgspec

from shelter.rules.rulefile import read

ROOM = Path(__file__).parent

OURS = (
    "wording.toml",
    "desk.toml",
    "interview.toml",
    "limits.toml",
    "nights.toml",
    "retention.toml",
    "certifiers",
    "deadlines",
    "demands",
    "fees",
    "matters",
    "papers",
    "performance",
    "picklists",
)
"""The files and folders whose texts are read on a screen; other rooms' word lists are data, not sentences."""

TRANSLATED = frozenset(
    {
        "label",
        "hint",
        "question",
        "why_we_ask",
        "who_will_see",
        "advice",
        "gather",
        "who",
        "evidence",
        "cost",
        "usual_time",
        "waiver",
        "warning",
        "confirm",
    }
)
"""Names of the TOML keys whose texts a person reads on a screen. All of wording.toml is read on a screen."""


class Word(str):
    """An English source text standing inside a value: translated before it is put into its sentence."""

    __slots__ = ()


Value = int | str | date | Word


class Step(msgspec.Struct, frozen=True):
    """One line of the working of a computed date or count: a message key and what its sentence names."""

    key: str
    values: Mapping[str, Value] = {}


class _Wording(msgspec.Struct, forbid_unknown_fields=True):
    sentences: dict[str, str]


@cache
def sentences() -> Mapping[str, str]:
    """Every message key of these rules with its English source text, for the room that says them."""
    return read(ROOM / "wording.toml", _Wording).sentences


def sentence(key: str) -> str:
    """The English source text of a message key. Raises KeyError for a key that no rule of this room uses."""
    return sentences()[key]


def word(key: str) -> Word:
    """The text of a message key, to be put into another sentence."""
    return Word(sentence(key))


def known(key: str) -> bool:
    return key in sentences()


def _same(text: str) -> str:
    return text


def render(step: Step, translate: Callable[[str], str] = _same, say_day: Callable[[date], str] = date.isoformat) -> str:
    """One step as a sentence; `translate` turns a source text into the reader's language, `say_day` writes a
    date."""
    spoken: dict[str, str] = {}
    for name, value in step.values.items():
        if isinstance(value, Word):
            spoken[name] = translate(value)
        elif isinstance(value, date):
            spoken[name] = say_day(value)
        else:
            spoken[name] = str(value)
    return translate(sentence(step.key)) % spoken


def _texts_in(node: object, everything: bool) -> Iterator[str]:
    if isinstance(node, dict):
        for key, inner in node.items():
            if isinstance(inner, str):
                if everything or key in TRANSLATED:
                    yield inner
            elif isinstance(inner, list) and key in TRANSLATED:
                yield from (text for text in inner if isinstance(text, str))
                yield from _texts_in([one for one in inner if not isinstance(one, str)], everything)
            else:
                yield from _texts_in(inner, everything)
    elif isinstance(node, list):
        for inner in node:
            yield from _texts_in(inner, everything)


def _texts_of(text: str, everything: bool) -> list[str]:
    return [said for said in dict.fromkeys(_texts_in(tomllib.loads(text), everything)) if said]


def our_files() -> list[Path]:
    """The TOML files whose texts are translated."""
    found: list[Path] = []
    for name in OURS:
        path = ROOM / name
        found += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return found


def source_texts() -> list[str]:
    """Every English text in this room's TOML files that a catalogue must translate, each once."""
    found: dict[str, None] = {}
    for path in our_files():
        found.update(dict.fromkeys(_texts_of(path.read_text(encoding="utf-8"), path.name == "wording.toml")))
    return list(found)


def extract(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """A Babel extraction method for this room's TOML: (line, function, message, comments) per text.

    In babel.cfg: `[extractors]` `rules = shelter.rules.wording:extract`, then `[rules:
    shelter/rules/**.toml]`.
    """
    text = file.read().decode("utf-8")
    lines = text.splitlines()
    for said in _texts_of(text, text.startswith("[sentences]")):
        first = said.split("\n", 1)[0].replace('"', '\\"')
        line = next((number for number, content in enumerate(lines, 1) if f'"{first}' in content), 1)
        yield line, "gettext", said, []
