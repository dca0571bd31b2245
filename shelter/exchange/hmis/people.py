"""A row of Client.csv as a person: what of her name may be used, how sure her birth date is, what the year's
form asked."""

import re
from datetime import date

from shelter.exchange.hmis.layout import Layout
from shelter.exchange.hmis.plan import BirthDate, PlannedClient
from shelter.exchange.hmis.problems import Problems, Reason
from shelter.exchange.hmis.rows import Row

_NAMES = ("FirstName", "MiddleName", "LastName", "NameSuffix")
# MD5, SHA-1 or SHA-256 in hexadecimal, for an SSN with its last four digits before it.
_HASH = re.compile(r"(?:[0-9xX]{4})?(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64})", re.ASCII)
_BIRTH_DATES = {1: BirthDate.EXACT, 2: BirthDate.APPROXIMATE, 8: BirthDate.UNKNOWN, 9: BirthDate.DECLINED}


def looks_hashed(text: str | None) -> bool:
    """Whether a name or number has the shape of a hash, which no name and no number has."""
    return text is not None and _HASH.fullmatch(text) is not None


def planned_client(row: Row, layout: Layout, *, names_are_hashed: bool, problems: Problems) -> PlannedClient:
    """A person, with `names_are_hashed` as her export says it; her own names are looked at too."""
    names = [row.text(column) for column in _NAMES]
    is_hashed = _are_hashed(row, names, said=names_are_hashed, problems=problems)
    first, middle, last, suffix = [None] * 4 if is_hashed else names
    ssn = row.text("SSN")
    birth_date, certainty = _birth_date(row, problems)
    asks_gender = any(column.common in layout.genders for column in layout.files["Client"].columns.values())
    return PlannedClient(
        row=row.kept,
        key=row.kept.key,
        names_are_hashed=is_hashed,
        first_name=first,
        middle_name=middle,
        last_name=last,
        name_suffix=suffix,
        name_quality=row.code("NameDataQuality"),
        birth_date=birth_date,
        birth_date_is=certainty,
        ssn=None if is_hashed or looks_hashed(ssn) else ssn,
        ssn_quality=row.code("SSNDataQuality"),
        races=tuple(column for column in layout.races if row.code(column) == 1),
        race_none=row.code("RaceNone"),
        sex=row.code("Sex"),
        genders=tuple(column for column in layout.genders if row.code(column) == 1) if asks_gender else None,
        gender_none=row.code("GenderNone"),
        veteran_status=row.code("VeteranStatus"),
    )


def _are_hashed(row: Row, names: list[str | None], *, said: bool, problems: Problems) -> bool:
    given = [name for name in names if name is not None]
    seen = any(looks_hashed(name) for name in given)
    if seen and not said:
        problems.add(row.kept.file, row.kept.line, "FirstName", Reason.NAME_IS_HASHED)
    if said and not all(looks_hashed(name) for name in given):
        problems.add(row.kept.file, row.kept.line, "FirstName", Reason.NAME_IS_NOT_HASHED)
    return said or seen


def _birth_date(row: Row, problems: Problems) -> tuple[date | None, BirthDate]:
    """A birth date and how sure it is. A date beside "doesn't know" or "prefers not to answer" is not used;
    one beside "not collected" is, as approximate (HUD's own report kit counts it)."""
    given = row.values.get("DOB")
    certainty = _BIRTH_DATES.get(row.code("DOBDataQuality") or 0, BirthDate.NOT_COLLECTED)
    if not isinstance(given, date):
        return None, certainty if certainty in (
            BirthDate.UNKNOWN,
            BirthDate.DECLINED,
        ) else BirthDate.NOT_COLLECTED
    if certainty in (BirthDate.UNKNOWN, BirthDate.DECLINED):
        problems.add(row.kept.file, row.kept.line, "DOB", Reason.BIRTH_DECLINED_BUT_GIVEN)
        return None, certainty
    return given, BirthDate.APPROXIMATE if certainty is BirthDate.NOT_COLLECTED else certainty
