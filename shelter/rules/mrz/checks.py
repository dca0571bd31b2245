"""Check digits: weights 7-3-1 over 0-9, A=10 to Z=35 and `<`=0, and which misreading would make one fit."""

from collections.abc import Iterator, Sequence
from itertools import cycle

from shelter.rules.mrz.layouts import Check, Layout, Span
from shelter.rules.mrz.problems import CONFUSED, MOST_OFFERS, Offer, Problem

FILLER = "<"
_VALUES = {FILLER: 0} | {c: value for value, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_CONFUSABLE = frozenset("".join(CONFUSED))


def check_digit(text: str) -> str:
    """The digit for a text of A-Z, 0-9 and `<`. Raises KeyError for any other character."""
    return str(sum(_VALUES[c] * weight for c, weight in zip(text, cycle((7, 3, 1)))) % 10)


def long_number(layout: Layout, lines: Sequence[str]) -> tuple[str, str] | None:
    """A number of more than nine characters and its check digit: it goes on in the optional part (TD1 and TD2)."""
    if layout.code not in ("TD1", "TD2"):
        return None
    number, optional = layout.fields["number"], layout.fields["optional"].of(lines)
    rest = optional.split(FILLER)[0]
    if lines[number.line][number.end] != FILLER or len(rest) < 2:
        return None
    return number.of(lines) + rest[:-1], rest[-1]


def holds(layout: Layout, lines: Sequence[str], check: Check) -> bool:
    """Whether this check digit fits what it guards."""
    long = long_number(layout, lines) if check.field == "number" else None
    text, digit = long or ("".join(span.of(lines) for span in check.over), check.at.of(lines))
    if digit == FILLER and not text.strip(FILLER):
        return True
    # Issuers differ on whether the filler that says "goes on" is counted with a long number; both are met.
    readings = [text, text[:9] + FILLER + text[9:]] if long else [text]
    return any(set(one) <= _VALUES.keys() and check_digit(one) == digit for one in readings)


def failing(layout: Layout, lines: Sequence[str]) -> list[Check]:
    return [check for check in layout.checks if not holds(layout, lines, check)]


def check_problems(layout: Layout, lines: Sequence[str], allowed: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """One problem for each check digit that does not fit; that of the whole only where no other fails.

    `allowed` says which characters each position may hold at all.
    """
    wrong = failing(layout, lines)
    own = [check for check in wrong if check.field != "whole"] or wrong
    for check in own:
        at, span = check.at, check.over[0]
        yield Problem(
            "check",
            check.field,
            line=at.line + 1,
            start=(span.start if len(check.over) == 1 else at.start) + 1,
            end=at.end,
            read=at.of(lines),
            wanted="" if check.field == "number" and long_number(layout, lines) else _wanted(check, lines),
            offers=tuple(_offers(layout, lines, check, wrong, allowed)),
        )


def _wanted(check: Check, lines: Sequence[str]) -> str:
    text = "".join(span.of(lines) for span in check.over)
    return check_digit(text) if set(text) <= _VALUES.keys() else ""


def _offers(
    layout: Layout, lines: Sequence[str], check: Check, wrong: list[Check], allowed: Sequence[Sequence[str]]
) -> list[Offer]:
    """Single misreadings that make this digit fit and break no other; those that leave nothing wrong alone, if any."""
    good: list[tuple[int, Offer]] = []
    for span in (*check.over, check.at):
        for offer, changed in _misreadings(span, lines, allowed):
            left = failing(layout, changed)
            if check not in left and all(one in wrong for one in left):
                good.append((len(left), offer))
    fewest = min((count for count, _ in good), default=0)
    return [offer for count, offer in good if count == fewest][:MOST_OFFERS]


def _misreadings(
    span: Span, lines: Sequence[str], allowed: Sequence[Sequence[str]]
) -> Iterator[tuple[Offer, list[str]]]:
    line = lines[span.line]
    for position in range(span.start, span.end):
        for pair in CONFUSED if line[position] in _CONFUSABLE else ():
            if line[position] in pair and (instead := pair.replace(line[position], "")) in allowed[span.line][position]:
                changed = [*lines]
                changed[span.line] = line[:position] + instead + line[position + 1 :]
                yield Offer(span.line + 1, position + 1, line[position], instead), changed
