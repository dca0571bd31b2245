"""The rule set of one fiscal year: tables, labels, codes and switches, read from TOML and put together.

What differs from year to year stands in `fy2022/` and `fy2026/`; a table names the facet that spreads people
over its rows, the set of columns, and whom it counts.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.rulefile import BadRuleFile, files_in, read

FOLDER = Path(__file__).parent
YEARS = ("fy2022", "fy2026")
ReportKind = Literal["caper", "apr"]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The switches of a year; each is explained beside its value."""

    born_unknown: frozenset[int]
    exit_is_activity: bool
    head_is_earliest: bool
    must_enter_before_anniversary: bool
    income_cleaned: bool
    move_in_within_stay: bool
    child_takes_heads_street: bool
    other_counts_with_housing: bool
    disabilities_are_disabling: bool
    chronic_by_any_member: bool
    own_long_stay_counts: bool
    homeless: frozenset[int]
    institutions: frozenset[int]
    positive: frozenset[int]
    positive_after_shelter: frozenset[int]
    shelters: frozenset[int]
    positive_after_outreach: frozenset[int]
    excluded: frozenset[int]
    excluded_after_outreach: frozenset[int]
    prior_homelessness_for: frozenset[int]
    oldest_birth: date
    longest_time_to_housing: int
    both_substances_are_two: bool
    contact_kinds_by_night: bool
    funded_by_path_contacts: bool
    dated_birth_flaws: frozenset[int]
    birth_against_client_record: bool
    only_engaged_are_judged: bool
    known_age_is_asked_of_service: bool
    long_stayers_are_asked_yearly: bool
    early_entries_apart: bool
    housing_by_head: bool


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Headings after the first, and the key of each; `by` names the facet that gives a person's keys."""

    headings: tuple[str, ...]
    keys: tuple[str, ...]
    by: str


class RowSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row: `keys` are summed; none leaves it blank. `only` names the columns that have a cell at all.

    `share` gives a percentage of those keys over the keys in `of` less those in `less`; `average` and `median`
    name a measure.
    """

    label: str
    keys: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    average: str = ""
    median: str = ""
    decimals: int = 0


class TableSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`first` heads the labels; `maker` names the code that fills a table which is no spread of people.

    `blank_without_housing` is a row that stays blank where no project of the report moves people into housing.
    """

    first: str = " "
    headless: bool = False
    columns: str = ""
    who: tuple[str, ...] = ()
    by: str = ""
    maker: str = ""
    rows: tuple[tuple[str, ...] | RowSpec, ...] = ()
    rows_of: str = ""
    take: int = 0
    instead: tuple[tuple[str, str], ...] = ()
    header: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    reports: tuple[ReportKind, ...] = ("caper", "apr")
    quoted: bool = False
    blank_without_housing: str = ""


class Sum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cells that make up another, each as "table|row|column", the column counted from 0 after the label."""

    whole: str
    parts: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    source: str = ""
    effective_from: date | None = None
    rules: Rules | None = None
    columns: Mapping[str, Columns] = {}
    tables: Mapping[str, TableSpec] = {}
    sums: tuple[Sum, ...] = ()


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    year: str
    source: str
    effective_from: date
    rules: Rules
    columns: Mapping[str, Columns]
    tables: Mapping[str, TableSpec]
    sums: tuple[Sum, ...]

    def rows(self, name: str) -> list[RowSpec]:
        """The rows of a table, with those it borrows and the words it says instead."""
        table = self.tables[name]
        if not table.rows_of:
            return [_row(row) for row in table.rows]
        borrowed = self.rows(table.rows_of)
        taken = borrowed[: table.take] if table.take else borrowed
        return [msgspec.structs.replace(row, label=_worded(row.label, table)) for row in taken]

    def names(self, kind: ReportKind | None = None) -> list[str]:
        return sorted(
            (name for name, table in self.tables.items() if kind is None or kind in table.reports), key=_question
        )


def _question(name: str) -> tuple[int, str]:
    """Q5a before Q10: by the number of the question, then by its letter."""
    digits = "".join(character for character in name[1:3] if character.isdigit())
    return int(digits), name


def _row(row: tuple[str, ...] | RowSpec) -> RowSpec:
    return row if isinstance(row, RowSpec) else RowSpec(label=row[0], keys=tuple(row[1:]))


def _worded(label: str, table: TableSpec) -> str:
    for old, new in table.instead:
        label = label.replace(old, new)
    return label


@cache
def rule_set(year: str) -> RuleSet:
    """The rules of "fy2022" or "fy2026". Raises BadRuleFile for a bad file."""
    if year not in YEARS:
        raise ValueError(f"no rules of {year}")
    columns: dict[str, Columns] = {}
    tables: dict[str, TableSpec] = {}
    sums: list[Sum] = []
    head: _File | None = None
    for path in files_in(FOLDER / year):
        part = read(path, _File)
        head = part if part.rules else head
        columns |= part.columns
        sums += part.sums
        twice = sorted(tables.keys() & part.tables.keys())
        if twice:
            raise BadRuleFile(path.name, f"$.tables.{twice[0]}", "stands in another file too")
        tables |= part.tables
    if head is None or head.rules is None or head.effective_from is None:
        raise BadRuleFile(year, "$", "no file states the rules")
    return RuleSet(
        year=year, source=head.source, effective_from=head.effective_from, rules=head.rules,
        columns=columns, tables=tables, sums=tuple(sums),
    )  # fmt: skip
