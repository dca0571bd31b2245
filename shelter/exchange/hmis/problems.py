"""What can be wrong with an export: refusals of the whole, notes about a file, problems of a row or a field.

A problem names file, line and column, never a value: the list may be printed, and the value stays in the row
as written.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec


class Fate(StrEnum):
    """What became of the row that a problem is about."""

    KEPT = "kept"  # imported; the field stays as written
    ONCE = "once"  # the very same row had come before; counted once
    ASIDE = "aside"  # kept, but not as a live record
    LEFT_OUT = "left_out"  # not imported


class Reason(StrEnum):
    """Why a field or a row is listed; the sentence for a reader is `SENTENCES[reason]`."""

    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_NUMBER = "unreadable_number"
    NOT_IN_LIST = "not_in_list"
    READ_AS = "read_as"
    NUL_BYTE = "nul_byte"
    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    UNREADABLE_ROW = "unreadable_row"
    KEY_MISSING = "key_missing"
    KEY_TWICE = "key_twice"
    ROW_TWICE = "row_twice"
    DELETED = "deleted"
    PARENT_DELETED = "parent_deleted"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_ENROLLMENT = "unknown_enrollment"
    UNKNOWN_PROJECT = "unknown_project"
    UNKNOWN_ORGANIZATION = "unknown_organization"
    OTHER_PERSON = "other_person"
    SECOND_EXIT = "second_exit"
    OTHER_EXPORT = "other_export"
    NAME_IS_HASHED = "name_is_hashed"
    NAME_IS_NOT_HASHED = "name_is_not_hashed"
    BIRTH_DECLINED_BUT_GIVEN = "birth_declined_but_given"
    BIRTH_AFTER_ENTRY = "birth_after_entry"
    ENTRY_MISSING = "entry_missing"
    EXIT_MISSING = "exit_missing"
    EXIT_BEFORE_ENTRY = "exit_before_entry"
    ENTRY_IN_FUTURE = "entry_in_future"
    EXIT_IN_FUTURE = "exit_in_future"
    NO_NIGHT = "no_night"
    NIGHT_OUTSIDE = "night_outside"
    STAYS_OVERLAP = "stays_overlap"
    HOUSEHOLD_MISSING = "household_missing"
    HOUSEHOLD_WITHOUT_HEAD = "household_without_head"
    HOUSEHOLD_WITH_HEADS = "household_with_heads"
    HOUSEHOLD_IN_PROJECTS = "household_in_projects"


_LEFT_OUT = frozenset(
    {
        Reason.TOO_MANY_CELLS,
        Reason.UNREADABLE_ROW,
        Reason.KEY_MISSING,
        Reason.KEY_TWICE,
        Reason.UNKNOWN_PERSON,
        Reason.UNKNOWN_ENROLLMENT,
        Reason.UNKNOWN_PROJECT,
        Reason.OTHER_PERSON,
        Reason.SECOND_EXIT,
    }
)
_ASIDE = frozenset({Reason.DELETED, Reason.PARENT_DELETED})


def fate_of(reason: Reason) -> Fate:
    """What a reason means for the row that it is listed for."""
    if reason in _LEFT_OUT:
        return Fate.LEFT_OUT
    if reason in _ASIDE:
        return Fate.ASIDE
    return Fate.ONCE if reason is Reason.ROW_TWICE else Fate.KEPT


class Problem(msgspec.Struct, frozen=True):
    """One thing to look at. `line` is the line of the file on which the row begins; the header is line 1."""

    file: str
    line: int
    column: str | None
    reason: Reason

    @property
    def fate(self) -> Fate:
        return fate_of(self.reason)


class Note(msgspec.Struct, frozen=True):
    """Something about a file or the archive that changes nothing but should be known."""

    message_key: str
    file: str | None = None
    values: Mapping[str, str | int] = {}


class Problems:
    """All problems, each counted, and the first `limit` of them listed one by one.

    The limit keeps a hostile file from filling the memory; `is_cut` tells that the list is shorter than the
    counts.
    """

    def __init__(self, limit: int = 200_000) -> None:
        self.limit = limit
        self.counts: Counter[tuple[str, str | None, Reason]] = Counter()
        self._listed: list[Problem] = []

    def add(self, file: str, line: int, column: str | None, reason: Reason) -> None:
        self.counts[file, column, reason] += 1
        if len(self._listed) < self.limit:
            self._listed.append(Problem(file, line, column, reason))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._listed)

    def __len__(self) -> int:
        return self.counts.total()

    @property
    def is_cut(self) -> bool:
        return len(self) > len(self._listed)

    def by_reason(self) -> dict[Reason, int]:
        """How many problems of each kind, in the order of `Reason`."""
        totals: Counter[Reason] = Counter()
        for (_, _, reason), count in self.counts.items():
            totals[reason] += count
        return {reason: totals[reason] for reason in Reason if totals[reason]}
