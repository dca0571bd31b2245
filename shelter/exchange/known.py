"""People whom an earlier import brought: what is new about them is added, what nobody here has changed is brought up.

Works inside the last transaction of an import, one person after the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, select

from shelter.clients import directory, facts, scope
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.db import db
from shelter.db.keyring import chunks
from shelter.db.sections import fill, open_section, save
from shelter.exchange.hmis.plan import PlannedEnrollment
from shelter.exchange.identities import brought_up, identity_of, said_of
from shelter.exchange.models import (
    ENROLLED,
    HISTORY_ROWS,
    PERSON_ROWS,
    Enrolled,
    Enrollment,
    HistoryRows,
    ImportedRows,
    KeptCells,
    Nights,
    PersonRows,
    RowsOfFile,
    Said,
)
from shelter.exchange.newcomers import CLIENT_FILE, Around, enrolled_of, in_history
from shelter.exchange.people import Person
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.stays.changes import Days, ImportedStay, announce
from shelter.stays.models import Stay, StayBed


@dataclass(frozen=True, slots=True)
class Returning:
    """A person of an earlier import about whom something is new, perhaps."""

    person: Person
    client_id: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a person: digests of her rows by (file, key, aside), and what was written into her record."""

    digests: Mapping[tuple[str, str, bool], bytes]
    said: Said | None
    parts: int


def within_reach(actor: Actor, people: Iterable[Returning]) -> list[Returning]:
    """Those whose record the importer may change; others, and those who were erased, are left as they are."""
    found = {one.client_id: one for one in people}
    mine: set[bytes] = set()
    for part in chunks(found):
        query = select(Client.id).where(Client.id.in_(part), scope.scope(actor, Act.CLIENTS_UPDATE))
        mine.update(db.session.scalars(query))
    return [one for client_id, one in found.items() if client_id in mine]


def bring_up(
    actor: Actor, around: Around, sites: Mapping[str, bytes], one: Returning
) -> tuple[bool, list[ImportedStay]]:
    """Whether anything was new, and the stays that have to be laid down."""
    client = db.session.get_one(Client, one.client_id, populate_existing=True, with_for_update=True)
    kept = _kept(actor, client)
    fresh = {
        file: new
        for file, rows in one.person.rows.items()
        if (new := [row for row in rows if kept.digests.get((file, row.key, row.aside)) != row.digest])
    }
    if not fresh:
        return False, []
    said = _bring_up_identity(actor, client, one.person, kept.said)
    _add_rows(actor, client, around.sources, fresh, kept.parts, said)
    return True, _bring_up_enrollments(actor, client, around, sites, one.person)


# -- rows ------------------------------------------------------------------------


def _kept(actor: Actor, client: Client) -> Kept:
    digests: dict[tuple[str, str, bool], bytes] = {}
    said, parts = None, 0
    rows = db.session.scalars(
        select(ImportedRows).where(ImportedRows.client_id == client.id).order_by(ImportedRows.part)
    ).all()
    for row in rows:
        person = open_section(actor, row, PERSON_ROWS) or PersonRows()
        history = open_section(actor, row, HISTORY_ROWS) or HistoryRows()
        for of_file in (*person.files, *history.files):
            digests.update({(of_file.file, kept.key, kept.aside): kept.digest for kept in of_file.rows})
        said = person.said or said
        parts = max(parts, row.part + 1)
    return Kept(digests, said, parts)


def _add_rows(
    actor: Actor,
    client: Client,
    sources: Mapping[str, bytes],
    rows: Mapping[str, list[KeptCells]],
    part: int,
    said: Said | None,
) -> None:
    own = rows.get(CLIENT_FILE)
    for place, files in enumerate(in_history(sources, rows) or [[]]):
        row = ImportedRows(client_id=client.id, part=part + place)
        if place == 0 and own:
            mine = [RowsOfFile(source=sources[CLIENT_FILE], file=CLIENT_FILE, rows=own)]
            fill(actor, row, PERSON_ROWS, PersonRows(files=mine, said=said))
        if files:
            fill(actor, row, HISTORY_ROWS, HistoryRows(files=files))
        db.session.add(row)
    db.session.flush()


def _bring_up_identity(actor: Actor, client: Client, person: Person, before: Said | None) -> Said | None:
    """What the newest import says; the record follows where nobody here has written something else."""
    if person.planned is None:
        return before
    told = identity_of(person.planned)
    current = open_section(actor, client, IDENTITY) or Identity()
    new = brought_up(current, before, told)
    if new is not None:
        directory.keep(actor, client, current, new)
        save(actor, client, IDENTITY, new, client.identity_version)
        facts.changed(actor, client, new)
    return said_of(told)


# -- enrollments and nights --------------------------------------------------------


def _bring_up_enrollments(
    actor: Actor, client: Client, around: Around, sites: Mapping[str, bytes], person: Person
) -> list[ImportedStay]:
    stays: list[ImportedStay] = []
    rows = db.session.scalars(select(Enrollment).where(Enrollment.client_id == client.id)).all()
    held = {value.enrollment_id: (row, value) for row in rows if (value := open_section(actor, row, ENROLLED))}
    for planned in person.enrollments:
        row, old = held.get(planned.key, (None, None))
        new = _merged(planned, person, around, old)
        site = sites.get(planned.project_key)
        if site is not None:
            stays += _changed_nights(actor, client.id, site, old.nights if old else [], new.nights)
        if row is None:
            household = around.households.get(planned.household_key or "")
            row = Enrollment(
                client_id=client.id, project_id=around.projects[planned.project_key], household_id=household
            )
            fill(actor, row, ENROLLED, new)
            db.session.add(row)
        elif new != old:
            save(actor, row, ENROLLED, new, row.enrolled_version)
    db.session.flush()
    return stays


def _merged(planned: PlannedEnrollment, person: Person, around: Around, old: Enrolled | None) -> Enrolled:
    """As the newer file says it; answers and nights that it leaves out stay."""
    new = enrolled_of(planned, person.violence.get(planned.key, ()), around.nights.get(planned.key, []))
    if old is None:
        return new
    violence = {one.key: one for one in (*old.violence, *new.violence)}
    nights = {one.start: one for one in (*old.nights, *new.nights)}
    return msgspec.structs.replace(new, violence=list(violence.values()), nights=list(nights.values()))


def _changed_nights(
    actor: Actor, client_id: bytes, site: bytes, old: list[Nights], new: list[Nights]
) -> list[ImportedStay]:
    """Nights that are new; where only the end has changed, the stay that was laid down is given it."""
    before = {one.start: one for one in old}
    for one in new:
        earlier = before.get(one.start)
        if earlier is not None and one.end is not None and earlier.end != one.end:
            _end(actor, client_id, site, earlier, one)
    return [ImportedStay(client_id, site, one.start, one.end) for one in new if one.start not in before]


def _end(actor: Actor, client_id: bytes, site: bytes, old: Nights, new: Nights) -> None:
    """Gives an imported stay its end, unless people here have changed its days meanwhile."""
    found = db.session.execute(
        select(Stay, StayBed)
        .join(StayBed, StayBed.stay_id == Stay.id)
        .where(
            Stay.client_id == client_id,
            Stay.site_id == site,
            Stay.state != "undone",
            StayBed.bed_number.is_(None),
            StayBed.from_day == old.start,
            func.coalesce(StayBed.until_day, old.start) == (old.end or old.start),
        )
        .execution_options(populate_existing=True)
    ).first()
    if found is None or new.end is None:
        return
    stay, row = found
    days = Days(actor, "imported")
    days.touch(stay, "ended")
    days.end_row(row, new.end)
    announce(actor, "imported", [(stay.id, client_id)])
