"""A few hundred people at a time as an export needs them: identity, stays that were lived here, answers, leavings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row, case, func, select

from shelter.answers.models import ANSWERS, Answers, StayAnswers
from shelter.clients.models import IDENTITY, Client, Identity, client_subject
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import SealedRow, Section, row_of
from shelter.desk.models import MARK, RollMark
from shelter.exchange.models import ENROLLED, Enrolled, Enrollment
from shelter.exchange.out.agency import Places
from shelter.exchange.out.kept import among
from shelter.exchange.out.own import OwnStay
from shelter.policy.actor import Actor
from shelter.rules.rollcall import Seen, seen_now
from shelter.stays.models import LEAVING, Leaving, Stay, StayBed, StayExit

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class EndedHere:
    """An enrollment that came without an exit, and the day on which its stay ended here."""

    enrollment: str
    left: date
    leaving: Leaving | None


@dataclass(frozen=True, slots=True)
class PersonOut:
    """`person` is her PersonalID, the one she came with where she was imported."""

    client: bytes
    person: str
    identity: Identity
    stays: tuple[OwnStay, ...]
    ended_here: tuple[EndedHere, ...]


@dataclass(frozen=True, slots=True)
class _Days:
    """First row of a stay and its end; an imported one begins in no bed."""

    first: date
    left: date | None
    imported: bool


def opened(actor: Actor, ids: Sequence[bytes], places: Places, last: date) -> Iterator[PersonOut]:
    """The people, in the order of their ids, with imported stays that ended here by the day `last`; who does not open
    is left out and noted by the batch.
    """
    wanted = frozenset(ids)
    query = select(Client.id, Client.identity_version, Client.identity).where(among(Client.id, ids))
    clients = [row for row in db.session.execute(query.order_by(Client.id)) if row.id in wanted]
    sealed = [SealedRow(row.id, client_subject(row.id), row.identity_version, row.identity) for row in clients]
    identities = open_each(actor, sealed, IDENTITY).values
    stays, days = _stays(ids), _days(ids)
    leavings = {row.stay_id: words for row, words in _all(actor, StayExit, LEAVING, ids)}
    answers: dict[bytes, list[Answers]] = {}
    for row, words in _all(actor, StayAnswers, ANSWERS, ids):
        answers.setdefault(row.stay_id, []).append(words)
    enrolled: dict[bytes, list[Enrolled]] = {}
    for row, came in _all(actor, Enrollment, ENROLLED, ids):
        enrolled.setdefault(row.client_id, []).append(came)
    nights = _nights(actor, ids) if places.night_by_night else {}
    for client, identity in zip(clients, identities, strict=True):
        known, mine = identity or Identity(), [stay for stay in stays.get(client.id, ()) if stay.id in days]
        yield PersonOut(
            client.id,
            known.hmis_personal_id or client.id.hex(),
            known,
            tuple(
                _own(stay, days[stay.id], places, leavings, answers, nights)
                for stay in mine
                if not days[stay.id].imported
            ),
            tuple(_ended(enrolled.get(client.id, ()), mine, days, leavings, last)),
        )


def _all(actor: Actor, model: Any, section: Section[T], ids: Sequence[bytes]) -> Iterator[tuple[Any, T]]:
    wanted = frozenset(ids)
    found = db.session.scalars(select(model).where(among(model.client_id, ids)))
    rows = [row for row in found if row.client_id in wanted]
    values = open_each(actor, [row_of(row, section) for row in rows], section).values
    yield from ((row, words) for row, words in zip(rows, values, strict=True) if words is not None)


def _nights(actor: Actor, ids: Sequence[bytes]) -> dict[bytes, list[date]]:
    """The nights on which the roll says that each was here."""
    found: dict[bytes, list[date]] = {}
    for row, mark in _all(actor, RollMark, MARK, ids):
        if seen_now(mark.ticks) is Seen.HERE:
            found.setdefault(row.client_id, []).append(row.night)
    return {client: sorted(nights) for client, nights in found.items()}


def _stays(ids: Sequence[bytes]) -> dict[bytes, list[Row[Any]]]:
    """Columns, not objects: there may be many, and nothing of them changes here."""
    found: dict[bytes, list[Any]] = {}
    columns = (Stay.id, Stay.client_id, Stay.site_id, Stay.party_id, Stay.head, Stay.state)
    for row in db.session.execute(select(*columns).where(among(Stay.client_id, ids), Stay.state != "undone")):
        found.setdefault(row.client_id, []).append(row)
    return found


def _days(ids: Sequence[bytes]) -> dict[bytes, _Days]:
    """A stay with a bed on its first day was lived here; one without was laid down by an import."""
    loose = func.min(case((StayBed.bed_number.is_(None), StayBed.from_day)))
    query = (
        select(StayBed.stay_id, func.min(StayBed.from_day), func.max(func.coalesce(StayBed.until_day, date.max)), loose)
        .join(Stay, Stay.id == StayBed.stay_id)
        .where(among(Stay.client_id, ids))
        .group_by(StayBed.stay_id)
    )
    return {
        stay: _Days(first, None if last == date.max else last, in_no_bed == first)
        for stay, first, last, in_no_bed in db.session.execute(query)
    }


def _own(
    stay: Row[Any],
    days: _Days,
    places: Places,
    leavings: dict[bytes, Leaving],
    answers: dict[bytes, list[Answers]],
    nights: dict[bytes, list[date]],
) -> OwnStay:
    return OwnStay(
        enrollment=stay.id.hex(),
        project=places.project_of(stay.site_id),
        household=stay.party_id.hex(),
        head=stay.head,
        entry=days.first,
        exit=days.left if stay.state == "ended" else None,
        leaving=leavings.get(stay.id),
        answers=tuple(sorted(answers.get(stay.id, ()), key=lambda one: (one.on, one.stage))),
        bed_nights=tuple(nights.get(stay.client_id, ())) if stay.site_id in places.night_by_night else (),
    )


def _ended(
    enrolled: Sequence[Enrolled],
    stays: Sequence[Row[Any]],
    days: dict[bytes, _Days],
    leavings: dict[bytes, Leaving],
    last: date,
) -> Iterator[EndedHere]:
    """Imported enrollments without an exit whose stay has ended meanwhile."""
    for one in enrolled:
        if one.has_exit or not any(night.start == one.entry and night.end is None for night in one.nights):
            continue
        for stay in stays:
            mine = days[stay.id]
            if mine.imported and mine.first == one.entry and mine.left and mine.left <= last:
                yield EndedHere(one.enrollment_id, mine.left, leavings.get(stay.id))
                break
