"""What funders' rules may know of an import: people, enrollments and projects as exact records under pseudonyms;
and what directors' tables may: sex, race, violence and where people went, coarse.

Keys of the other system name people there, so none of them travels along; a project keeps its own.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping

import msgspec

from shelter.db.inbox import RECORD, Coded, emit, stand_ins
from shelter.exchange.hmis import Plan
from shelter.exchange.hmis.counting import records_of
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.apr.records import Enrollment, Leaving, Person, Project, Records
from shelter.rules.clock import now
from shelter.rules.coarse import in_month, place_of


def brought(actor: Actor, plan: Plan, clients: Mapping[str, bytes], projects: Mapping[str, bytes]) -> None:
    """Tells the exact ledger of these people (by their keys there), in the caller's transaction, in batches.

    The version is the moment: a later import says it anew.
    """
    if not clients:
        return
    records = records_of(plan.export)
    of_projects(actor, records, projects)
    of_people(actor, records, clients, lambda one: projects.get(one.project))


def of_projects(actor: Actor, records: Records, projects: Mapping[str, bytes]) -> None:
    version = int(now().timestamp())
    coded = [_of_project(projects[key], one, version) for key, one in records.projects.items() if key in projects]
    emit(actor, coded, into=Kind.EXACT)


def of_people(
    actor: Actor, records: Records, clients: Mapping[str, bytes], project_of: Callable[[Enrollment], bytes | None]
) -> None:
    """People by their keys there; `project_of` is the id here, None where an enrollment is in none that is known."""
    version = int(now().timestamp())
    coded = [_of_person(clients[key], one, version) for key, one in records.people.items() if key in clients]
    coded += _of_enrollments(actor, records.enrollments, clients, project_of, version)
    emit(actor, coded, into=Kind.EXACT)
    emit(actor, _coarse(records, clients, version))


def _coarse(records: Records, clients: Mapping[str, bytes], version: int) -> list[Coded]:
    """What she said of herself, and the last time she left."""
    told: dict[str, int] = {}
    gone: dict[str, Leaving] = {}
    for one in records.enrollments:
        for answer in one.violence:
            if answer.survivor in (0, 1):
                told[one.person] = max(told.get(one.person, 0), answer.survivor)
        if one.leaving and (one.person not in gone or gone[one.person].day < one.leaving.day):
            gone[one.person] = one.leaving
    found = []
    for key, client in clients.items():
        person = records.people.get(key)
        if person is not None:
            found.append(_said(client, person, told.get(key), version))
        if key in gone:
            found.append(_went(client, gone[key], version))
    return found


def _said(client: bytes, person: Person, survivor: int | None, version: int) -> Coded:
    race = "several" if len(person.race) > 1 else next(iter(person.race), "unknown")
    values: dict[str, str | int] = {
        "sex": {0: "female", 1: "male"}.get(person.sex if person.sex is not None else 99, "unknown"),
        "race": race,
        "violence": {0: "no", 1: "survivor"}.get(survivor if survivor is not None else 99, "unknown"),
    }
    return _fact(client, "demographics", values, version)


def _went(client: bytes, leaving: Leaving, version: int) -> Coded:
    month = in_month(leaving.day)
    return _fact(client, "leaving", {"from": month, "until": month, "place": place_of(leaving.destination)}, version)


def _fact(client: bytes, what: str, values: dict[str, str | int], version: int) -> Coded:
    return Coded(
        client=client,
        table="imported_rows",
        row=client,
        section=what,
        origin=Kind.ADVOCACY,
        version=version,
        what=what,
        values=values,
    )


def _coded(client: bytes, section: str, what: str, version: int, record: msgspec.Struct) -> Coded:
    return Coded(
        client=client,
        table="imported_rows",
        row=client,
        section=section,
        origin=Kind.ADVOCACY,
        version=version,
        what=what,
        values={RECORD: msgspec.json.encode(record).decode()},
    )


def _of_project(project: bytes, record: Project, version: int) -> Coded:
    one = _coded(project, "project", "project", version, record)
    return msgspec.structs.replace(one, values=one.values | {"project": project.hex()})


def _of_person(client: bytes, record: Person, version: int) -> Coded:
    return _coded(client, "person", "person", version, msgspec.structs.replace(record, id=""))


def _of_enrollments(
    actor: Actor,
    enrollments: Iterable[Enrollment],
    clients: Mapping[str, bytes],
    project_of: Callable[[Enrollment], bytes | None],
    version: int,
) -> list[Coded]:
    found, named = [], stand_ins(actor)
    for one in enrollments:
        client, project = clients.get(one.person), project_of(one)
        if client is None or project is None:
            continue
        key = hashlib.blake2b(one.id.encode(), digest_size=16).hexdigest()
        household = hashlib.blake2b(one.household.encode(), digest_size=16).digest()
        record = msgspec.structs.replace(one, id="", person="", project=project.hex(), household=named(household))
        found.append(_coded(client, f"enrollment {key}", "enrollment", version, record))
    return found
