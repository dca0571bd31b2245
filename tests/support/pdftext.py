"""The words of a PDF as a reader would copy them out, by pikepdf alone: its pages, what they embed, and its tags."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def words_of(pdf: bytes) -> str:
    """The text of all pages, drawings inside them included."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return "\n".join("".join(_shown(page.obj)) for page in document.pages)


def said_of(pdf: bytes) -> list[str]:
    """What a screen reader says instead of drawings, from the tags."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(one["/Alt"]) for one in tags(document) if "/Alt" in one]


def tags(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every element of the tree of tags, from the top."""
    waiting = [document.Root["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop(0)
        yield element
        below = element.get("/K")
        if isinstance(below, pikepdf.Array):
            waiting += [one for one in below if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        elif isinstance(below, pikepdf.Dictionary) and "/S" in below:
            waiting.append(below)


def _shown(place: Any) -> Iterator[str]:
    """Words in the order of the page; letters that a drawing sets one by one are put together again."""
    before = (0.0, 0.0)
    for x, y, size, text in _placed(place, pikepdf.Matrix()):
        near = abs(y - before[1]) < 0.1 and -size / 3 < x - before[0] < size / 2
        yield text if near else f"\n{text}"
        before = (x + size * 0.5 * len(text), y)


def _placed(place: Any, at: pikepdf.Matrix) -> Iterator[tuple[float, float, float, str]]:
    """(left, base line, size of a letter, text) of everything written."""
    resources = place.get("/Resources", {})
    fonts = {name: _alphabet(font) for name, font in resources.get("/Font", {}).items()}
    alphabet, size, kept, own = dict[int, str](), 1.0, list[pikepdf.Matrix](), pikepdf.Matrix()
    for operands, operator in pikepdf.parse_content_stream(place):
        match str(operator):
            case "q":
                kept.append(at)
            case "Q":
                at = kept.pop()
            case "cm":
                at = pikepdf.Matrix(*map(float, operands)) @ at
            case "Tf":
                alphabet, size = fonts[str(operands[0])], float(operands[1])
            case "Tm":
                own = pikepdf.Matrix(*map(float, operands))
            case "Tj" | "TJ":
                pieces = operands[0] if str(operator) == "TJ" else operands
                text = "".join(_read(bytes(one), alphabet) for one in pieces if isinstance(one, pikepdf.String))
                here = own @ at
                yield here.e, here.f, size * abs(here.a), text
            case "Do":
                inside = resources["/XObject"][str(operands[0])]
                if inside.get("/Subtype") == "/Form":
                    within = pikepdf.Matrix(*map(float, inside.get("/Matrix", (1, 0, 0, 1, 0, 0))))
                    yield from _placed(inside, within @ at)


def _read(glyphs: bytes, alphabet: dict[int, str]) -> str:
    return "".join(alphabet.get(int.from_bytes(glyphs[at : at + 2], "big"), "?") for at in range(0, len(glyphs), 2))


def _alphabet(font: Any) -> dict[int, str]:
    """From the numbers of glyphs to letters, as the font's own table says."""
    table = font["/ToUnicode"].read_bytes()
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        found |= {int(code, 16): _letters(text) for code, text in _PAIR.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in _RANGE.findall(block):
            start = int(text, 16)
            found |= {code: chr(start + place) for place, code in enumerate(range(int(first, 16), int(last, 16) + 1))}
    return found


def _letters(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")
