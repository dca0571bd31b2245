"""Two versions of something written, side by side: lines in pairs, and in each which words differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from shelter.db.errors import Missing
from shelter.legal.models import Writing
from shelter.legal.queries.privileged import WritingView, writing
from shelter.policy.actor import Actor

Segments = tuple[tuple[str, bool], ...]
"""Text in order, each piece with whether it differs from the other side."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One line as it was and as it became; nothing on the side that has no such line."""

    before: Segments
    after: Segments

    @property
    def changed(self) -> bool:
        return any(differs for _, differs in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Comparison:
    view: WritingView
    before: Writing
    after: Writing
    by: tuple[str, str]
    pairs: tuple[Pair, ...]


def compared(actor: Actor, code: str, matter: bytes, writing_id: bytes, number: int) -> Comparison:
    """A version beside the one before it. Raises `Missing` for the first, which has none, and for one never written."""
    view = writing(actor, code, matter, writing_id)
    known = {text.number: (text, by) for text, by in view.versions}
    if number not in known or number - 1 not in known:
        raise Missing
    (before, wrote), (after, rewrote) = known[number - 1], known[number]
    pairs = pairs_of(before.body.splitlines(), after.body.splitlines())
    return Comparison(view, before, after, (wrote, rewrote), pairs)


def pairs_of(before: Sequence[str], after: Sequence[str]) -> tuple[Pair, ...]:
    found: list[Pair] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Pair(((line, False),), ((line, False),)) for line in before[i:j]]
        else:
            found += [_words(one, other) for one, other in zip_longest(before[i:j], after[k:m], fillvalue="")]
    return tuple(found)


def _words(before: str, after: str) -> Pair:
    left, right = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return Pair(
        tuple(("".join(left[i:j]), tag != "equal") for tag, i, j, _, _ in codes if j > i),
        tuple(("".join(right[k:m]), tag != "equal") for tag, _, _, k, m in codes if m > k),
    )
