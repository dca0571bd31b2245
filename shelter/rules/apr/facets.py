"""How a person spreads over the rows of a table: each facet gives the keys of the rows she counts in."""

from collections.abc import Callable, Iterable

from shelter.rules.apr.housing import counts_move_in, days_homeless, days_to_move_in
from shelter.rules.apr.members import OUTREACH, Member
from shelter.rules.apr.stages import violence_of

Facet = Callable[[Member], Iterable[str]]
TOTAL = "total"
_AGES = (4, 12, 17, 24, 34, 44, 54, 61, 64)
_DAYS = (7, 14, 21, 30, 60, 90, 180, 365, 730, 1095, 1460, 1825)
_REFUSED = (8, 9)
_PREVENTION = 12
_SUPPORTIVE = 3
_RENTAL_WITH_SUBSIDY, _NO_ANSWER = 435, 99


def code(value: int | None) -> str:
    return "" if value is None else str(value)


def days_band(days: int | None) -> str:
    """The upper limit of the finest band that any table has, `more`, or nothing where it is unknown."""
    if days is None:
        return ""
    return next((str(limit) for limit in _DAYS if days <= limit), "more")


def age_state(member: Member) -> str:
    if member.age is not None:
        return "adult" if member.is_adult else "child"
    refused = member.person.born_quality in _REFUSED and (member.rules.born_unknown or member.person.born is None)
    return "refused" if refused else "unasked"


def _state(member: Member) -> Iterable[str]:
    moved = (TOTAL, "moved") if counts_move_in(member) and member.moved_in else (TOTAL,)
    return (age_state(member), *moved)


def _age(member: Member) -> Iterable[str]:
    if member.age is None:
        return (age_state(member), TOTAL)
    return (next((str(limit) for limit in _AGES if member.age <= limit), "older"), TOTAL)


def _gender(member: Member) -> Iterable[str]:
    person = member.person
    held = person.gender
    if person.gender_none in _REFUSED:
        row = "refused"
    elif person.gender_none is not None:
        row = "unasked"
    elif "Questioning" in held:
        row = "questioning"
    elif "NonBinary" in held or {"Woman", "Man"} <= held:
        row = "no single"
    elif "Transgender" in held:
        row = "transgender"
    else:
        row = "male" if "Man" in held else "female" if "Woman" in held else "unasked"
    return (row, TOTAL)


def race_of(member: Member) -> str:
    """One race, `several`, `refused` or `unasked`."""
    person = member.person
    if person.race_none is not None:
        return "refused" if person.race_none in _REFUSED else "unasked"
    if len(person.race) > 1:
        return "several"
    return next(iter(person.race), "unasked")


def races_of(member: Member) -> str:
    """Since FY2024: every race ticked, in the order of the alphabet; RaceNone counts only without one."""
    person = member.person
    if not person.race:
        return "refused" if person.race_none in _REFUSED else "unasked"
    if len(person.race) > 2:
        return "several with Hispanic" if "HispanicLatinao" in person.race else "several"
    return "+".join(sorted(person.race))


def _race_columns(member: Member) -> Iterable[str]:
    race = member.person.race
    if len(race) > 1:
        return (TOTAL, "with Hispanic" if "HispanicLatinao" in race else "several")
    return (TOTAL, next(iter(race), "unknown"))


def _survivor(member: Member) -> Iterable[str]:
    record = violence_of(member)
    return (code(record.survivor if record else None), TOTAL)


def _fleeing(member: Member) -> Iterable[str]:
    record = violence_of(member)
    return (code(record.fleeing), TOTAL) if record and record.survivor == 1 else ()


def _occurred(member: Member) -> Iterable[str]:
    record = violence_of(member)
    return (code(record.occurred), TOTAL) if record and record.survivor == 1 else ()


def destination_of(member: Member) -> int | None:
    """Where a leaver went; a rental with a subsidy that nobody named is no answer."""
    leaving = member.enrollment.leaving
    went = leaving.destination if member.is_leaver and leaving else None
    return _NO_ANSWER if went == _RENTAL_WITH_SUBSIDY else went


def _destination(member: Member) -> Iterable[str]:
    rules, went, kind = member.rules, destination_of(member), member.project.kind
    outreach = kind == OUTREACH
    positive = set(rules.positive)
    if kind in rules.shelters:
        positive |= rules.positive_after_shelter
    if outreach:
        positive |= rules.positive_after_outreach
    keys = [code(went), TOTAL]
    if went in positive:
        keys.append("positive")
    if went in (rules.excluded_after_outreach if outreach else rules.excluded):
        keys.append("excluded")
    return keys


def _prevented(member: Member) -> Iterable[str]:
    leaving = member.enrollment.leaving
    if member.project.kind != _PREVENTION or leaving is None or not member.is_leaver:
        return ()
    told = f"{code(leaving.assessment)}+{code(leaving.subsidy)}" if leaving.assessment in (1, 2) else None
    return (told or code(leaving.assessment), TOTAL)


def _to_housing(member: Member) -> Iterable[str]:
    if not counts_move_in(member):
        return ()
    days = days_to_move_in(member)
    if days is not None and _moves_with_head(member):
        return () if days > member.rules.longest_time_to_housing else (days_band(days), "moved", TOTAL)
    return ("unmoved", TOTAL) if member.is_leaver and member.moved_in is None else ()


def _moves_with_head(member: Member) -> bool:
    """Since FY2026 a household's time to housing counts in the period in which its head moved in."""
    if not member.rules.housing_by_head or member.head is None:
        return True
    day = member.head.moved_in
    return day is not None and member.period.first <= day <= member.period.last


def _moving_on(member: Member) -> Iterable[str]:
    """The last assistance that helped somebody in supportive housing to move on."""
    given = [one for one in member.enrollment.services if one[0] <= member.period.last]
    if member.project.kind != _SUPPORTIVE or not given:
        return ()
    return (str(max(given)[1]), TOTAL)


def _prior_homelessness(member: Member) -> Iterable[str]:
    kind, rules = member.project.kind, member.rules
    if kind not in rules.prior_homelessness_for and not (kind == 7 and counts_move_in(member)):
        return ()
    if counts_move_in(member) and member.moved_in is None:
        return ("unmoved", TOTAL)
    days = days_homeless(member)
    return ("undated", TOTAL) if days is None else (days_band(days), "moved", TOTAL)


def _head_state(member: Member) -> Iterable[str]:
    order = ("yes", "no", "unknown", "missing")
    found = {one.shared_chronic for one in member.household}
    return (next(answer for answer in order if answer in found), TOTAL)


def _veteran(member: Member) -> Iterable[str]:
    served = member.person.veteran
    if served != 1:
        return (code(served), TOTAL)
    return ("chronic" if member.shared_chronic == "yes" else "not chronic", TOTAL)


def _veteran_household(member: Member) -> Iterable[str]:
    adults = [one for one in member.household if one.is_adult]
    answers = [next(iter(_veteran(one))) for one in adults]
    for wanted in ("chronic", "not chronic"):
        if wanted in answers:
            return (wanted, TOTAL)
    if answers and all(one == "0" for one in answers):
        return ("0", TOTAL)
    refused = any(one in ("8", "9") for one in answers)
    return ("8" if refused else "", TOTAL)


FACETS: dict[str, Facet] = {
    "age": _age,
    "age state": _state,
    "chronic": lambda member: (member.shared_chronic, TOTAL),
    "chronic household": _head_state,
    "destination": _destination,
    "ethnicity": lambda member: (code(member.person.ethnicity), TOTAL),
    "fleeing": _fleeing,
    "gender": _gender,
    "moving on": _moving_on,
    "occurred": _occurred,
    "prevented": _prevented,
    "prior homelessness": _prior_homelessness,
    "race": lambda member: (race_of(member), TOTAL),
    "race columns": _race_columns,
    "races": lambda member: (races_of(member), TOTAL),
    "sex": lambda member: (code(member.person.sex), TOTAL),
    "situation": lambda member: (code(member.enrollment.situation), TOTAL),
    "stay": lambda member: (days_band(member.days), TOTAL),
    "survivor": _survivor,
    "time to housing": _to_housing,
    "veteran": _veteran,
    "veteran household": _veteran_household,
}
