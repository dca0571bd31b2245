"""The forms, read from TOML: official words, whom and what each number counts, what a portal checks.

`line` and `heading` are the funder's own words and stay in the funder's language; `hint` says in ours by which rule
a number is counted.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.nights import night_rules
from shelter.rules.picklists import picklists
from shelter.rules.rulefile import BadRuleFile, Certainty, Sourced, read, require_unique
from shelter.rules.services import service_book

FOLDER = Path(__file__).parent
FORMS = ("ovc_pmt", "fvpsa_ppr", "tims", "tvap", "dvht")
Column = str
"""people, any, hours, or the name of an amount (times, nights, minutes, adults, ...)."""


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    youngest: int
    oldest: int


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`keys` are the codes that the row counts; a row of a question that we do not ask has none and is 0."""

    code: str
    line: str
    keys: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question. Without `events` it is a text that people write: its rows are the questions.

    `events` are counted where their person belongs to `people` (served or new; relatives: who came with somebody whom
    the form is about and is not herself; empty: no matter whom, nobody included), where `only` holds of event and
    person, and where what they are sorted `by` is one of a row's keys.
    `rows_of` are the lines of the services, or whatever answers were found (`list` names their pick list).
    `several` is the key of those with more than one answer, where a person may stand in one row only. `over` the
    fiscal year instead of the period; `last_only` in the report that ends it.

    `contacts` counts calls without a name among its people, once each. `once_by` names an answer by which records of
    several kinds may tell the same: of those of one month and house, the kind with the larger sum counts.
    """

    code: str
    heading: str
    hint: str
    certainty: Certainty
    events: tuple[str, ...] = ()
    people: Literal["served", "new", "relatives", ""] = ""
    by: str = ""
    columns: tuple[Column, ...] = ("people",)
    rows: tuple[Row, ...] = ()
    rows_of: Literal["lines", "found", ""] = ""
    list: str = ""
    only: Mapping[str, tuple[str, ...]] = {}
    several: str = ""
    over: Literal["period", "year"] = "period"
    last_only: bool = False
    contacts: bool = False
    once_by: str = ""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column of a sheet. `value` is client (her number of this grant), day, born, age, line, times or hours, or what
    an event is sorted by; "obtained:t_visa" is Yes where that is among the answers, "met_within:2" where she was served
    that many days later at the latest. `list` is the answers' pick list.
    """

    line: str
    value: str
    list: str = ""


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row for each event of one kind, or for each person and line where `per` is line; without a name."""

    code: str
    heading: str
    hint: str
    certainty: Certainty
    event: str
    fields: tuple[Field, ...]
    per: Literal["event", "line"] = "event"
    over: Literal["period", "year"] = "period"
    last_only: bool = False


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`left` and `right` are sections, or section|column; their rows added up, or row by row where `each`.

    `right` may be several of them, joined by " + ", whose sum it is.
    """

    left: str
    sign: Literal["=", "<=", ">="]
    right: str
    advice: str
    each: bool = False
    quarters: tuple[int, ...] = (0, 1, 2, 3, 4)


class Version(Sourced, frozen=True, kw_only=True):
    """`lines` names the funder of `rules.services` whose lines sort services, `roofs` the line of a kind of stay.

    Somebody is served by a service that has a line, by one of `serves_also`, and by a night. `only` says which people
    the form is about, by their answers; `with_household` those who came with one of them too.
    """

    lines: str
    nights: str
    bands: tuple[Band, ...]
    section: tuple[Section, ...]
    roofs: Mapping[str, str] = {}
    serves_also: tuple[str, ...] = ()
    check: tuple[Check, ...] = ()
    sheet: tuple[Sheet, ...] = ()
    only: Mapping[str, tuple[str, ...]] = {}
    with_household: bool = False

    def at(self, code: str) -> Section:
        return next(one for one in self.section if one.code == code)


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`title` is the form's official name."""

    code: str
    title: str
    version: tuple[Version, ...]

    def on(self, day: date) -> Version | None:
        """The rules in force on a day."""
        return next((one for one in self.version if one.holds_on(day)), None)


@cache
def form_of(code: str) -> Form:
    """Raises BadRuleFile for a bad file, ValueError for a form there is not."""
    if code not in FORMS:
        raise ValueError(f"no form {code}")
    return load_form(FOLDER / f"{code}.toml")


def load_form(path: Path) -> Form:
    """Raises BadRuleFile where something names what is not there."""
    form = read(path, Form)
    for earlier, later in pairwise(sorted(form.version, key=lambda one: one.effective_from)):
        if earlier.effective_until is None or later.effective_from <= earlier.effective_until:
            raise BadRuleFile(path.name, "$.version", "two versions hold on one day")
    for place, version in enumerate(form.version):
        _check(path.name, f"version[{place}]", version)
    return form


def _check(file: str, place: str, version: Version) -> None:
    codes = [one.code for one in version.section] + [one.code for one in version.sheet]
    require_unique(codes, file, f"{place}.section")
    lists = [one.list for one in version.section] + [field.list for sheet in version.sheet for field in sheet.fields]
    for name in lists:
        if name and name not in picklists():
            raise BadRuleFile(file, f"$.{place}", f"`{name}` is no pick list")
    if version.lines not in service_book().funders:
        raise BadRuleFile(file, f"$.{place}.lines", f"`{version.lines}` is no funder of the services")
    if version.nights not in night_rules():
        raise BadRuleFile(file, f"$.{place}.nights", f"`{version.nights}` is no rule of nights")
    columns = {one.code: one.columns for one in version.section}
    for number, check in enumerate(version.check):
        for side in (check.left, *check.right.split(" + ")):
            section, _, column = side.partition("|")
            if section not in columns or (column and column not in columns[section]):
                raise BadRuleFile(file, f"$.{place}.check[{number}]", f"`{side}` is not there")
