"""One report in the making: its records, its period, its people, and the cells of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shelter.rules.apr import chronic, housing, stages
from shelter.rules.apr.book import RuleSet
from shelter.rules.apr.members import Member, counted, members_of
from shelter.rules.apr.records import Period, Records

Cell = int | str | None
"""A number, a number already written (a share, an average, money), or None: blank."""
Cells = Mapping[tuple[str, str], Cell]
"""By key of row and of column; what is not there is 0."""


@dataclass(slots=True)
class Table:
    """`header` is empty for a table without one; each row is its label and its cells."""

    name: str
    header: tuple[str, ...]
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)
    quoted: bool = False


class Report:
    """`members` are all active enrollments, `people` everybody once."""

    def __init__(self, records: Records, period: Period, book: RuleSet) -> None:
        self.records, self.period, self.book = records, period, book
        self.rules = book.rules
        self.members = members_of(records, period, book.rules)
        chronic.decide(self.members)
        housing.decide_moves(self.members)
        stages.decide_required(self.members)

    @cached_property
    def people(self) -> list[Member]:
        return counted(self.members)


def share(part: int, whole: int) -> str:
    """A fraction with four decimals; exactly nothing, and of nobody, is "0"."""
    return f"{part / whole:.4f}" if part and whole else "0"
