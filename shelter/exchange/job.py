"""One import under way: what is new is sealed share by share, in short transactions whose rows nobody sees."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from shelter.clients import directory
from shelter.clients.directory import Lane
from shelter.clients.queries.codes import fresh_codes
from shelter.db import segments
from shelter.db.base import new_id
from shelter.db.bulk import Row, Sealing
from shelter.db.keyring import keyring_of
from shelter.exchange import families, newcomers, places, staging
from shelter.exchange.families import PERSON, Families
from shelter.exchange.hands import spread
from shelter.exchange.hmis.plan import Plan
from shelter.exchange.known import Returning
from shelter.exchange.ledger import Ledger
from shelter.exchange.models import Nights
from shelter.exchange.newcomers import TASK, Around, Newcomer, Portion, Sealed, Task
from shelter.exchange.people import Person, Share
from shelter.exchange.places import Places
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.directory import Batch
from shelter.trail.record import recorded

Tell = Callable[[int, int], object]
"""How many people are sealed, of how many."""
STRANGER = "stranger"
CHILDREN_FROM = 2 * TASK
"""People from whom on it pays to seal in several processes."""


@dataclass(slots=True)
class Job:
    """An import from its first share to its last transaction; `home` is the site of people in no house."""

    actor: Actor
    plan: Plan
    clause: str
    home: bytes
    tell: Tell
    ledger: Ledger
    families: Families
    nights: dict[str, list[Nights]]
    places: Places = field(default_factory=Places)
    stage: bytes | None = None
    fresh: dict[str, bytes] = field(default_factory=dict)
    returning: list[Returning] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    names: list[tuple[int, bytes]] = field(default_factory=list)
    next_entry: int = 0
    done: int = 0

    @property
    def around(self) -> Around:
        return Around(self.places.projects, self.places.sources, self.families.ids, self.nights)


def new_job(actor: Actor, plan: Plan, clause: str, home: bytes, tell: Tell) -> Job:
    """Reads what earlier imports know; changes nothing."""
    about = plan.about.row
    ledger = Ledger(actor, about.text("SourceID") or about.text("SourceName") or "")
    nights: dict[str, list[Nights]] = {}
    for stay in plan.stays:
        nights.setdefault(stay.enrollment_key, []).append(Nights(start=stay.start, end=stay.end))
    job = Job(actor, plan, clause, home, tell, ledger, families.find(plan, ledger), nights)
    job.next_entry = segments.next_no(directory.shelf(actor, Lane.NAMES))
    return job


def stage_share(job: Job, share: Share) -> None:
    """Seals what is new in a share. Raises Broken where another import runs or took this one for abandoned."""
    if share.is_first:
        job.places = places.find(job.plan, share.agency, job.ledger)
    new = [person for person in share.people.values() if _is_new(job, person)]
    strangers = [one for one in share.strangers.values() if _differs(job, STRANGER, one)]
    if job.stage is None and (new or strangers or job.places.new_files or job.places.new_projects):
        _begin(job)
    if strangers:
        _stage_strangers(job, strangers)
    _stage_people(job, new)


def _is_new(job: Job, person: Person) -> bool:
    """Whether nobody has brought her before; who was brought and differs is kept for the last transaction."""
    earlier = job.ledger.find(PERSON, person.key)
    if earlier is None:
        return True
    digest = person.digest()
    if earlier.digest != digest:
        job.returning.append(Returning(person, earlier.owner))
        job.digests[person.key] = digest
    job.done += 1
    return False


def _differs(job: Job, kind: str, person: Person) -> bool:
    earlier = job.ledger.find(kind, person.key)
    return earlier is None or earlier.digest != person.digest()


def _begin(job: Job) -> None:
    with recorded(job.actor, Act.HMIS_IMPORT, clause=job.clause):
        stage = staging.begin(job.actor.id, len(job.plan.clients))
        places.stage(job.actor, stage, job.plan, job.places, job.ledger)
    job.stage = stage


def _stage(job: Job) -> bytes:
    if job.stage is None:
        raise RuntimeError("nothing was begun")
    return job.stage


def _stage_strangers(job: Job, strangers: list[Person]) -> None:
    """Rows of people whom the other system had deleted: kept under no client, in the compartments of hers."""
    for start in range(0, len(strangers), newcomers.PORTION):
        sealing, rows = Sealing(keyring_of(job.actor)), list[Row]()
        for one in strangers[start : start + newcomers.PORTION]:
            before = len(rows)
            newcomers.seal_rows(sealing, rows, job.places.sources, one.rows, None)
            owner = rows[before][0]
            job.ledger.put(STRANGER, one.key, one.digest(), owner if isinstance(owner, bytes) else b"")
        portion = Portion(deks=sealing.deks, writes=sealing.writes)
        portion.rows["imported_rows"] = rows
        with recorded(job.actor, Act.HMIS_IMPORT, clause=job.clause):
            staging.go_on(_stage(job))
            staging.mark(_stage(job), "imported_rows", [row[0] for row in rows if isinstance(row[0], bytes)])
            portion.insert()


def _stage_people(job: Job, people: list[Person]) -> None:
    codes = fresh_codes(len(people))
    tasks = []
    for start in range(0, len(people), TASK):
        some = [Newcomer(one, new_id(), next(codes), _site(job, one)) for one in people[start : start + TASK]]
        tasks.append(Task(some, job.next_entry))
        job.next_entry += 1
    hands = (os.cpu_count() or 1) if len(people) >= CHILDREN_FROM else 1
    work = partial(newcomers.seal, keyring_of(job.actor), job.around, Batch())
    with spread(work, tasks, hands) as results:
        for task, sealed in zip(tasks, results, strict=True):
            _store(job, task, sealed)


def _store(job: Job, task: Task, sealed: Sealed) -> None:
    for portion in sealed.portions:
        with recorded(job.actor, Act.HMIS_IMPORT, *portion.clients, clause=job.clause):
            staging.go_on(_stage(job), len(portion.clients))
            staging.mark(_stage(job), "client", portion.clients)
            portion.insert()
        job.done += len(portion.clients)
        job.tell(job.done, len(job.plan.clients))
    if sealed.names:
        job.names.append((task.entry, sealed.names))
    for one in task.people:
        job.fresh[one.person.key] = one.client_id
        job.ledger.put(PERSON, one.person.key, one.person.digest(), one.client_id)


def _site(job: Job, person: Person) -> bytes:
    """Where she was enrolled last among houses with beds; else the importer's own site."""
    stayed = [one for one in person.enrollments if one.project_key in job.places.sites]
    if not stayed:
        return job.home
    last = max(stayed, key=lambda one: one.entry or date.min)
    return job.places.sites[last.project_key]
