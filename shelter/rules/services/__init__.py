"""The agency's list of services, the line of each funder that counts each of them, and the funds money comes from.

One entry serves every funder: a service has at most one line of a funder on a day. Nothing here is about a person.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec

from shelter.rules.rulefile import BadRuleFile, Sourced, files_in, read, require_unique

FOLDER = Path(__file__).parent
LIST = "list.toml"


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: str
    label: str


class ServiceType(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One service of the agency; `group`: several people can get it at once, `legal`: a lawyer's team gives it.

    `labels` are the agency's own words by language; `retired` is no more on offer, and counted as it was.
    """

    code: str
    label: str
    area: str
    legal: bool = False
    group: bool = False
    labels: Mapping[str, str] = {}
    retired: bool = False


class Fund(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where money for a person comes from; the two limits are codes of `shelter.rules.limits`, in whole dollars.

    A fund of the agency's own names no codes, and says its dollars in `limits`: in a year, and without asking.
    """

    code: str
    label: str
    per_person_a_year: str = ""
    approval_over: str = ""
    needs: tuple[str, ...]
    limits: tuple[int, int] | None = None
    labels: Mapping[str, str] = {}
    retired: bool = False


class Counted(Sourced, frozen=True, kw_only=True):
    """One version of a funder's lines, and the line that counts each of our services; `own` are those that the
    agency maps itself.
    """

    lines: Mapping[str, str]
    counts: Mapping[str, str]
    own: frozenset[str] = frozenset()


class Funder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: str
    label: str
    version: tuple[Counted, ...]

    def on(self, day: date) -> Counted | None:
        """The version in force on a day."""
        return next((one for one in self.version if one.holds_on(day)), None)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Where a funder counts a service; `to_be_confirmed` where the mapping is not read in the funder's own text, `own`
    where the agency decided it.
    """

    funder: str
    code: str
    label: str
    to_be_confirmed: bool
    own: bool = False


class _List(msgspec.Struct, forbid_unknown_fields=True):
    service: tuple[ServiceType, ...]
    area: tuple[Area, ...]
    fund: tuple[Fund, ...]


class ServiceBook(msgspec.Struct, frozen=True):
    """Services, areas, funds and funders by code."""

    services: Mapping[str, ServiceType]
    areas: Mapping[str, Area]
    funds: Mapping[str, Fund]
    funders: Mapping[str, Funder]

    def lines(self, service: str, day: date) -> tuple[Line, ...]:
        """The line of each funder that counts this service on this day; a funder that does not count it has none."""
        found = []
        for funder in self.funders.values():
            version = funder.on(day)
            code = version.counts.get(service) if version else None
            if version is not None and code is not None:
                found.append(
                    Line(
                        funder=funder.label,
                        code=code,
                        label=version.lines[code],
                        to_be_confirmed=version.to_be_confirmed,
                        own=service in version.own,
                    )
                )
        return tuple(found)


def load_services(folder: Path = FOLDER) -> ServiceBook:
    """The list and every funder's file of a folder. Raises BadRuleFile where one names what the other does not have."""
    listed = read(folder / LIST, _List)
    for kind, codes in (
        ("service", [one.code for one in listed.service]),
        ("area", [one.code for one in listed.area]),
        ("fund", [one.code for one in listed.fund]),
    ):
        require_unique(codes, LIST, kind)
    areas = {one.code: one for one in listed.area}
    for position, one in enumerate(listed.service):
        if one.area not in areas:
            raise BadRuleFile(LIST, f"$.service[{position}].area", f"`{one.area}` is no area")
    services = {one.code: one for one in listed.service}
    funders: dict[str, Funder] = {}
    for path in files_in(folder):
        if path.name != LIST:
            funder = read(path, Funder)
            _check(path.name, funder, services)
            funders[funder.code] = funder
    return ServiceBook(services, areas, {one.code: one for one in listed.fund}, funders)


def _check(file: str, funder: Funder, services: Mapping[str, ServiceType]) -> None:
    """Each version maps services there are to lines there are, and no two versions hold on one day."""
    ordered = sorted(funder.version, key=lambda one: one.effective_from)
    for earlier, later in pairwise(ordered):
        if earlier.effective_until is None or later.effective_from <= earlier.effective_until:
            raise BadRuleFile(file, "$.version", "two versions hold on one day")
    for position, version in enumerate(funder.version):
        for service, line in version.counts.items():
            if service not in services:
                raise BadRuleFile(file, f"$.version[{position}].counts", f"`{service}` is no service of the list")
            if line not in version.lines:
                raise BadRuleFile(file, f"$.version[{position}].counts", f"`{line}` is no line of this funder")


@cache
def service_book() -> ServiceBook:
    """The shipped list and funders, read once."""
    return load_services()
