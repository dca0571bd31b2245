"""Records that were opened in an emergency: who, whose, why, how much was read under it, and what a review found."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from shelter.accounts.models import BrokenGlass
from shelter.accounts.queries import names_of
from shelter.auditing.queries.reading import FIRST, Place, Row, between, codes_of, days_asked, portion, seqs
from shelter.db import db
from shelter.emergencies.actions import LASTS
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.relations import Relation
from shelter.trail.beside import people_of
from shelter.trail.details import Detail, details_of
from shelter.trail.models import Trail, TrailSubject, TrailWrite
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Emergency:
    """One opening. `reason` is its code, "" where the detail does not open or was purged by its age.

    `looks` are those that the emergency allowed until `ends`; `right` is what the review found: yes, no, or "" as
    long as there is none.
    """

    seq: int
    staff: bytes
    who: str
    code: str
    at: datetime
    ends: datetime
    reason: str
    looks: int
    reviewer: str
    right: str


@dataclass(frozen=True, slots=True)
class Emergencies:
    """Days, both included, and one page of what was opened in them, the newest first."""

    first: date
    last: date
    all: list[Emergency]
    older: Place | None
    newer: Place | None


def emergencies(actor: Actor, first: date | None = None, last: date | None = None, place: Place = FIRST) -> Emergencies:
    """Those of these days; a review of a later day is found too. Raises `Broken` as `period` does."""
    require(actor, Act.AUDIT_READ)
    first, last = days_asked(first, last)
    note_read(actor, Act.AUDIT_READ, [])
    page = portion(place, between(first, last), Trail.act == Act.GLASS_BREAK.value)
    opened = page.rows
    people, reviews = people_of(seqs(opened)), _reviews(seqs(opened))
    names = names_of(actor, {row.actor for row in opened} | {who for _, who in reviews.values()})
    codes = codes_of({client for row in opened for client in people.get(row.seq, ())})
    details = details_of(actor, seqs(opened) + [seq for seq, _ in reviews.values()])
    views = []
    for row in opened:
        client = next(iter(people.get(row.seq, ())), b"")
        review, reviewer = reviews.get(row.seq, (0, b""))
        views.append(
            Emergency(
                seq=row.seq,
                staff=row.actor,
                who=names.get(row.actor, ""),
                code=codes.get(client, ""),
                at=row.at,
                ends=row.at + LASTS,
                reason=_said(details.get(row.seq), "reason"),
                looks=_looks_under(row, client),
                reviewer=names.get(reviewer, ""),
                right=_said(details.get(review), "was_right"),
            )
        )
    return Emergencies(first, last, views, page.older, page.newer)


def _said(detail: Detail | None, name: str) -> str:
    return str(detail.values.get(name, "")) if detail else ""


def _looks_under(opening: Row, client: bytes) -> int:
    """What the emergency allowed her to look at until it ended."""
    query = select(func.count()).select_from(Trail).join(TrailSubject, TrailSubject.seq == Trail.seq)
    hers = query.where(TrailSubject.client_id == client, Trail.actor_id == opening.actor)
    hour = hers.where(Trail.at >= opening.at, Trail.at < opening.at + LASTS)
    return db.session.scalar(hour.where(Trail.clause.contains(Relation.BROKE_GLASS.value))) or 0


def _reviews(opened: list[int]) -> dict[int, tuple[int, bytes]]:
    """By the link of an opening: the link of its review, and who wrote it. Both wrote to one row."""
    table = BrokenGlass.__tablename__
    openings = select(TrailWrite.row_id, TrailWrite.seq).where(
        TrailWrite.table_name == table, TrailWrite.seq.in_(opened)
    )
    of_row = {row.row_id: row.seq for row in db.session.execute(openings)}
    answered = (
        select(TrailWrite.row_id, TrailWrite.seq, Trail.actor_id)
        .join(Trail, Trail.seq == TrailWrite.seq)
        .where(TrailWrite.row_id.in_(of_row), TrailWrite.section == "review", TrailWrite.table_name == table)
    )
    return {of_row[row_id]: (seq, who or b"") for row_id, seq, who in db.session.execute(answered)}
