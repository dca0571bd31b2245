"""Where each part stands in a zone, and what each check digit is counted over (ICAO Doc 9303, parts 4 to 7).

Lines and positions count from 0 here; what people are told counts from 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """Positions `start` to `end` (left out) of one line."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        return lines[self.line][self.start : self.end]


@dataclass(frozen=True, slots=True)
class Check:
    """A check digit: what it guards, what it is counted over, and where it stands."""

    field: str
    over: tuple[Span, ...]
    at: Span


@dataclass(frozen=True, slots=True)
class Layout:
    code: str
    width: int
    fields: Mapping[str, Span]
    checks: tuple[Check, ...]

    @property
    def lines(self) -> int:
        return 1 + max(span.line for span in self.fields.values())

    def field_at(self, line: int, position: int) -> str:
        """The part that a position belongs to."""
        for name, span in self.fields.items():
            if span.line == line and span.start <= position < span.end:
                return name
        return "check"


def _own(fields: Mapping[str, Span], *names: str) -> tuple[Check, ...]:
    """Check digits that stand right behind the part they guard."""
    return tuple(Check(name, (s := fields[name],), Span(s.line, s.end, s.end + 1)) for name in names)


_SECOND_LINE = {
    "number": Span(1, 0, 9),
    "nationality": Span(1, 10, 13),
    "birth": Span(1, 13, 19),
    "sex": Span(1, 20, 21),
    "expires": Span(1, 21, 27),
}
_DATED = ("number", "birth", "expires")


def _first_line(width: int) -> dict[str, Span]:
    return {"document": Span(0, 0, 2), "issuer": Span(0, 2, 5), "name": Span(0, 5, width)}


def _td3() -> Layout:
    fields = _first_line(44) | _SECOND_LINE | {"optional": Span(1, 28, 42)}
    whole = Check("whole", (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 43)), Span(1, 43, 44))
    return Layout("TD3", 44, fields, (*_own(fields, *_DATED, "optional"), whole))


def _td2() -> Layout:
    fields = _first_line(36) | _SECOND_LINE | {"optional": Span(1, 28, 35)}
    whole = Check("whole", (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, 35)), Span(1, 35, 36))
    return Layout("TD2", 36, fields, (*_own(fields, *_DATED), whole))


def _visa(code: str, width: int) -> Layout:
    fields = _first_line(width) | _SECOND_LINE | {"optional": Span(1, 28, width)}
    return Layout(code, width, fields, _own(fields, *_DATED))


def _td1() -> Layout:
    fields = {
        "document": Span(0, 0, 2),
        "issuer": Span(0, 2, 5),
        "number": Span(0, 5, 14),
        "optional": Span(0, 15, 30),
        "birth": Span(1, 0, 6),
        "sex": Span(1, 7, 8),
        "expires": Span(1, 8, 14),
        "nationality": Span(1, 15, 18),
        "optional2": Span(1, 18, 29),
        "name": Span(2, 0, 30),
    }
    whole = Check("whole", (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29)), Span(1, 29, 30))
    return Layout("TD1", 30, fields, (*_own(fields, *_DATED), whole))


def _french() -> Layout:
    """The French identity card of before 2021, which has a layout of its own and says no day of expiry."""
    fields = {
        "document": Span(0, 0, 2),
        "issuer": Span(0, 2, 5),
        "name": Span(0, 5, 30),
        "office": Span(0, 30, 36),
        "issued": Span(1, 0, 4),
        "number": Span(1, 0, 12),
        "given": Span(1, 13, 27),
        "birth": Span(1, 27, 33),
        "sex": Span(1, 34, 35),
    }
    whole = Check("whole", (Span(0, 0, 36), Span(1, 0, 35)), Span(1, 35, 36))
    return Layout("French card", 36, fields, (*_own(fields, "number", "birth"), whole))


TD1, TD2, TD3 = _td1(), _td2(), _td3()
MRV_A, MRV_B = _visa("MRV-A", 44), _visa("MRV-B", 36)
FRENCH = _french()


def layout_of(lines: Sequence[str]) -> Layout | None:
    """The layout that lines of about this number and length are in; None where there is none."""
    first = lines[0] if lines else ""
    if len(lines) == 3:
        return TD1
    if len(lines) != 2:
        return None
    if max(len(line) for line in lines) > (TD3.width + TD2.width) // 2:
        return MRV_A if first.startswith("V") else TD3
    if first.startswith("V"):
        return MRV_B
    return FRENCH if first[1:5] == "DFRA" else TD2
