"""Fees, exemptions and waivers by form and date, as data that an agency may lay its own versions over.

None of it is legal advice. Fees set by statute change every year: what is marked K or C waits for counsel's word.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from shelter.rules.deadlines.rule import Fault
from shelter.rules.rulefile import BadRuleFile, Sourced, files_in, placed, read

FOLDER = Path(__file__).parent

_DOLLARS = Fault("`dollars` go with what is paid, and with nothing else", "dollars", "deadline.fee_dollars")
FAULTS = {_DOLLARS.reason: _DOLLARS}
"""What only a fee can do wrong, by the reason that a refusal names."""

Way = Literal["pay", "exempt", "waiver"]
"""pay: an amount. exempt: a ground on which nothing is paid. waiver: a ground on which one is asked for."""


class FeeRow(Sourced, frozen=True, kw_only=True):
    """One version of one line of the table. `forms` and `matters` name what it is about; empty means any.

    A form is named as a filing names it, "I-765 (c)(8)" or only "I-765". `dollars` are whole; `indexed` says that the
    amount changes every year, `waivable` whether a waiver can be asked for.
    """

    code: str
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    way: Way
    label: str
    forms: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    dollars: Annotated[int, msgspec.Meta(ge=0)] | None = None
    indexed: bool = False
    waivable: bool = True
    advice: str = ""

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ValueError("`label` is empty")
        if not self.source.strip():
            raise ValueError("`source` is empty")
        if (self.way == "pay") is (self.dollars is None):
            raise ValueError(_DOLLARS.reason)
        if self.effective_until is not None and self.effective_until < self.effective_from:
            raise ValueError("`effective_until` is before `effective_from`")

    def concerns(self, form: str, matter: str) -> bool:
        """`form` is a filing's key, with its category."""
        named = {form, form.split(" ")[0]}
        return (not self.forms or bool(named.intersection(self.forms))) and (not self.matters or matter in self.matters)


class FeeTable:
    """Every line with its versions. Immutable."""

    def __init__(self, rows: Iterable[FeeRow]) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: (row.code, row.version)))

    def versions(self, code: str) -> tuple[FeeRow, ...]:
        return tuple(row for row in self.rows if row.code == code)

    def held(self, on: date) -> tuple[FeeRow, ...]:
        """The version of each line that holds on a day, those that are paid first."""
        latest = {row.code: row for row in self.rows if row.holds_on(on)}
        return tuple(sorted(latest.values(), key=lambda row: (_ORDER[row.way], row.forms, row.code)))

    def paid(self, form: str, matter: str, on: date) -> tuple[FeeRow, ...]:
        return tuple(row for row in self.held(on) if row.way == "pay" and row.concerns(form, matter))

    def set_by_law(self, form: str, matter: str, on: date) -> FeeRow | None:
        """The line by which this form is paid whatever her ground, if there is one."""
        return next((row for row in self.paid(form, matter, on) if not row.waivable), None)

    def grounds(self, forms: Iterable[str], matter: str, on: date) -> tuple[FeeRow, ...]:
        """On which grounds at least one of these forms costs nothing, or a waiver is asked for."""
        wanted = [form for form in forms if not self.set_by_law(form, matter, on)]
        held = [row for row in self.held(on) if row.way != "pay"]
        return tuple(row for row in held if any(row.concerns(form, matter) for form in wanted))

    def overlaid(self, rows: Iterable[FeeRow]) -> "FeeTable":
        """With an agency's own versions over it. Raises BadRuleFile for a version that is there already."""
        own = tuple(rows)
        taken = {(row.code, row.version) for row in self.rows}
        for position, row in enumerate(own):
            if (row.code, row.version) in taken:
                raise BadRuleFile("agency", f"$.fee[{position}].version", "this version exists already")
            taken.add((row.code, row.version))
        return FeeTable([*self.rows, *own])


_ORDER = {"pay": 0, "exempt": 1, "waiver": 2}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    fee: tuple[FeeRow, ...]


def load_fees(folder: Path = FOLDER) -> FeeTable:
    """Raises BadRuleFile with file, key and reason."""
    rows: list[FeeRow] = []
    for path in files_in(folder):
        for position, row in enumerate(read(path, _File).fee):
            if any((row.code, row.version) == (other.code, other.version) for other in rows):
                raise BadRuleFile(path.name, f"$.fee[{position}].code", f"`{row.code}` appears twice")
            rows.append(row)
    return FeeTable(rows)


@cache
def shipped_fees() -> FeeTable:
    """The shipped table, read once."""
    return load_fees(placed(FOLDER))
