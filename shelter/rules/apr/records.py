"""What the rules count: people, their enrollments, and what was asked of them, as plain typed records.

Codes are those of the HMIS CSV format of FY2026 whatever year they were written in; a rental with a subsidy
(435) is written as its kind of subsidy (431, 419, ...). No name and no number is here, only what the rules ask
of them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

Ssn = Literal["blank", "bad", "good"]


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`race` are the columns of races that hold 1, `gender` those of genders."""

    id: str
    is_named: bool = False
    name_quality: int | None = None
    ssn: Ssn = "blank"
    ssn_quality: int | None = None
    born: date | None = None
    born_quality: int | None = None
    sex: int | None = None
    gender: frozenset[str] = frozenset()
    gender_none: int | None = None
    race: frozenset[str] = frozenset()
    race_none: int | None = None
    ethnicity: int | None = None
    veteran: int | None = None
    created: date | None = None


class Income(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`sources`, `benefits` and `insurance` are the columns that hold 1; `amounts` those filled, in cents."""

    day: date | None
    stage: int | None
    any_income: int | None = None
    total: int | None = None
    sources: frozenset[str] = frozenset()
    amounts: Mapping[str, int] = {}
    any_benefits: int | None = None
    benefits: frozenset[str] = frozenset()
    any_insurance: int | None = None
    insurance: frozenset[str] = frozenset()
    updated: str = ""


class Disability(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    day: date | None
    stage: int | None
    kind: int | None
    response: int | None
    lasting: int | None = None


class Violence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    day: date | None
    survivor: int | None
    occurred: int | None = None
    fleeing: int | None = None
    updated: str = ""


class Schooling(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    day: date | None
    stage: int | None
    attending: int | None = None
    recent: int | None = None
    current: int | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    day: date
    situation: int | None = None


class Leaving(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    day: date
    destination: int | None = None
    assessment: int | None = None
    subsidy: int | None = None
    created: date | None = None


class Enrollment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`nights` are the days of bed nights, `away` nights of agreed leave (HUD counts them), `services` the dated kinds
    of moving-on assistance, `located` the continuum codes written at the start."""

    id: str
    person: str
    project: str
    household: str
    entry: date
    relationship: int | None = None
    situation: int | None = None
    stayed: int | None = None
    under_threshold: int | None = None
    street_before: int | None = None
    street_since: date | None = None
    times: int | None = None
    months: int | None = None
    disabling: int | None = None
    engaged: date | None = None
    moved_in: date | None = None
    created: date | None = None
    leaving: Leaving | None = None
    located: tuple[str, ...] = ()
    income: tuple[Income, ...] = ()
    disabilities: tuple[Disability, ...] = ()
    violence: tuple[Violence, ...] = ()
    schooling: tuple[Schooling, ...] = ()
    contacts: tuple[Contact, ...] = ()
    nights: tuple[date, ...] = ()
    away: tuple[date, ...] = ()
    services: tuple[tuple[date, int], ...] = ()


class Project(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kind` is HUD's project type since FY2024: 0 shelter by entry and exit, 1 night by night."""

    id: str
    name: str
    kind: int | None
    organization: str = ""
    organization_id: str = ""
    provider_for_victims: int | None = None
    rapid: int | None = None
    affiliated: int | None = None
    affiliations: tuple[str, ...] = ()
    continuum: tuple[tuple[str, str], ...] = ()
    funders: frozenset[int] = frozenset()
    access_point: int | None = None


class Records(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    people: Mapping[str, Person]
    enrollments: tuple[Enrollment, ...]
    projects: Mapping[str, Project]
    software: str = ""


class Period(msgspec.Struct, frozen=True):
    first: date
    last: date
