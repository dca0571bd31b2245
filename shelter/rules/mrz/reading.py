"""Reading a zone that was typed or pasted: its parts as they are printed, and everything that does not fit."""

import re
import string
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.mrz.checks import FILLER, check_problems, long_number
from shelter.rules.mrz.days import Day, birth_day, expiry_day
from shelter.rules.mrz.layouts import FRENCH, TD1, TD2, TD3, Layout, layout_of
from shelter.rules.mrz.problems import Offer, Problem, likely
from shelter.rules.papers.countries import issuing_country

MOST_CHARACTERS = 400
_DIGITS, _LETTERS = string.digits + FILLER, string.ascii_uppercase + FILLER
_ANY = string.digits + _LETTERS
_ALLOWED = {
    "name": _LETTERS,
    "given": _LETTERS,
    "issuer": _LETTERS,
    "nationality": _LETTERS,
    "birth": _DIGITS,
    "expires": _DIGITS,
    "issued": _DIGITS,
    "sex": "MFX<",
    "check": _DIGITS,
}


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """What was read. Parts of a line that has not the right length are left empty, and each part that holds a
    character which cannot stand there: what it may have been is offered, and nothing is read as if it were that.

    `name_cut` says that the name fills its room and may go on; no check digit guards a name.
    """

    layout: str
    lines: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    document: str = ""
    issuer: str = ""
    surname: str = ""
    given: str = ""
    name_cut: bool = False
    number: str = ""
    nationality: str = ""
    birth: Day | None = None
    sex: str = ""
    expires: Day | None = None
    optional: str = ""

    @property
    def is_sound(self) -> bool:
        return not self.problems

    @property
    def look_alikes(self) -> str:
        """Characters of the number whose likeness gives the same check digit: only the eye tells 6 from G, 1 from L."""
        return "".join(sorted({one for one in self.number if one in "6G1L"}))

    @property
    def printed_name(self) -> str:
        return ", ".join(part for part in (self.surname, self.given) if part)


def read(text: str, today: date, *, specimens: bool = False) -> Zone:
    """The zone in a text; spaces and the size of letters do not matter. Raises `Broken` where nothing is there.

    The code of specimens is a problem unless `specimens`.
    """
    lines = _lines(text)
    if not lines:
        raise Broken("mrz.empty", field="zone")
    layout = layout_of(lines)
    if layout is None:
        return Zone(layout="", lines=lines, problems=(Problem("lines", read=str(len(lines))),))
    lengths = list(_lengths(layout, lines))
    if lengths:
        return Zone(layout=layout.code, lines=lines, problems=tuple(lengths))
    return _whole(layout, lines, today, specimens)


def taken(lines: Sequence[str], codes: Iterable[str]) -> str:
    """The lines with the offers that somebody took, told by their codes; an offer that no longer fits is left out."""
    changed = list(lines)
    chosen = [match for code in codes if (match := re.fullmatch(r"(\d)\.(\d+)\.([^.]*)\.([^.]*)", code))]
    for match in sorted(chosen, key=lambda one: -int(one[2])):
        line, at, was, instead = int(match[1]) - 1, int(match[2]) - 1, match[3], match[4]
        if line < len(changed) and changed[line][at : at + len(was)] == was:
            changed[line] = changed[line][:at] + instead + changed[line][at + len(was) :]
    return "\n".join(changed)


def _lines(text: str) -> tuple[str, ...]:
    rows = ["".join(row.split()).upper() for row in text[:MOST_CHARACTERS].splitlines()]
    lines = [row for row in rows if row]
    if len(lines) == 1:  # pasted without its line breaks
        for layout in (TD3, TD2, TD1):
            if len(lines[0]) == layout.width * layout.lines:
                return tuple(re.findall("." * layout.width, lines[0]))
    return tuple(lines)


def _lengths(layout: Layout, lines: Sequence[str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        if len(line) != layout.width:
            offers = tuple(_stretched(number, line, layout.width))
            yield Problem(
                "length",
                line=number,
                start=1,
                end=len(line),
                read=str(len(line)),
                wanted=str(layout.width),
                offers=offers,
            )


def _stretched(number: int, line: str, width: int) -> Iterator[Offer]:
    """Fillers are miscounted before anything else is: the longest run of them with the right length."""
    runs = sorted(re.finditer("<+", line), key=lambda run: len(run[0]))
    if runs and (room := len(runs[-1][0]) + width - len(line)) > 0:
        yield Offer(number, runs[-1].start() + 1, runs[-1][0], FILLER * room)


def _whole(layout: Layout, lines: tuple[str, ...], today: date, specimens: bool) -> Zone:
    allowed = [_allowed(layout, line) for line in range(layout.lines)]
    strange = list(_characters(layout, lines, allowed))
    mended = taken(lines, (problem.offers[0].code for problem in strange if problem.offers)).split("\n")
    unsure = {problem.field for problem in strange}
    parts = {name: "" if name in unsure else span.of(lines) for name, span in layout.fields.items()}
    birth, expires = birth_day(parts["birth"], today), expiry_day(parts.get("expires", ""), today)
    problems = [
        *strange,
        *check_problems(layout, mended, allowed),
        *(_place(layout, "birth", "date", lines) for _ in range(birth is None and "birth" not in unsure)),
        *(_place(layout, "expires", "date", lines) for _ in range(_no_day(parts, expires))),
        *_countries(layout, parts, lines, specimens),
    ]
    surname, given, cut = _name(layout, parts)
    long = long_number(layout, lines)
    return Zone(
        layout=layout.code,
        lines=lines,
        problems=tuple(problems),
        document=parts["document"].rstrip(FILLER),
        issuer=parts["issuer"].rstrip(FILLER),
        surname=surname,
        given=given,
        name_cut=cut,
        number=_number(long[0], unsure) if long else parts["number"].rstrip(FILLER),
        nationality=parts.get("nationality", "").rstrip(FILLER),
        birth=birth,
        sex=parts["sex"].rstrip(FILLER),
        expires=expires,
        optional="" if long else parts.get("optional", "").strip(FILLER),
    )


def _number(long: str, unsure: Collection[str]) -> str:
    """A number that goes on in the optional part, read whole or not at all."""
    return "" if {"number", "optional"} & set(unsure) else long


def _allowed(layout: Layout, line: int) -> list[str]:
    fields = [layout.field_at(line, position) for position in range(layout.width)]
    found = [_ALLOWED.get(field, _ANY) for field in fields]
    return [string.ascii_uppercase, *found[1:]] if fields[0] == "document" else found


def _characters(layout: Layout, lines: Sequence[str], allowed: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """Characters that cannot stand where they do: a letter in a date, a digit in a name."""
    for line, text in enumerate(lines):
        for position, character in enumerate(text):
            wanted = allowed[line][position]
            if character not in wanted:
                field, at = layout.field_at(line, position), position + 1
                offers = tuple(Offer(line + 1, at, character, one) for one in likely(character, "".join(wanted)))
                yield Problem("character", field, line + 1, at, at, character, offers=offers)


def _no_day(parts: dict[str, str], expires: Day | None) -> bool:
    return expires is None and bool(parts.get("expires", "").strip(FILLER))


def _place(layout: Layout, field: str, what: str, lines: Sequence[str]) -> Problem:
    span = layout.fields[field]
    return Problem(what, field, span.line + 1, span.start + 1, span.end, span.of(lines))


def _countries(layout: Layout, parts: dict[str, str], lines: Sequence[str], specimens: bool) -> Iterator[Problem]:
    for field in ("issuer", "nationality"):
        if parts.get(field):
            try:
                issuing_country(parts[field], specimens=specimens)
            except Broken as broken:
                what = "specimen" if broken.message_key == "paper.country_specimen" else "country"
                yield _place(layout, field, what, lines)


def _name(layout: Layout, parts: dict[str, str]) -> tuple[str, str, bool]:
    """Surname and given names as they are printed, and whether they fill their room: nothing where a part of them was
    left out, since half a name would stand as the whole.
    """
    if not all(parts[one] for one in ("name", "given") if one in layout.fields):
        return "", "", False
    surname, _, given = parts["name"].partition(FILLER * 2)
    if layout is FRENCH:
        surname, given = parts["name"], parts["given"]
    words = [" ".join(part.replace(FILLER, " ").split()) for part in (surname, given)]
    return words[0], words[1], not parts["name"].endswith(FILLER)
