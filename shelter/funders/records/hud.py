"""From the exact ledger to the records that funders' rules count; by pseudonym, for holders of `exact` only.

What the house itself wrote goes over what an import said: her birth date, and a stay that began where an
imported enrollment did.
"""

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlalchemy import select

from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.inbox import RECORD, Fact
from shelter.exchange.models import Project as ProjectRow
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports import ledger
from shelter.rules.apr.records import Enrollment, Leaving, Person, Project, Records
from shelter.rules.households import as_one

SOFTWARE = "Shelter"
_SHELTER_BY_ENTRY_AND_EXIT = 0
_HEAD, _OTHER = 1, 5


def assembled(actor: Actor) -> Records:
    """Everything exact that counts now."""
    return assembled_from(ledger.current(actor, Kind.EXACT))


def assembled_from(facts: Iterable[Fact]) -> Records:
    by_what: dict[str, list[Fact]] = {}
    for fact in facts:
        by_what.setdefault(fact.what, []).append(fact)
    projects = _projects(by_what.get("project", ()))
    enrollments = {fact.source.hex(): _enrollment(fact) for fact in by_what.get("enrollment", ())}
    _add_stays(enrollments, by_what, projects_of_sites(projects))
    people = _people(by_what)
    return Records(
        people=people,
        enrollments=tuple(one for _, one in sorted(enrollments.items()) if one.person in people),
        projects=projects,
        software=SOFTWARE,
    )


def _people(by_what: dict[str, list[Fact]]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for fact in by_what.get("person", ()):
        found[fact.person.hex()] = msgspec.json.decode(str(fact.values[RECORD]).encode(), type=Person)
    for fact in by_what.get("identity", ()):
        own = msgspec.json.decode(str(fact.values[RECORD]).encode(), type=Person)
        imported = found.get(fact.person.hex())
        found[fact.person.hex()] = own if imported is None else _over(imported, own)
    return {key: msgspec.structs.replace(one, id=key) for key, one in found.items()}


def _over(imported: Person, own: Person) -> Person:
    """The house's word on her birth and name, where it has one."""
    changes: dict[str, object] = {}
    if own.born is not None:
        changes |= {"born": own.born, "born_quality": own.born_quality}
    if own.is_named and not imported.is_named:
        changes |= {"is_named": True, "name_quality": own.name_quality}
    if own.ssn != "blank":
        changes |= {"ssn": own.ssn, "ssn_quality": own.ssn_quality}
    return msgspec.structs.replace(imported, **changes)


def _enrollment(fact: Fact) -> Enrollment:
    found = msgspec.json.decode(str(fact.values[RECORD]).encode(), type=Enrollment)
    return msgspec.structs.replace(found, id=fact.source.hex(), person=fact.person.hex())


# -- stays of the house ---------------------------------------------------------------------


def _add_stays(enrollments: dict[str, Enrollment], by_what: dict[str, list[Fact]], projects: dict[str, str]) -> None:
    """Stays that no import brought become enrollments; of those that one did, the newer end counts."""
    went = {str(fact.values["stay"]): fact.values["destination"] for fact in by_what.get("leaving", ())}
    related = {fact.person: fact.values.get("relationship") for fact in by_what.get("identity", ())}
    known: dict[tuple[str, str], list[str]] = {}
    for key, one in enrollments.items():
        known.setdefault((one.person, one.project), []).append(key)
    away = {str(fact.values["stay"]): str(fact.values["days"]) for fact in by_what.get("away", ())}
    stays = [
        msgspec.structs.replace(_stay(fact, projects, went, related), away=_days(away, fact))
        for fact in by_what.get("days", ())
    ]
    for stay in _lived_once(stays):
        place = known.get((stay.person, stay.project), ())
        same = next((key for key in place if _holds(enrollments[key], stay.entry)), None)
        if same is None:
            enrollments[stay.id] = stay
        elif enrollments[same].leaving is None and stay.leaving is not None:
            enrollments[same] = msgspec.structs.replace(enrollments[same], leaving=stay.leaving)


def _lived_once(stays: Iterable[Enrollment]) -> list[Enrollment]:
    """Stays of one person in one house never overlap, unless two records of hers were joined: then they are one stay,
    and the households that she was in under either code are one.
    """
    runs: list[list[Enrollment]] = []
    for one in sorted(stays, key=lambda stay: (stay.person, stay.project, stay.entry, stay.id)):
        run = runs[-1] if runs else []
        same = run and (run[0].person, run[0].project) == (one.person, one.project)
        if same and one.entry < max(map(_end, run)):
            run.append(one)
        else:
            runs.append([one])
    joined = as_one((run[0].household, one.household) for run in runs for one in run[1:])
    return [
        msgspec.structs.replace(one, household=joined.get(one.household, one.household)) for one in map(_as_one, runs)
    ]


def _as_one(run: list[Enrollment]) -> Enrollment:
    return msgspec.structs.replace(
        run[0],
        relationship=_HEAD if any(one.relationship == _HEAD for one in run) else run[0].relationship,
        leaving=max(run, key=_end).leaving,
        away=tuple(sorted({night for one in run for night in one.away})),
    )


def _end(stay: Enrollment) -> date:
    return stay.leaving.day if stay.leaving else date.max


def _days(away: dict[str, str], fact: Fact) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in away.get(str(fact.values["stay"]), "").split())


def _holds(enrollment: Enrollment, day: date) -> bool:
    gone = enrollment.leaving
    return enrollment.entry <= day and (gone is None or day < gone.day)


def _stay(
    fact: Fact, projects: dict[str, str], went: dict[str, str | int], related: dict[bytes, str | int | None]
) -> Enrollment:
    said = fact.values
    site, left = str(said["site"]), str(said["exit"])
    destination = went.get(str(said["stay"]))
    relationship = related.get(fact.person)
    other = relationship if isinstance(relationship, int) and relationship not in (_HEAD, 99) else _OTHER
    leaving = Leaving(
        day=date.fromisoformat(left), destination=destination if isinstance(destination, int) else None
    ) if left else None  # fmt: skip
    return Enrollment(
        id=fact.source.hex(),
        person=fact.person.hex(),
        project=projects.get(site, site),
        household=str(said["party"]),
        entry=date.fromisoformat(str(said["entry"])),
        relationship=_HEAD if said["head"] else other,
        leaving=leaving,
    )


# -- projects -------------------------------------------------------------------------------


def _projects(facts: Iterable[Fact]) -> dict[str, Project]:
    """Imported projects by their ids here, and a shelter for each site that has none."""
    found = {
        str(fact.values["project"]): msgspec.json.decode(str(fact.values[RECORD]).encode(), type=Project)
        for fact in facts
    }
    agency = the_agency()
    with_project = set(db.session.scalars(select(ProjectRow.site_id).where(ProjectRow.site_id.is_not(None))))
    for site in db.session.scalars(select(Site)):
        if site.id not in with_project:
            found[site.id.hex()] = Project(
                id=site.id.hex(),
                name=site.code_name,
                kind=_SHELTER_BY_ENTRY_AND_EXIT,
                organization=agency.name_on_screen if agency else "",
                provider_for_victims=1,
            )
    return found


def projects_of_sites(projects: dict[str, Project]) -> dict[str, str]:
    rows = db.session.execute(select(ProjectRow.site_id, ProjectRow.id).where(ProjectRow.site_id.is_not(None)))
    return {site.hex(): project.hex() for site, project in rows if site is not None and project.hex() in projects}
