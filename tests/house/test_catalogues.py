"""Everything the application says, it says in Spanish too, with the same names in the same places."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from tests.support.sources import ROOT, python_files, templates

LAZY = {"_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2), "lazy_pgettext": ((1, "c"), 2)}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY}
CATALOGUES = sorted((ROOT / "shelter" / "translations" / "es").glob("*.po"))
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def said() -> Iterator[tuple[str, Path]]:
    sources: list[tuple[str, Path]] = [("python", path) for path in python_files("shelter")]
    sources += [("jinja2.ext:babel_extract", path) for path in templates() if path.suffix == ".html"]
    for method, path in sources:
        for _, message, _, _ in extract_from_file(method, path, keywords=KEYWORDS):
            yield (message[0] if isinstance(message, tuple) else message), path


def spanish() -> dict[str, str]:
    known: dict[str, str] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="es"):
                plural = isinstance(message.id, tuple)
                strings = message.string if plural else (message.string,)
                if message.id and all(strings) and not message.fuzzy:
                    known[message.id[0] if plural else message.id] = " ".join(strings)
    return known


def test_every_sentence_is_there_in_spanish() -> None:
    known = spanish()
    assert sorted({(text, path.name) for text, path in said() if text and text not in known}) == []


def test_one_sentence_is_one_in_spanish_since_all_rooms_read_one_catalogue() -> None:
    """Two meanings want two sentences in English: of two translations one stands in the wrong place."""
    said_as: dict[str, set[str]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="es"):
                if message.id:
                    said_as.setdefault(str(message.id), set()).add(str(message.string))
    assert {text: told for text, told in said_as.items() if len(told) > 1} == {}


def test_a_translation_names_the_same_things() -> None:
    known = spanish()
    differing = {t for t, es in known.items() if set(PLACE.findall(t)) - set(PLACE.findall(es))}
    assert differing == set()
