"""One person's case in the terms of HTCDS 2.0, as far as she lets it be told: no name, no code, no day but a birth."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.rulefile import Sourced, read

_FILE = Path(__file__).with_name("htcds.toml")
NEEDED = "happened"
"""The item of a release without which there is no record."""


class Terms(Sourced, frozen=True, kw_only=True):
    """The standard's word for each of our codes; `items` are the items of a release that a record can tell."""

    standard: str
    items: tuple[str, ...]
    status: Mapping[str, str]
    exploitation: Mapping[str, str]
    control: Mapping[str, str]
    support: Mapping[str, str]
    case: Mapping[str, str]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the house knows, in its codes."""

    status: str = ""
    exploitation: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    born: date | None = None
    sex: str = ""
    citizenship: str = ""
    languages: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    case: str = ""


@cache
def terms() -> Terms:
    """Raises BadRuleFile."""
    return read(_FILE, Terms)


def record_of(told: Told, items: Collection[str], record: str) -> dict[str, object]:
    """The record under an id of its own; a group is there only where its item is told."""
    known = terms()
    groups: dict[str, dict[str, object]] = {
        "happened": {
            "traffickingStatus": known.status.get(told.status, ""),
            "typeOfExploitation": _words(known.exploitation, told.exploitation),
            "methodsOfControl": _words(known.control, told.control),
            "industry": sorted(told.industry),
        },
        "birth": {"dateOfBirth": told.born.isoformat() if told.born else ""},
        "answers": {"sex": told.sex, "citizenship": told.citizenship, "languages": sorted(told.languages)},
        "services": {"supportTypes": _words(known.support, told.services)},
        "served": {"caseStatus": known.case.get(told.case, "")},
    }
    found: dict[str, object] = {"standard": known.standard, "record": record}
    for item, values in groups.items():
        if item in items:
            found |= values
    return found


def _words(known: Mapping[str, str], codes: Collection[str]) -> list[str]:
    return sorted({known[code] for code in codes if code in known})
