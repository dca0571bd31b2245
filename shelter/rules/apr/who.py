"""Whom a table counts, and under which columns she stands."""

from collections.abc import Callable, Iterable

from shelter.rules.apr.facets import FACETS, TOTAL, Facet, age_state, destination_of
from shelter.rules.apr.members import Member

_YEAR = 365
_RENTAL_WITH_SUBSIDY = frozenset({428, 419, 431, 433, 434, 420, 436, 437, 438, 439, 440})
_PREVENTION = 12


def _long_stayer(member: Member) -> bool:
    """An adult or head whose household's head stays and has stayed a year; since FY2026 also her own year."""
    head = member.head
    long = head is not None and not head.is_leaver and head.days >= _YEAR
    own = member.rules.own_long_stay_counts and member.is_adult and member.days >= _YEAR
    return member.is_adult_or_head and not member.is_leaver and (long or own)


WHO: dict[str, Callable[[Member], bool]] = {
    "adult": lambda member: member.is_adult,
    "adult or head": lambda member: member.is_adult_or_head,
    "child": lambda member: member.is_child,
    "chronic": lambda member: member.shared_chronic == "yes",
    "head": lambda member: member.is_head,
    "leaver": lambda member: member.is_leaver,
    "long stayer": _long_stayer,
    "not adult": lambda member: not member.is_adult,
    "not in prevention": lambda member: member.project.kind != _PREVENTION,
    "of a household with an adult": lambda member: any(one.is_adult for one in member.household),
    "parenting youth": lambda member: member.is_parenting_youth,
    "stayer": lambda member: not member.is_leaver,
    "to rent with a subsidy": lambda member: destination_of(member) in _RENTAL_WITH_SUBSIDY,
    "unknown age": lambda member: member.age is None,
    "veteran": lambda member: member.is_adult and member.person.veteran == 1,
    "youth": lambda member: member.is_youth,
}


def _leaving(member: Member) -> Iterable[str]:
    return (TOTAL, "leaver" if member.is_leaver else "stayer")


def _condition_column(member: Member) -> Iterable[str]:
    """Adults and children of a household apart; whoever has no known age stands under the unknown."""
    if member.age is None:
        return (TOTAL, "UK")
    if member.household_kind == "AC":
        return (TOTAL, "AC adult" if member.is_adult else "AC child")
    return (TOTAL, member.household_kind)


def _age_column(member: Member) -> Iterable[str]:
    if member.age is None:
        return (TOTAL, age_state(member))
    return (TOTAL, "child" if member.is_child else "24" if member.age < 25 else "61" if member.age < 62 else "older")


COLUMNS: dict[str, Facet] = {
    "age": _age_column,
    "conditions": _condition_column,
    "household": lambda member: (TOTAL, member.household_kind),
    "leaving": _leaving,
    "race": FACETS["race columns"],
}


def are(names: Iterable[str]) -> Callable[[Member], bool]:
    """The people of whom all of `names` are true."""
    tests = [WHO[name] for name in names]
    return lambda member: all(test(member) for test in tests)
