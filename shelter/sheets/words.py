"""What a sheet can hold in the reader's language: kinds, columns, values of lists, and why a row cannot come in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.lawbook import queries as lawbook
from shelter.rules.papers import papers
from shelter.rules.picklists import picklists
from shelter.rules.services import Fund, ServiceType
from shelter.settings.servicelist import service_list
from shelter.settings.words import choices_of, country_choices
from shelter.sheets.actions import BRING_TOO, LEAVE_OUT
from shelter.sheets.kinds import SheetKind
from shelter.sheets.kinds.columns import folded
from shelter.sheets.kinds.rows import Problem, Twin
from shelter.sheets.queries import Listed
from shelter.web.sentences import say, sentence
from shelter.web.times import moment

KINDS: dict[str, tuple[Any, Any]] = {
    "clients": (_l("People"), _l("One row for each person: names, birth date, languages and what you know of them.")),
}
KINDS |= {
    "households": (_l("Households"), _l("One row for each person, with a word that the people of one family share.")),
    "stays": (_l("Stays"), _l("One row for each stay: who, at which house, from when until when.")),
    "services": (_l("Services"), _l("One row for each service: to whom, what, on which day, how long.")),
}
KINDS |= {
    "papers": (_l("Papers"), _l("One row for each paper: whose, which, its number, until when, who holds it.")),
    "matters": (_l("Matters"), _l("One row for each matter: whose, of which kind, since when, whose work it is.")),
    "deadlines": (
        _l("Deadlines"),
        _l("One row for each date: of which matter, by which rule, from which day."),
    ),
}
LABELS: dict[str, Any] = {
    "code": _l("Code"),
    "number": _l("Your own number"),
    "working_name": _l("Working name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "legal_name": _l("Name"),
    "aliases": _l("Other names"),
    "born": _l("Birth date"),
    "pronouns": _l("Pronouns"),
    "languages": _l("Languages"),
    "phone": _l("Phone"),
    "a_number": _l("A-number"),
    "referral_source": _l("Referral source"),
    "room_needs": _l("Room needs"),
    "allergies": _l("Allergies"),
    "since": _l("First met on"),
    "site": _l("House"),
    "relationship": _l("To the head of the household"),
    "household": _l("Household"),
    "head": _l("Head of the household"),
    "arrived": _l("Arrived"),
    "left": _l("Left"),
    "destination": _l("Destination"),
    "service": _l("Service"),
    "on": _l("Day"),
    "minutes": _l("Minutes"),
    "times": _l("Times"),
    "fund": _l("Fund"),
    "words": _l("A line about it"),
    "why": _l("Why it counts on that day"),
    "session": _l("Group session"),
    "paper": _l("Paper"),
    "country": _l("Country or office that issued it"),
    "paper_number": _l("Number of the paper"),
    "printed_name": _l("Name as printed"),
    "issued": _l("Issued on"),
    "expires": _l("Valid until"),
    "state": _l("Where it is now"),
    "held_by": _l("Who has it"),
    "note": _l("Note"),
    "matter": _l("Matter"),
    "opened": _l("Open since"),
    "lead": _l("Advocate"),
    "scope": _l("Scope"),
    "adverse": _l("Adverse parties"),
    "cleared": _l("Why a near name is no conflict"),
    "rule": _l("Rule"),
    "counted_from": _l("Counted from"),
    "printed": _l("Date printed on the notice"),
    "mailed": _l("Came by mail"),
    "due": _l("Day in your own list"),
}
HINTS: dict[str, Any] = {
    "code": _l("the code that she has here"),
    "number": _l("the number that she has in your sheets; later sheets can name her by it"),
    "aliases": _l("several with semicolons between"),
    "born": _l("the year alone is enough"),
    "languages": _l("several with commas between"),
    "phone": _l("it is offered to nobody until she has said that it is safe"),
    "referral_source": _l("as the list of this agency says it"),
    "relationship": _l("as the list of this agency says it"),
    "household": _l("a number or word that everybody of one family has in this column"),
    "head": _l("yes or no; where nobody is the head, it is the first row"),
    "arrived": _l("the first night"),
    "left": _l("the day of leaving; empty for who is here still"),
    "destination": _l("as the list of this agency says it"),
    "service": _l("as the list of this agency says it"),
    "fund": _l("as the list of this agency says it"),
    "why": _l("only where the day is unusual: outside a stay, or before we knew her"),
    "session": _l("a number or word that everybody who was there together has in this column"),
    "paper": _l("as the list of this agency says it"),
    "country": _l("its name, or its code of three letters"),
    "paper_number": _l("not of a Social Security card: that number is not kept here"),
    "issued": _l("the year alone is enough"),
    "expires": _l("the year alone is enough"),
    "state": _l("as the list of this agency says it"),
    "matter": _l("the type of the matter, as it is called here"),
    "lead": _l("the working name of a colleague on the legal team; empty for yourself"),
    "adverse": _l("several with semicolons between; each is compared with everybody you serve"),
    "cleared": _l("only where a name is near to somebody's"),
    "rule": _l("the rule as it is called here; the day is counted, and its working is shown"),
    "counted_from": _l("the day the rule counts from"),
    "mailed": _l("yes or no"),
    "due": _l("it is compared with the day that the rule counts; where they differ, say why yours holds"),
    "room_needs": _l("as the list of this agency says it, several with commas between"),
}
TWINS: dict[str, Any] = {
    "sheets.same_number": _l("your own number is that of %(code)s"),
    "sheets.same_a_number": _l("the A-number is that of %(code)s"),
    "sheets.same_name": _l("the name is like that of %(code)s"),
    "sheets.same_row": _l("the same name and birth date stand in row %(row)s"),
}
TWINS |= {
    "sheets.same_paper": _l("%(code)s has such a paper with this number already"),
    "sheets.same_matter": _l("%(code)s has a matter of this kind already"),
    "sheets.same_deadline": _l("the same date stands in the matter of %(code)s"),
    "sheets.same_deadline_row": _l("the same stands in row %(row)s"),
    "sheets.same_stay": _l("%(code)s has this very stay already"),
    "sheets.same_service": _l("the same service of that day stands in the file of %(code)s"),
    "sheets.same_service_row": _l("the same stands in row %(row)s"),
}
COUNTED: dict[str, Any] = {
    "household_member": lambda count: ngettext("%(num)d person in households", "%(num)d people in households", count),
    "paper": lambda count: ngettext("%(num)d paper", "%(num)d papers", count),
    "matter": lambda count: ngettext("%(num)d matter", "%(num)d matters", count),
    "deadline": lambda count: ngettext("%(num)d date", "%(num)d dates", count),
    "stay": lambda count: ngettext("%(num)d stay", "%(num)d stays", count),
    "service": lambda count: ngettext("%(num)d service", "%(num)d services", count),
    "client": lambda count: ngettext("%(num)d person", "%(num)d people", count),
}
say(
    {
        "sheets.empty": _l("There is nothing in this file."),
        "sheets.no_spreadsheet": _l("This is no spreadsheet. Save it as XLSX or CSV and send that."),
        "sheets.old_or_locked": _l(
            "This is a workbook of an old kind, or one that is locked with a password. Open it, save it as XLSX "
            "without a password, and send that."
        ),
        "sheets.utf16": _l("This file is written in UTF-16. Save it as CSV in UTF-8, or as XLSX."),
        "sheets.no_workbook": _l("This is an archive, but no XLSX workbook. Save the sheet as XLSX or CSV."),
        "sheets.damaged": _l("This workbook is damaged. Open it, save it again and send that."),
        "sheets.bomb": _l("This workbook unpacks to far more than a spreadsheet would. It was not read."),
        "sheets.too_much_inside": _l(
            "There is more in this workbook than can be read. Save the rows you need as a CSV file."
        ),
        "sheets.too_many_rows": _l("A file can have %(most)s rows. Divide this one."),
        "sheets.too_many_columns": _l("A row can have %(most)s cells, and row %(row)s has more."),
        "sheets.too_much_text": _l("There are more than %(most)s million letters in this file. Divide it."),
        "sheets.huge_cell": _l("A cell can have %(most)s letters, and one in row %(row)s has more."),
        "sheets.huge_row": _l("Line %(row)s is longer than %(most)s letters. Is this a spreadsheet?"),
        "sheets.unreadable_row": _l("Line %(row)s cannot be read: a quotation mark is open or stands in the middle."),
        "sheets.unknown_kind": _l("Choose what is in the file"),
        "sheets.choose_a_sheet": _l("Choose a sheet that has rows below its headings"),
        "sheets.choose_a_site": _l("Choose one of your houses"),
        "sheets.place_twice": _l("Another column goes there already"),
        "sheets.place_needed": _l("A column that is needed is missing: look at what each row must say"),
        "sheets.rows_are_wrong": _l("%(rows)s rows cannot come in. Nothing was brought in; look at what is wrong."),
        "sheets.nothing_left": _l("No row is left to bring in."),
        "sheets.changed_meanwhile": _l("Something changed meanwhile. Look at the rows once more."),
        "sheets.worked_with_since": _l("People have worked with these records since, so they cannot be taken back."),
        "sheets.out_of_reach": _l("Some of these people are not yours to change. Ask a supervisor of their house."),
        "sheets.needed": _l("this must be there"),
        "sheets.cell_too_long": _l("too long; %(most)s letters fit"),
        "sheets.no_number": _l("write a whole number from %(least)s to %(most)s"),
        "sheets.no_yes_or_no": _l("write yes or no"),
        "sheets.not_in_list": _l("this list does not have this value"),
        "sheets.no_such_site": _l("this is none of your houses"),
        "sheets.no_day": _l("this is no day that can be read"),
        "sheets.future_day": _l("this day has not come yet"),
        "sheets.nobody_named": _l("nobody is named: neither a code nor your own number"),
        "sheets.no_such_person": _l("there is nobody with this among the people you work with"),
        "sheets.no_name": _l("there is no name, and no number of yours either"),
        "sheets.too_many_of_kind": _l("A sheet of this kind can have %(most)s rows. Divide it."),
        "sheets.no_such_advocate": _l("nobody of the legal team has this working name"),
        "sheets.no_such_matter": _l("she has no such matter"),
        "sheets.which_matter": _l("she has several: say which matter"),
        "sheets.counted_otherwise": _l("the rule counts %(day)s; say why another day holds, or leave yours out"),
        "sheets.in_a_household": _l("she is in a household here already"),
        "sheets.person_twice": _l("row %(row)s is about the same person"),
        "sheets.two_heads": _l("row %(row)s is the head of this household"),
        "sheets.stays_overlap": _l("she cannot be in two places: these nights are in row %(row)s"),
        "sheets.stays_here": _l("she cannot be in two places: some of these nights stand in her file already"),
        "sheets.left_is_needed": _l("a destination needs the day of leaving"),
        "sheets.number_twice": _l("row %(row)s has the same number"),
    }
)


def sheet_kind(kind: SheetKind) -> str:
    return str(KINDS[kind.code][0])


def kind_choices(kinds: Iterable[SheetKind]) -> list[tuple[str, Any, Any]]:
    return [(one.code, *KINDS[one.code]) for one in kinds]


def sheet_column(name: str) -> str:
    """The place of a column; "the whole row" for what is about no single one."""
    return str(LABELS[name]) if name in LABELS else _("The whole row")


def sheet_column_hint(name: str) -> str:
    return str(HINTS[name]) if name in HINTS else ""


def labels(kind: SheetKind) -> dict[str, str]:
    return {one.name: sheet_column(one.name) for one in kind.columns}


def places(kind: SheetKind) -> list[tuple[str, Any]]:
    """Where a column can go, for a drop-down."""
    return [("", _("Leave this column out")), *labels(kind).items()]


def sheet_problem(problem: Problem) -> str:
    return sentence(problem.key, problem.values)


def sheet_twin(twin: Twin) -> str:
    """Why a row may repeat something; of somebody whom the reader may not see, that there is somebody."""
    return str(TWINS[twin.key]) % {"code": twin.code or _("somebody at another house"), "row": twin.other_row}


def twin_choices() -> list[tuple[str, Any]]:
    return [
        (LEAVE_OUT, _("Leave these rows out")),
        (BRING_TOO, _("Bring them in too: I have looked, and they are different")),
    ]


def sheet_counts(one: Listed) -> str:
    return ", ".join(str(COUNTED[table](count)) for table, count in one.counts.items() if table in COUNTED)


def sheet_until(one: Listed) -> str:
    return moment(one.until)


class Vocabulary(Mapping[str, Mapping[str, str]]):
    """For each list, what may stand in a cell: its codes, its words in English, and in the reader's language."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def __getitem__(self, picklist: str) -> dict[str, str]:
        if picklist not in self._known:
            self._known[picklist] = _values(picklist)
        return self._known[picklist]

    def get(self, picklist: str, default: Any = None) -> Any:
        return self[picklist]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _named(listed: Iterable[ServiceType | Fund]) -> Iterator[tuple[str, str]]:
    """Under its shipped name and under every name that the agency gave it."""
    for one in listed:
        yield from ((one.code, label) for label in (one.label, *one.labels.values()))


_BOOKS: dict[str, Callable[[], Iterable[tuple[str, str]]]] = {
    "services": lambda: _named(service_list().services.values()),
    "funds": lambda: _named(service_list().funds.values()),
    "papers": lambda: ((one.code, one.label) for one in papers().kinds.values()),
    "paper_states": lambda: ((one.code, one.label) for one in papers().states.values()),
    "countries": country_choices,
    "matters": lambda: (
        (code, name) for code, one in lawbook.matter_types().items() for name in (one.label, one.classification) if name
    ),
    "rules": lambda: ((one, lawbook.book().versions(one)[-1].label) for one in lawbook.book().ids),
}
"""Lists that stand in rule files of their own, as (code, label)."""


def _values(picklist: str) -> dict[str, str]:
    if picklist == "sheets.yes_no":
        yes = {"yes", "y", "true", "1", "x", "si", "sí", folded(_("Yes"))}
        return dict.fromkeys(yes, "yes") | dict.fromkeys({"no", "n", "false", "0", folded(_("No"))}, "no")
    if picklist in _BOOKS:
        listed = list(_BOOKS[picklist]())
        known = {folded(label): code for code, label in listed} | {folded(_(label)): code for code, label in listed}
        return known | {folded(code): code for code, _label in listed}
    known = {folded(one.label): one.code for one in picklists()[picklist].choices}
    known |= {folded(str(label)): code for code, label, _hint in choices_of(picklist)}
    return known | {folded(code): code for code in list(known.values())}


GLOBALS = (sheet_column_hint, sheet_column, sheet_counts, sheet_kind, sheet_problem, sheet_twin, sheet_until)
