"""The agency's own files of an export: organization, projects, beds, with the flags of a victim service provider."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, func, or_, select

from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.sections import open_section
from shelter.exchange.models import PROJECT_HOUSE, Project
from shelter.exchange.out.differences import Differences, Why
from shelter.exchange.out.kept import KeptFiles
from shelter.policy.actor import Actor
from shelter.stays.models import Bed
from shelter.stays.queries import night_by_night

Keep = Callable[[str, bytes, list[str]], list[str] | None]
Add = Callable[[str, dict[str, str]], None]
FLAGS = {"Organization": ("VictimServiceProvider", "1"), "HMISParticipation": ("HMISParticipationType", "2")}
"""A victim service provider says so, and that it keeps a comparable database (hmis.md 4.3 and 4.4)."""
LONG_AGO = date(1990, 1, 1)
SHELTER, NIGHTLY, SURVIVORS, FACILITY, ALL_YEAR, WITH_CHILDREN = "0", "1", "1", "1", "1", "3"


@dataclass(frozen=True, slots=True)
class Into:
    """Where rows go: one of our own, one as it was imported, and what differs."""

    add: Add
    keep: Keep
    differences: Differences


@dataclass(slots=True)
class Places:
    """Names and projects: `by_site` the ProjectID of a site's stays, `night_by_night` the sites whose roll counts."""

    agency: str
    by_site: dict[bytes, str] = field(default_factory=dict)
    night_by_night: frozenset[bytes] = frozenset()

    def project_of(self, site: bytes) -> str:
        return self.by_site.get(site, site.hex())


def agency_rows(actor: Actor, files: KeptFiles, into: Into, last: date) -> Places:
    """Writes what was imported about the agency, then a project for each site that has none, with its beds of the
    last day.
    """
    agency = the_agency()
    counted = night_by_night(list(db.session.scalars(select(Site.id))))
    places = Places(agency.name_on_screen if agency else "", night_by_night=counted)
    for file, rows in files.rows.items():
        if file == "Export":
            continue
        for source, cells in rows.values():
            into.keep(file, source, _flagged(files, file, source, cells, into.differences))
    for project in db.session.scalars(select(Project).where(Project.site_id.is_not(None))):
        house = open_section(actor, project, PROJECT_HOUSE)
        if house and project.site_id:
            places.by_site[project.site_id] = house.project_id
    _own_sites(places, last, into.add)
    into.add("User", {"UserID": "export", "UserFirstName": "", "UserLastName": "Shelter"})
    return places


def _flagged(files: KeptFiles, file: str, source: bytes, cells: list[str], differences: Differences) -> list[str]:
    """The row with the flag of a victim service provider set, where its file has one."""
    column, value = FLAGS.get(file, ("", ""))
    columns = files.sources[source].columns
    if column not in columns:
        return cells
    at = columns.index(column)
    if cells[at].strip() == value:
        return cells
    differences.note(file, column, Why.FLAG)
    return [*cells[:at], value, *cells[at + 1 :]]


def _own_sites(places: Places, last: date, add: Add) -> None:
    """Sites that no import made: one organization of our own, and for each its project, its beds and its flag."""
    sites = [
        site for site in db.session.scalars(select(Site).order_by(Site.code_name)) if site.id not in places.by_site
    ]
    if not sites:
        return
    agency = the_agency()
    organization = agency.id.hex() if agency else "agency"
    add(
        "Organization",
        {"OrganizationID": organization, "OrganizationName": places.agency, "VictimServiceProvider": "1"},
    )
    for site in sites:
        kind = NIGHTLY if site.id in places.night_by_night else SHELTER
        _project(site, organization, kind, add)
        _beds(site, last, add)


def _project(site: Site, organization: str, kind: str, add: Add) -> None:
    project, opened = site.id.hex(), _opened(site)
    add(
        "Project",
        {
            "ProjectID": project,
            "OrganizationID": organization,
            "ProjectName": site.code_name,
            "OperatingStartDate": opened,
            "ContinuumProject": "0",
            "ProjectType": kind,
            "HousingType": "1",
            "TargetPopulation": SURVIVORS,
        },
    )
    participation = {
        "HMISParticipationID": project,
        "ProjectID": project,
        "HMISParticipationType": FLAGS["HMISParticipation"][1],
        "HMISParticipationStatusStartDate": opened,
    }
    add("HMISParticipation", participation)


def _beds(site: Site, last: date, add: Add) -> None:
    """The beds that stood on the last day."""
    project = site.id.hex()
    opened = or_(Bed.from_day.is_(None), Bed.from_day <= last)
    standing = and_(opened, or_(Bed.until_day.is_(None), Bed.until_day > last))
    beds, units = db.session.execute(
        select(func.count(Bed.id), func.count(Bed.unit_id.distinct())).where(Bed.site_id == site.id, standing)
    ).one()
    if beds:
        number = {"UnitInventory": str(units), "BedInventory": str(beds), "OtherBedInventory": str(beds)}
        kinds = {"HouseholdType": WITH_CHILDREN, "Availability": ALL_YEAR, "ESBedType": FACILITY}
        add(
            "Inventory",
            {"InventoryID": project, "ProjectID": project, "InventoryStartDate": _opened(site)} | kinds | number,
        )


def _opened(site: Site) -> str:
    """The first day of a bed of the site; a day long ago where one stood before anybody noted a day, or none stands: a
    site keeps no day of opening.
    """
    begun = func.min(func.coalesce(Bed.from_day, LONG_AGO))
    return (db.session.scalar(select(begun).where(Bed.site_id == site.id)) or LONG_AGO).isoformat()
