"""The last transaction of an import: people, names, households, stays and facts are there together, or none of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from shelter.accounts.models import StaffSite
from shelter.clients import directory, facts
from shelter.clients.directory import Lane
from shelter.clients.models import Identity
from shelter.db import db, segments
from shelter.db.agency import Site
from shelter.db.base import new_id
from shelter.db.errors import Conflict
from shelter.db.sections import save
from shelter.exchange import families, known, ledger, places, staging
from shelter.exchange.facts import brought
from shelter.exchange.families import PERSON
from shelter.exchange.identities import identity_of
from shelter.exchange.job import Job
from shelter.exchange.models import PROJECT_HOUSE, Project
from shelter.policy.acts import Act
from shelter.stays.changes import ImportedStay, lay_down
from shelter.trail.record import Unit, recorded

_TRIES = 50
_HEAD = 1  # RelationshipToHoH: self


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in people: `unchanged` includes those about whom nothing was new."""

    new: int
    changed: int
    unchanged: int
    out_of_reach: int
    stays: int


def finish(job: Job) -> Imported:
    """Shows what was staged and brings up whom an earlier import brought, in one transaction with its trail row."""
    mine = known.within_reach(job.actor, job.returning)
    with recorded(job.actor, Act.HMIS_IMPORT, clause=job.clause) as unit:
        if job.stage is not None:
            _show(job, job.stage)
        stays, changed = _bring_up(job, unit, mine)
        stays += _stays_of_newcomers(job)
        _change_projects(job)
        families.store(job.families, job.ledger)
        laid = lay_down(job.actor, stays)
        facts.coarse_of_many(job.actor, _identities(job))
        brought(job.actor, job.plan, _told(job, mine), job.places.projects)
        job.ledger.store()
        done = Imported(
            new=len(job.fresh),
            changed=changed,
            unchanged=len(job.plan.clients) - len(job.fresh) - changed - (len(job.returning) - len(mine)),
            out_of_reach=len(job.returning) - len(mine),
            stays=laid,
        )
        unit.detail = {"new": done.new, "changed": done.changed, "left": done.out_of_reach, "stays": done.stays}
    job.stage = None
    return done


def _show(job: Job, stage: bytes) -> None:
    staging.go_on(stage)
    sites = staging.staged(stage, "site")
    db.session.execute(
        update(Site).where(Site.id.in_(sites)).values(closed=False).execution_options(synchronize_session=False)
    )
    db.session.add_all(StaffSite(staff_id=job.actor.id, site_id=site) for site in sites)
    staging.show(stage)
    place = directory.shelf(job.actor, Lane.NAMES)
    for no, content in job.names:
        _put_names(job, place, no, content)


def _put_names(job: Job, place: segments.Shelf, no: int, content: bytes) -> None:
    """The segment under the number that its records name, or behind the others where somebody has taken it."""
    for _ in range(_TRIES):
        try:
            segments.put_new(job.actor, place, no, content)
            return
        except Conflict:
            no = max(segments.next_no(place), job.next_entry)
    raise Conflict("segment", Lane.NAMES)


def _bring_up(job: Job, unit: Unit, people: list[known.Returning]) -> tuple[list[ImportedStay], int]:
    stays: list[ImportedStay] = []
    changed, apart = 0, job.actor.keyring.restricted_clients()
    for one in people:
        is_news, more = known.bring_up(job.actor, job.around, job.places.sites, one)
        if is_news:
            changed += 1
            stays += more
            unit.about(one.client_id)
            said = ledger.NOTHING if one.client_id in apart else job.digests[one.person.key]
            job.ledger.put(PERSON, one.person.key, said, one.client_id)
    return stays, changed


def _stays_of_newcomers(job: Job) -> list[ImportedStay]:
    """Their nights in the houses of the export; those of one household who came on one day came together."""
    enrolled = {one.key: one for one in job.plan.enrollments}
    parties: dict[tuple[str, str, date], bytes] = {}
    stays = []
    for one in job.plan.stays:
        client, site = job.fresh.get(one.person_key), job.places.sites.get(one.project_key)
        if client is None or site is None:
            continue
        household = enrolled[one.enrollment_key].household_key
        party = parties.setdefault((household, one.project_key, one.start), new_id()) if household else None
        head = enrolled[one.enrollment_key].relationship_to_head == _HEAD
        stays.append(ImportedStay(client, site, one.start, one.end, party, head or party is None))
    return stays


def _change_projects(job: Job) -> None:
    for project in job.places.changed_projects:
        row = db.session.scalars(select(Project).where(Project.id == job.places.projects[project.key])).one()
        save(job.actor, row, PROJECT_HOUSE, places.house_of(job.plan, project), row.house_version)
        job.ledger.put(places.PROJECT, project.key, project.row.digest, row.id)


def _identities(job: Job) -> Iterator[tuple[bytes, int, Identity]]:
    for planned in job.plan.clients:
        client = job.fresh.get(planned.key)
        if client is not None:
            yield client, 1, identity_of(planned)


def _told(job: Job, mine: list[known.Returning]) -> dict[str, bytes]:
    """Whose exact records this import says: newcomers, and those within reach of whom it says something new."""
    return job.fresh | {one.person.key: one.client_id for one in mine}
