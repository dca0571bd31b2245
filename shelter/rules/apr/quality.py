"""Q6: what is missing, refused or impossible in the records."""

from collections.abc import Callable, Iterable
from datetime import date

from shelter.rules.apr import money
from shelter.rules.apr.facets import race_of
from shelter.rules.apr.members import Member
from shelter.rules.apr.records import Enrollment, Income
from shelter.rules.apr.report import Cell, Cells, Report, share
from shelter.rules.apr.stages import disabilities_at, income_at
from shelter.rules.apr.who import WHO

_REFUSED = (8, 9)
_UNKNOWN = (8, 9, 99, None)
_NO_DESTINATION = (8, 9, 30, 99, None)
_ASKED_SINCE = date(2016, 10, 1)
_CONTINUUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ALWAYS_DISABLING, _IF_LASTING = (6, 8), (5, 7, 9, 10)
Flaw = str | None


def without_unengaged(report: Report) -> list[Member]:
    """Whose data are judged: since FY2026 nobody met on the street who has not engaged."""
    if not report.rules.only_engaged_are_judged:
        return report.people
    last = report.period.last
    return [one for one in report.people if one.project.kind != 4 or _engaged(one, last)]


def _engaged(member: Member, last: date) -> bool:
    return member.enrollment.engaged is not None and member.enrollment.engaged <= last


# -- Q6a ---------------------------------------------------------------------------------------


def _name(member: Member) -> Flaw:
    quality = member.person.name_quality
    if quality in _REFUSED:
        return "refused"
    if not member.person.is_named or quality in (99, None):
        return "missing"
    return "issue" if quality == 2 else None


def _ssn(member: Member) -> Flaw:
    person = member.person
    if person.ssn_quality in _REFUSED:
        return "refused"
    if person.ssn == "blank" or person.ssn_quality in (99, None):
        return "missing"
    return "issue" if person.ssn_quality == 2 or person.ssn == "bad" else None


def _birth(member: Member) -> Flaw:
    person, rules = member.person, member.rules
    refused = person.born_quality in _REFUSED
    if refused and (rules.born_unknown or person.born is None):
        return "refused"
    if person.born is None:
        return "missing"
    if person.born_quality == 2 or person.born_quality in rules.dated_birth_flaws:
        return "issue"
    created = person.created if rules.birth_against_client_record else member.enrollment.created
    impossible = (
        person.born < rules.oldest_birth
        or (created is not None and person.born > created)
        or (member.is_adult_or_head and person.born > member.entry)
    )
    return "issue" if person.born_quality == 1 and impossible else None


def _race(member: Member) -> Flaw:
    return {"refused": "refused", "unasked": "missing"}.get(race_of(member))


def _ethnicity(member: Member) -> Flaw:
    said = member.person.ethnicity
    return "refused" if said in _REFUSED else "missing" if said in (99, None) else None


def _gender(member: Member) -> Flaw:
    person = member.person
    if person.gender_none in _REFUSED:
        return "refused"
    return "missing" if person.gender_none is not None or not person.gender else None


_ABOUT_HER: dict[str, Callable[[Member], Flaw]] = {
    "name": _name, "ssn": _ssn, "born": _birth, "race": _race, "ethnicity": _ethnicity, "gender": _gender,
}  # fmt: skip


def about_her(report: Report) -> Cells:
    people = without_unengaged(report)
    asked = {key for key, *_ in (row.keys or ("",) for row in report.book.rows("Q6a"))} & _ABOUT_HER.keys()
    cells: dict[tuple[str, str], Cell] = {}
    flawed: set[str] = set()
    for row in asked:
        found = [(one.person.id, flaw) for one in people if (flaw := _ABOUT_HER[row](one)) is not None]
        flawed |= {person for person, _ in found}
        for kind in ("refused", "missing", "issue"):
            cells[row, kind] = sum(flaw == kind for _, flaw in found)
        cells |= {(row, "total"): len(found), (row, "rate"): share(len(found), len(people))}
    cells |= dict.fromkeys((("overall", kind) for kind in ("refused", "missing", "issue")), None)
    return cells | {("overall", "total"): len(flawed), ("overall", "rate"): share(len(flawed), len(people))}


# -- Q6b and Q6c -------------------------------------------------------------------------------


def _veteran(member: Member) -> Flaw:
    served = member.person.veteran
    if member.is_child:
        return "issue" if served == 1 else None
    if served in _REFUSED:
        return "refused"
    return "missing" if served in (99, None) else None


def _overlaps(report: Report) -> set[str]:
    """People with an earlier enrollment in the same project that ended only after this one began."""
    by_place: dict[tuple[str, str], list[Enrollment]] = {}
    for enrollment in report.records.enrollments:
        by_place.setdefault((enrollment.person, enrollment.project), []).append(enrollment)
    return {
        one.person.id
        for one in report.people
        for other in by_place[one.enrollment.person, one.enrollment.project]
        if other.entry < one.entry and (other.leaving is None or other.leaving.day > one.entry)
    }


def _relationship(member: Member) -> Flaw:
    heads = sum(one.is_head for one in member.household)
    if member.enrollment.relationship is None or member.enrollment.relationship == 99:
        return "missing"
    return "issue" if heads != 1 else None


def _location(member: Member) -> Flaw:
    return None if any(_is_continuum(code) for code in member.enrollment.located) else "missing"


def _is_continuum(code: str) -> bool:
    state, _, number = code.partition("-")
    return len(state) == 2 and set(state) <= _CONTINUUM and number.isdigit() and len(number) == 3


def _disabling(member: Member) -> Flaw:
    said = member.enrollment.disabling
    if said in _REFUSED:
        return "refused"
    if said in (99, None):
        return "missing"
    return "issue" if said == 0 and _is_disabled(member) else None


def _is_disabled(member: Member) -> bool:
    for one in disabilities_at(member, "latest"):
        holds = one.response in ((1, 2, 3) if one.kind == 10 else (1,))
        if holds and (one.kind in _ALWAYS_DISABLING or (one.kind in _IF_LASTING and one.lasting == 1)):
            return True
    return False


def _income(member: Member, record: Income | None) -> Flaw:
    said = record.any_income if record else None
    if record is None or said in (99, None):
        return "missing"
    if said in _REFUSED:
        return "refused"
    held = record.sources & set(money.SOURCES)
    return "issue" if bool(held) != (said == 1) else None


def _destination(member: Member) -> Flaw:
    leaving = member.enrollment.leaving
    went = leaving.destination if leaving else None
    return "refused" if went in _REFUSED else "missing" if went in _NO_DESTINATION else None


def _rows(row: str, people: Iterable[Member], flaw: Callable[[Member], Flaw]) -> dict[tuple[str, str], Cell]:
    found, whole = [], 0
    for member in people:
        whole += 1
        found.append(flaw(member))
    flawed = sum(one is not None for one in found)
    cells: dict[tuple[str, str], Cell] = {(row, kind): found.count(kind) for kind in ("refused", "missing", "issue")}
    return cells | {(row, "total"): flawed, (row, "rate"): share(flawed, whole)}


def about_her_stay(report: Report) -> Cells:
    people = without_unengaged(report)
    twice = _overlaps(report)
    asked = [
        one
        for one in people
        if one.is_adult or (one.is_child and (report.rules.known_age_is_asked_of_service or one.person.veteran == 1))
    ]
    heads = [one for one in people if one.is_head]
    return (
        _rows("veteran", asked, _veteran)
        | _rows("started", people, lambda one: "issue" if one.person.id in twice else None)
        | _rows("relationship", people, _relationship)
        | _rows("located", heads, _location)
        | _rows("disabling", people, _disabling)
    )


def about_her_income(report: Report) -> Cells:
    people = without_unengaged(report)
    asked = [one for one in people if one.is_adult_or_head]
    if report.rules.long_stayers_are_asked_yearly:
        stay = [one for one in people if WHO["long stayer"](one)]
    else:
        stay = [one for one in asked if not one.is_leaver and one.required is not None]
    return (
        _rows("destination", [one for one in people if one.is_leaver], _destination)
        | _rows("start", asked, lambda one: _income(one, income_at(one, "start")))
        | _rows("annual", stay, lambda one: _income(one, income_at(one, "annual")))
        | _rows("exit", [one for one in asked if one.is_leaver], lambda one: _income(one, income_at(one, "exit")))
    )


# -- Q6d ---------------------------------------------------------------------------------------


def _time_unknown(member: Member) -> set[str]:
    asked = member.enrollment
    found = set()
    if asked.street_since is None:
        found.add("since")
    if asked.times in _UNKNOWN:
        found.add("times")
    if asked.months in _UNKNOWN:
        found.add("months")
    return found


def _housed_flaws(member: Member) -> set[str]:
    asked, rules = member.enrollment, member.rules
    institution = asked.situation in rules.institutions
    homeless = asked.situation in rules.homeless
    found: set[str] = set()
    if not homeless and asked.stayed in _UNKNOWN:
        found.add("institution" if institution else "housing")
    short = (10, 11, 2, 3) if institution else (10, 11)
    if homeless or (asked.street_before == 1 and asked.stayed in short):
        found |= _time_unknown(member)
    return found


_PLACES: dict[str, Callable[[Member], bool]] = {
    "sheltered": lambda member: member.project.kind in (0, 1, 4, 8),
    "transitional": lambda member: member.project.kind == 2,
    "housing": lambda member: member.project.kind in (3, 9, 10, 13),
    "coordinated": lambda member: member.project.kind == 14,
    "services": lambda member: member.project.kind in (6, 11, 12),
}


def about_time_homeless(report: Report) -> Cells:
    people = [one for one in without_unengaged(report) if one.is_adult_or_head and one.entry > _ASKED_SINCE]
    cells: dict[tuple[str, str], Cell] = {}
    whole = flawed = 0
    rows = {key for row in report.book.rows("Q6d") for key in row.keys} & _PLACES.keys()
    for row in sorted(rows):
        belongs = _PLACES[row]
        of_row = [one for one in people if belongs(one)]
        flaws = [_time_unknown(one) if row == "sheltered" else _housed_flaws(one) for one in of_row]
        kinds = ("since", "times", "months") if row == "sheltered" else ("institution", "housing", *_TIMES)
        cells |= dict.fromkeys(((row, kind) for kind in ("institution", "housing", *_TIMES)), None)
        if of_row:
            cells |= {(row, kind): sum(kind in one for one in flaws) for kind in kinds}
        bad = sum(bool(one) for one in flaws)
        cells[row, "count"], cells[row, "rate"] = len(of_row), share(bad, len(of_row)) if of_row else ""
        whole, flawed = whole + len(of_row), flawed + bad
    cells |= dict.fromkeys((("total", kind) for kind in ("institution", "housing", *_TIMES)), None)
    return cells | {("total", "count"): whole, ("total", "rate"): share(flawed, whole)}


_TIMES = ("since", "times", "months")


# -- Q6e and Q6f -------------------------------------------------------------------------------


def about_writing_down(report: Report) -> Cells:
    """How many days after an entry or an exit somebody wrote it down."""
    cells: dict[tuple[str, str], int] = {}
    for one in without_unengaged(report):
        made, leaving = one.enrollment.created, one.enrollment.leaving
        if one.entry >= report.period.first and made is not None:
            _put(cells, (made - one.entry).days, "entry", report)
        if one.is_leaver and leaving is not None and leaving.created is not None:
            _put(cells, (leaving.created - leaving.day).days, "exit", report)
    return cells


def _put(cells: dict[tuple[str, str], int], days: int, column: str, report: Report) -> None:
    early = "before" if report.rules.early_entries_apart else "0"
    row = early if days < 0 else next((str(most) for most in (0, 3, 6, 10) if days <= most), "more")
    cells[row, column] = cells.get((row, column), 0) + 1


def about_inactivity(report: Report) -> Cells:
    last = report.period.last
    stay = [one for one in without_unengaged(report) if not one.is_leaver and (last - one.entry).days >= 90]
    met = [one for one in stay if one.is_adult_or_head and _is_contacted(one, last)]
    slept = [one for one in stay if one.is_by_night]
    return _inactive("contact", met, last, _last_contact) | _inactive("night", slept, last, _last_night)


def _is_contacted(member: Member, last: date) -> bool:
    if not member.rules.funded_by_path_contacts:
        return member.project.kind == 4 or member.is_by_night
    if member.project.kind == 4:
        return _engaged(member, last)
    return member.project.kind == 6 and 21 in member.project.funders


def _last_contact(member: Member) -> date:
    met = [one.day for one in member.enrollment.contacts if one.day <= member.period.last]
    return max(member.entry, *met) if met else member.entry


def _last_night(member: Member) -> date:
    nights = [night for night in member.enrollment.nights if night <= member.period.last]
    return max(nights, default=date.min)


def _inactive(
    row: str, people: list[Member], last: date, newest: Callable[[Member], date]
) -> dict[tuple[str, str], Cell]:
    idle = sum((last - newest(one)).days > 90 for one in people)
    return {(row, "count"): len(people), (row, "inactive"): idle, (row, "rate"): share(idle, len(people))}
