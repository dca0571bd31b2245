"""An export's rows as the records that funders' rules count; read whole, nothing written anywhere.

Names and numbers stay here: a record says only whether there is a name, and what kind of a number.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from shelter.exchange.hmis.layout import Layout
from shelter.exchange.hmis.progress import Phase
from shelter.exchange.hmis.reading import Export
from shelter.exchange.hmis.rows import Row
from shelter.rules.apr.money import SOURCES
from shelter.rules.apr.records import (
    Contact,
    Disability,
    Enrollment,
    Income,
    Leaving,
    Person,
    Project,
    Records,
    Schooling,
    Violence,
)
from shelter.rules.apr.ssn import ssn_kind

_RENTAL_WITH_SUBSIDY = 435
_BED_NIGHT, _MOVING_ON = 200, 300
_BENEFITS = ("SNAP", "WIC", "TANFChildCare", "TANFTransportation", "OtherTANF", "OtherBenefitsSource")
_INSURANCE = (
    "Medicaid", "Medicare", "SCHIP", "VHAServices", "EmployerProvided", "COBRA", "PrivatePay", "StateHealthIns",
    "IndianHealthServices", "OtherInsurance",
)  # fmt: skip
_AMOUNTS = {source: f"{source}Amount" for source in SOURCES} | {"OtherIncomeSource": "OtherIncomeAmount"}
_FILES = (
    "Organization", "Project", "ProjectCoC", "Funder", "Affiliation", "CEParticipation", "Client", "Enrollment",
    "EnrollmentCoC", "Exit", "IncomeBenefits", "HealthAndDV", "Disabilities", "Services", "CurrentLivingSituation",
    "YouthEducationStatus",
)  # fmt: skip


def records_of(export: Export) -> Records:
    """Everything that the rules of any year ask of this export; rows marked deleted are passed over."""
    export.begin(Phase.READING, _FILES)
    return records_from(export.rows, lambda _: export.layout, export.about.row.text("SoftwareName") or "")


def records_from(
    rows: Callable[[str], Iterator[Row]], layout_of: Callable[[Row], Layout], software: str = ""
) -> Records:
    """The same of rows by their file, wherever they lie; each may have come in the format of another year."""

    def live(file: str) -> Iterator[Row]:
        return (row for row in rows(file) if not row.is_deleted)

    children = _Children(live)
    people = (_person(row, layout_of(row)) for row in live("Client"))
    enrollments = (_enrollment(row, children) for row in live("Enrollment"))
    return Records(
        people={person.id: person for person in people},
        enrollments=tuple(one for one in enrollments if one is not None),
        projects=_projects(live),
        software=software,
    )


def _day(row: Row, column: str) -> date | None:
    value = row.values.get(column)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _held(row: Row, columns: Iterable[str]) -> frozenset[str]:
    return frozenset(column for column in columns if row.values.get(column) == 1)


def _cents(row: Row, column: str) -> int | None:
    value = row.values.get(column)
    return int(value * 100) if isinstance(value, Decimal) else None


def _place(row: Row, column: str, subsidy: str) -> int | None:
    """A situation or destination; a rental with a subsidy by its kind of subsidy."""
    code = row.code(column)
    return row.code(subsidy) or code if code == _RENTAL_WITH_SUBSIDY else code


def _person(row: Row, layout: Layout) -> Person:
    return Person(
        id=row.kept.key,
        is_named=bool(row.text("FirstName") and row.text("LastName")),
        name_quality=row.code("NameDataQuality"),
        ssn=ssn_kind(row.text("SSN") or ""),
        ssn_quality=row.code("SSNDataQuality"),
        born=_day(row, "DOB"),
        born_quality=row.code("DOBDataQuality"),
        sex=row.code("Sex"),
        gender=_held(row, layout.genders),
        gender_none=row.code("GenderNone"),
        race=_races(row, layout),
        race_none=row.code("RaceNone"),
        ethnicity=row.code("HispanicLatinao"),
        veteran=row.code("VeteranStatus"),
        created=_day(row, "DateCreated"),
    )


def _races(row: Row, layout: Layout) -> frozenset[str]:
    """Until FY2022 being Hispanic was a question of its own and no race."""
    held = _held(row, layout.races)
    return held - {"HispanicLatinao"} if layout.year == "FY2022" else held


class _Children:
    """What belongs to enrollments, by enrollment."""

    def __init__(self, live: Callable[[str], Iterable[Row]]) -> None:
        self.leaving: dict[str, Leaving] = {}
        self.income: dict[str, list[Income]] = defaultdict(list)
        self.violence: dict[str, list[Violence]] = defaultdict(list)
        self.disabilities: dict[str, list[Disability]] = defaultdict(list)
        self.schooling: dict[str, list[Schooling]] = defaultdict(list)
        self.contacts: dict[str, list[Contact]] = defaultdict(list)
        self.nights: dict[str, list[date]] = defaultdict(list)
        self.services: dict[str, list[tuple[date, int]]] = defaultdict(list)
        self.located: dict[str, list[str]] = defaultdict(list)
        self._read(live)

    def _read(self, live: Callable[[str], Iterable[Row]]) -> None:
        readers: dict[str, Callable[[Row], None]] = {
            "Exit": self._put_leaving,
            "IncomeBenefits": lambda row: self.income[_enrollment_id(row)].append(_income(row)),
            "HealthAndDV": lambda row: self.violence[_enrollment_id(row)].append(_violence(row)),
            "Disabilities": lambda row: self.disabilities[_enrollment_id(row)].append(_disability(row)),
            "YouthEducationStatus": lambda row: self.schooling[_enrollment_id(row)].append(_schooling(row)),
            "CurrentLivingSituation": self._put_contact,
            "Services": self._put_service,
            "EnrollmentCoC": self._put_location,
        }
        for file, read in readers.items():
            for row in live(file):
                read(row)

    def _put_contact(self, row: Row) -> None:
        day = _day(row, "InformationDate")
        if day is not None:
            self.contacts[_enrollment_id(row)].append(Contact(day=day, situation=row.code("CurrentLivingSituation")))

    def _put_location(self, row: Row) -> None:
        if row.code("DataCollectionStage") == 1:
            self.located[_enrollment_id(row)].append(row.text("CoCCode") or "")

    def _put_leaving(self, row: Row) -> None:
        day = _day(row, "ExitDate")
        if day is not None:
            self.leaving[_enrollment_id(row)] = Leaving(
                day=day,
                destination=_place(row, "Destination", "DestinationSubsidyType"),
                assessment=row.code("HousingAssessment"),
                subsidy=row.code("SubsidyInformation"),
                created=_day(row, "DateCreated"),
            )

    def _put_service(self, row: Row) -> None:
        day, kind, provided = _day(row, "DateProvided"), row.code("RecordType"), row.code("TypeProvided")
        if day is not None and kind == _BED_NIGHT:
            self.nights[_enrollment_id(row)].append(day)
        elif day is not None and kind == _MOVING_ON and provided is not None:
            self.services[_enrollment_id(row)].append((day, provided))


def _enrollment_id(row: Row) -> str:
    return row.text("EnrollmentID") or ""


def _updated(row: Row) -> str:
    value = row.values.get("DateUpdated")
    return value.isoformat() if isinstance(value, datetime) else ""


def _income(row: Row) -> Income:
    amounts = {source: cents for source, column in _AMOUNTS.items() if (cents := _cents(row, column)) is not None}
    return Income(
        day=_day(row, "InformationDate"),
        stage=row.code("DataCollectionStage"),
        any_income=row.code("IncomeFromAnySource"),
        total=_cents(row, "TotalMonthlyIncome"),
        sources=_held(row, SOURCES),
        amounts=amounts,
        any_benefits=row.code("BenefitsFromAnySource"),
        benefits=_held(row, _BENEFITS),
        any_insurance=row.code("InsuranceFromAnySource"),
        insurance=_held(row, _INSURANCE),
        updated=_updated(row),
    )


def _violence(row: Row) -> Violence:
    return Violence(
        day=_day(row, "InformationDate"),
        survivor=row.code("DomesticViolenceSurvivor"),
        occurred=row.code("WhenOccurred"),
        fleeing=row.code("CurrentlyFleeing"),
        updated=_updated(row),
    )


def _disability(row: Row) -> Disability:
    return Disability(
        day=_day(row, "InformationDate"),
        stage=row.code("DataCollectionStage"),
        kind=row.code("DisabilityType"),
        response=row.code("DisabilityResponse"),
        lasting=row.code("IndefiniteAndImpairs"),
    )


def _schooling(row: Row) -> Schooling:
    return Schooling(
        day=_day(row, "InformationDate"),
        stage=row.code("DataCollectionStage"),
        attending=row.code("CurrentSchoolAttend"),
        recent=row.code("MostRecentEdStatus"),
        current=row.code("CurrentEdStatus"),
    )


def _enrollment(row: Row, children: _Children) -> Enrollment | None:
    key, entry = row.kept.key, _day(row, "EntryDate")
    if entry is None:
        return None
    located = row.text("EnrollmentCoC")
    return Enrollment(
        id=key,
        person=row.text("PersonalID") or "",
        project=row.text("ProjectID") or "",
        household=row.text("HouseholdID") or f"alone {key}",
        entry=entry,
        relationship=row.code("RelationshipToHoH"),
        situation=_place(row, "LivingSituation", "RentalSubsidyType"),
        stayed=row.code("LengthOfStay"),
        under_threshold=row.code("LOSUnderThreshold"),
        street_before=row.code("PreviousStreetESSH"),
        street_since=_day(row, "DateToStreetESSH"),
        times=row.code("TimesHomelessPastThreeYears"),
        months=row.code("MonthsHomelessPastThreeYears"),
        disabling=row.code("DisablingCondition"),
        engaged=_day(row, "DateOfEngagement"),
        moved_in=_day(row, "MoveInDate"),
        created=_day(row, "DateCreated"),
        leaving=children.leaving.get(key),
        located=(located,) if located else tuple(children.located.get(key, ())),
        income=tuple(children.income.get(key, ())),
        disabilities=tuple(children.disabilities.get(key, ())),
        violence=tuple(children.violence.get(key, ())),
        schooling=tuple(children.schooling.get(key, ())),
        contacts=tuple(children.contacts.get(key, ())),
        nights=tuple(children.nights.get(key, ())),
        services=tuple(children.services.get(key, ())),
    )


def _projects(live: Callable[[str], Iterable[Row]]) -> dict[str, Project]:
    organizations = {row.kept.key: row for row in live("Organization")}
    continuum: dict[str, list[tuple[str, str]]] = defaultdict(list)
    funders: dict[str, set[int]] = defaultdict(set)
    affiliations: dict[str, list[str]] = defaultdict(list)
    for row in live("ProjectCoC"):
        continuum[row.text("ProjectID") or ""].append((row.text("CoCCode") or "", row.text("Geocode") or ""))
    for row in live("Funder"):
        funder = row.code("Funder")
        if funder is not None:
            funders[row.text("ProjectID") or ""].add(funder)
    for row in live("Affiliation"):
        affiliations[row.text("ProjectID") or ""].append(row.text("ResProjectID") or "")
    points = {row.text("ProjectID"): row.code("AccessPoint") for row in live("CEParticipation")}
    found = {}
    for row in live("Project"):
        key = row.kept.key
        owner = organizations.get(row.text("OrganizationID") or "")
        found[key] = Project(
            id=key,
            name=row.text("ProjectName") or "",
            kind=row.code("ProjectType"),
            organization=(owner.text("OrganizationName") or "") if owner else "",
            organization_id=row.text("OrganizationID") or "",
            provider_for_victims=owner.code("VictimServiceProvider") if owner else None,
            rapid=row.code("RRHSubType"),
            affiliated=row.code("ResidentialAffiliation"),
            affiliations=tuple(affiliations.get(key, ())),
            continuum=tuple(continuum.get(key, ())),
            funders=frozenset(funders.get(key, ())),
            access_point=points.get(key),
        )
    return found
