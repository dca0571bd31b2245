"""What the files of an HMIS CSV export look like in each year: columns, their kinds, their codes, what a row
belongs to.

All of it is data in TOML with a source and an effective date; here it is only put together.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

YEARS: Final = ("FY2026", "FY2024", "FY2022")


class Kind(StrEnum):
    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    INTEGER = "integer"
    MONEY = "money"
    CODE = "code"


_PLAIN_KINDS: Final = frozenset(kind.value for kind in Kind if kind is not Kind.CODE)


class Nights(StrEnum):
    """How nights follow from an enrollment; see project_types.toml."""

    FROM_ENTRY = "from_entry"
    BED_NIGHTS = "bed_nights"
    FROM_MOVE_IN = "from_move_in"
    NONE = "none"


class Column(msgspec.Struct, frozen=True):
    """One column. `name` is what the year's file calls it, `common` what FY2026 calls it.

    `codes` holds what may stand there (of `kind` CODE), `recode` today's code and kind of subsidy for an old
    code, `subsidy` the common column that takes the kind, `by` the column on whose code the list depends.
    """

    name: str
    common: str
    kind: Kind
    codes: frozenset[int] = frozenset()
    recode: Mapping[int, tuple[int, ...]] = {}
    subsidy: str | None = None
    by: str | None = None
    codes_by: Mapping[int, frozenset[int]] = {}


class Derived(msgspec.Struct, frozen=True):
    """Where `column` holds `code` and `when` holds one of `is_`, as written, the typed value is `becomes`."""

    column: str
    code: int
    when: str
    is_: tuple[str, ...]
    becomes: int


class FileLayout(msgspec.Struct, frozen=True):
    name: str
    key: str
    parents: tuple[str, ...]
    is_required: bool
    columns: Mapping[str, Column]
    derived: tuple[Derived, ...]


class Layout(msgspec.Struct, frozen=True):
    """One year's format. `files` are in the order in which rows are placed: what others belong to comes
    first."""

    year: str
    effective: date
    source: str
    says: tuple[str, ...]
    races: tuple[str, ...]
    genders: tuple[str, ...]
    files: Mapping[str, FileLayout]


class _FileTable(msgspec.Struct, forbid_unknown_fields=True):
    key: str = ""
    parents: list[str] = []
    required: bool = False
    columns: list[str] = []
    drop: list[str] = []
    add: list[str] = []


class _Recode(msgspec.Struct, forbid_unknown_fields=True):
    columns: dict[str, str] = {}
    codes: dict[str, list[int]] = {}


class _Derive(msgspec.Struct, forbid_unknown_fields=True, rename={"is_": "is"}):
    file: str
    column: str
    code: int
    when: str
    is_: list[str]
    becomes: int


class _Groups(msgspec.Struct, forbid_unknown_fields=True):
    races: list[str]
    genders: list[str]


class _YearTable(msgspec.Struct, forbid_unknown_fields=True):
    year: str
    effective: date
    source: str
    says: list[str]
    files: dict[str, _FileTable]
    base: str | None = None
    groups: _Groups | None = None
    without: list[str] = []
    recode: _Recode = msgspec.field(default_factory=_Recode)
    derive: list[_Derive] = []


class _PickLists(msgspec.Struct, forbid_unknown_fields=True):
    lists: dict[str, list[int]]
    by: dict[str, dict[str, list[int]]]


class _ProjectTypes(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    effective: date
    types: dict[str, Nights]


def _toml(name: str) -> dict[str, object]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


@cache
def _pick_lists() -> _PickLists:
    return msgspec.convert(_toml("picklists.toml"), _PickLists)


@cache
def _project_types() -> dict[int, Nights]:
    table = msgspec.convert(_toml("project_types.toml"), _ProjectTypes)
    return {int(code): nights for code, nights in table.types.items()}


def nights_of(project_type: int | None) -> Nights:
    """How nights follow from an enrollment in a project of this type (2.02.6 since FY2024); none for an
    unknown one."""
    return Nights.NONE if project_type is None else _project_types().get(project_type, Nights.NONE)


@cache
def layout_of(year: str) -> Layout:
    """The format of "FY2022", "FY2024" or "FY2026"."""
    table = msgspec.convert(_toml(f"layouts/{year.lower()}.toml"), _YearTable)
    if table.base is None:
        return _assembled(table, table.files, table.groups)
    base = msgspec.convert(_toml(f"layouts/{table.base}.toml"), _YearTable)
    kept = {name: file for name, file in base.files.items() if name not in table.without}
    for name, change in table.files.items():
        kept[name] = _changed(kept[name], change) if name in kept else change
    return _assembled(table, kept, base.groups)


def _changed(base: _FileTable, change: _FileTable) -> _FileTable:
    columns = [column for column in base.columns if _split(column)[0] not in change.drop]
    return msgspec.structs.replace(base, columns=columns + change.add)


def _assembled(table: _YearTable, tables: dict[str, _FileTable], groups: _Groups | None) -> Layout:
    if groups is None:
        raise ValueError(f"the layout of {table.year} has no groups")
    return Layout(
        year=table.year,
        effective=table.effective,
        source=table.source,
        says=tuple(table.says),
        races=tuple(groups.races),
        genders=tuple(groups.genders),
        files={name: _file_layout(name, file, table) for name, file in tables.items()},
    )


def _file_layout(name: str, file: _FileTable, year: _YearTable) -> FileLayout:
    columns = [_column(name, text, year.recode) for text in file.columns]
    derived = [
        Derived(rule.column, rule.code, rule.when, tuple(rule.is_), rule.becomes)
        for rule in year.derive
        if rule.file == name
    ]
    return FileLayout(
        name,
        file.key,
        tuple(file.parents),
        file.required,
        {column.name: column for column in columns},
        tuple(derived),
    )


def _split(text: str) -> tuple[str, str, str]:
    """ "Own=Common:kind" as its three parts."""
    names, _, kind = text.partition(":")
    own, _, common = names.partition("=")
    return own, common or own, kind or Kind.TEXT


def _column(file: str, text: str, recode: _Recode) -> Column:
    name, common, kind = _split(text)
    if kind in _PLAIN_KINDS:
        return Column(name, common, Kind(kind))
    lists = _pick_lists()
    list_name, _, by = kind.partition(" by ")
    if by:
        codes_by = {int(code): frozenset(allowed) for code, allowed in lists.by[list_name].items()}
        every = frozenset[int]().union(*codes_by.values())
        return Column(name, common, Kind.CODE, every, by=by, codes_by=codes_by)
    codes = frozenset(lists.lists[list_name])
    subsidy = recode.columns.get(f"{file}.{name}")
    if subsidy is None:
        return Column(name, common, Kind.CODE, codes)
    renumbered = {int(old): tuple(new) for old, new in recode.codes.items()}
    return Column(name, common, Kind.CODE, codes, recode=renumbered, subsidy=subsidy)


def year_stated(csv_version: str) -> str | None:
    """The known year that a CSVVersion such as "2026 v1" or "FY2022" names, or None."""
    for found in re.findall(r"20\d\d", csv_version):
        if f"FY{found}" in YEARS:
            return f"FY{found}"
    return None


def year_of_columns(client_columns: frozenset[str]) -> str | None:
    """The year whose own columns a Client.csv has, or None where none or several fit."""
    fitting = [year for year in YEARS if client_columns >= frozenset(layout_of(year).says)]
    return fitting[0] if len(fitting) == 1 else None
