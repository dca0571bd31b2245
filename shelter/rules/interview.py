"""The HMIS interview as data: what is asked of whom at which stage, what a skipped one is worth, and when one is due.

Nothing here is ever required of a person: what she does not say is 8, 9 or 99.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.rulefile import Sourced, read, require_unique

_FILE = Path(__file__).with_name("interview.toml")
NOT_COLLECTED = 99
SKIPPED = {"does_not_know": 8, "prefers_not": 9}
"""HUD's codes for a reason to skip; every other reason, and silence, is 99."""
ANNUAL_WINDOW = timedelta(days=30)
"""The annual answers are asked within so many days of the anniversary of the entry (HUD 5.03)."""


ADULT = 18


class Universe(StrEnum):
    """Of whom HUD asks an element ("data collected about"); ADULTS are heads of household and adults."""

    HEAD = "head"
    ADULTS = "adults"
    ALL = "all"

    def holds(self, *, head: bool, age: int | None) -> bool:
        """Whether somebody of this age belongs to it, in full years; an unknown one (None) is asked like an adult's."""
        grown = age is None or age >= ADULT
        return self is Universe.ALL or head or (self is Universe.ADULTS and grown)


class Stage(IntEnum):
    """Data collection stages of HMIS 5.03.1."""

    ENTRY = 1
    UPDATE = 2
    EXIT = 3
    ANNUAL = 5


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question, asked of its `universe`. `list` is a pick list whose choices carry HUD's codes; of `several`
    choices each is a column of its own, and where `amounts` names a column for a choice, how much it is. `only_if`
    names a question of yes and no that has to be yes."""

    code: str
    universe: Universe
    label: str
    file: str
    stages: tuple[int, ...]
    column: str = ""
    list: str = ""
    several: bool = False
    amount: bool = False
    amounts: Mapping[str, str] = {}
    only_if: str = ""

    def amount_of(self, choice: str) -> str:
        """The name under which the amount of a choice is kept."""
        return f"{self.code}_{choice}"


class Interview(Sourced, frozen=True, kw_only=True):
    question: tuple[Question, ...]
    as_update: tuple[str, ...] = ()

    def at(self, stage: Stage) -> tuple[Question, ...]:
        return tuple(one for one in self.question if stage in one.stages)

    def asked(self, stage: Stage, *, head: bool, age: int | None) -> tuple[Question, ...]:
        """What of a stage is asked of somebody of this age, in full years, or of nobody knows which."""
        return tuple(one for one in self.at(stage) if one.universe.holds(head=head, age=age))


@cache
def interview() -> Interview:
    """The shipped interview. Raises BadRuleFile."""
    found = read(_FILE, Interview)
    require_unique([one.code for one in found.question], _FILE.name, "question")
    return found


def missing_code(skipped: Mapping[str, str], question: str) -> int:
    """What a question without an answer is worth."""
    return SKIPPED.get(skipped.get(question, ""), NOT_COLLECTED)


def next_annual(entry: date, done: date | None) -> date:
    """The anniversary of the entry whose answers are asked next, after those of `done`."""
    year = 1
    while done is not None and _anniversary(entry, year) - ANNUAL_WINDOW <= done:
        year += 1
    return _anniversary(entry, year)


def _anniversary(entry: date, years: int) -> date:
    try:
        return entry.replace(year=entry.year + years)
    except ValueError:
        return date(entry.year + years, 2, 28)
