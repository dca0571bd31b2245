"""The manual of legal advocates says the words of the screen, in both languages, beside pictures that are there."""

import re

from shelter.web.i18n import catalogue
from tests.support.sources import ROOT

MANUAL = ROOT / "docs" / "manual"
PAGES = [(MANUAL / name).read_text() for name in ("advocates.md", "advocates.es.md")]


def parts(pattern: str) -> list[list[str]]:
    return [re.findall(pattern, page, re.MULTILINE | re.DOTALL) for page in PAGES]


def test_both_pages_have_the_same_parts_and_pictures() -> None:
    english, spanish = parts(r"\]\(\.\./(images/[^)]+)\)")
    assert english == spanish != []
    assert all((ROOT / "docs" / one).is_file() for one in english)
    for pattern in (r"^## ", r"^- \*\*", r"\*\*[^*]+\*\*"):
        english, spanish = parts(pattern)
        assert len(english) == len(spanish), pattern


def test_what_the_screen_calls_something_is_what_the_manual_calls_it() -> None:
    english, spanish = ([" ".join(one.split()) for one in found] for found in parts(r"\*\*([^*]+)\*\*"))
    words, named = catalogue("es"), 0
    for one, other in zip(english, spanish, strict=True):
        said = words.gettext(one)
        if said != one:
            named += 1
            assert other == said, one
    assert named >= 12
    for page, word in zip(PAGES, ("Deadline", words.gettext("Deadline")), strict=True):
        assert f'"{word}, K7-4QM2-C"' in page
