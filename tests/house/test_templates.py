"""Templates hold words and order only: nothing unescaped, nothing inline, nothing unused."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.support.sources import ROOT, calls, python_files, templates, tree, where

FORBIDDEN = {
    "unescaped": r"\|\s*safe\b|autoescape\s+false|\bMarkup\b",
    "inline style": r"\sstyle\s*=|<style\b",
    "inline script": r"<script(?![^>]*\bsrc=)|\bjavascript:",
    "inline handler": r"<[^>{]*\son[a-z]+\s*=",
    "from elsewhere": r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//",
}
HTML = [path for path in templates() if path.suffix == ".html"]
JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds_anything(what: str) -> None:
    assert not [where(path) for path in HTML if re.search(FORBIDDEN[what], path.read_text(), re.I)]


def unused(path: Path) -> set[str]:
    parsed = JINJA.parse(path.read_text())
    brought = {node.target for node in parsed.find_all(nodes.Import)}
    for node in parsed.find_all(nodes.FromImport):
        brought |= {name[1] if isinstance(name, tuple) else name for name in node.names}
    return brought - {node.name for node in parsed.find_all(nodes.Name) if node.ctx == "load"}


def test_every_imported_macro_is_used() -> None:
    assert {where(path): names for path in HTML if (names := unused(path))} == {}


def test_every_page_is_reached_from_code_or_from_another_template() -> None:
    named = " ".join(p.read_text() for p in (*HTML, *python_files("shelter"))).replace("'", '"')
    pages = {path.relative_to(ROOT / "templates").as_posix(): path for path in HTML}
    shared = {"errors", "layout", "macros", "patterns"}  # named by a number, a page's choice, a folder
    assert not [n for n, p in pages.items() if p.parent.name not in shared and f'"{n}"' not in named]


def test_only_the_web_room_vouches_for_markup() -> None:
    vouching = [where(p, c) for p in python_files("shelter") for name, c in calls(tree(p)) if name == "Markup"]
    assert not [place for place in vouching if not place.startswith("shelter/web/")]
