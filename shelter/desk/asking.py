"""What an act of the desk asks inside its own transaction: whose house it is, what can be meant, what is too late.

An act is taken back by its maker without a reason for ten minutes; later it is put right with one.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select

from shelter.accounts.queries import staff_at
from shelter.clients.models import Client, HouseholdMember
from shelter.clients.queries import named
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.models import ANSWER, Answer, CheckState, ConflictCheck, OfHouse
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now, today
from shelter.rules.desk import roll_limits
from shelter.stays.models import Bed
from shelter.trail.record import Unit

Book = TypeVar("Book", bound=OfHouse)
_FOLLOWS_UP = frozenset({Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR})


def allowed(actor: Actor, unit: Unit, act: Act, site: bytes) -> None:
    """`Denied` for who may not, `Missing` for a house of others."""
    unit.clause = require(actor, act).clause
    if site not in actor.sites:
        raise Missing


def next_in(site: bytes, book: type[Book]) -> Book:
    """A new row of a book, behind the last one."""
    last = db.session.scalar(select(func.max(book.no)).where(book.site_id == site)) or 0
    return book(site_id=site, no=last + 1)


def need_sound_report(site: bytes, day: date, owner: bytes, *, known_owner: bytes = b"") -> None:
    """Raises Broken for a day to come, or an owner who does not work there and did not stand there before."""
    if day > today(db.session.get_one(Site, site).zone):
        raise Broken("desk.day_to_come", "day")
    if owner not in {known_owner, *staff_at(frozenset({site}), _FOLLOWS_UP)}:
        raise Broken("desk.no_such_colleague", "owner")


# -- taking back, putting right ----------------------------------------------------------


def undo_until() -> datetime:
    """Until when an act of now can be taken back."""
    return now() + timedelta(minutes=roll_limits().undo_minutes)


def fresh(actor: Actor, by: bytes, at: datetime | None) -> bool:
    """Whether this is her own act of the last minutes."""
    return by == actor.id and at is not None and can_be_undone(at)


def can_be_undone(at: datetime) -> bool:
    """Whether an act of then can still be taken back by its maker."""
    return at > now() - timedelta(minutes=roll_limits().undo_minutes)


def need_fresh(actor: Actor, by: bytes, at: datetime | None) -> None:
    """Raises `Missing` for the act of somebody else, Broken where it is too late."""
    if by != actor.id:
        raise Missing
    if not fresh(actor, by, at):
        raise Broken("desk.too_late_to_undo", None, {"minutes": roll_limits().undo_minutes})


def need_reason(reason: str) -> None:
    """Raises Broken where something is put right without a word of why."""
    if not reason:
        raise Broken("desk.say_why", "why")


def need_untouched(*since: Sequence[object]) -> None:
    """Raises Broken where something was added to it since."""
    if any(since):
        raise Broken("desk.changed_since")


# -- the conflict check ------------------------------------------------------------------


def household_of(client: Client) -> list[Client]:
    """She and whoever came with her."""
    mine = select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id)
    members = select(HouseholdMember.client_id).where(HouseholdMember.household_id.in_(mine))
    rows = list(db.session.scalars(select(Client).where((Client.id == client.id) | Client.id.in_(members))))
    return sorted(rows, key=lambda one: one.id != client.id)


def begin_check(actor: Actor, client: Client) -> None:
    """The names of a new household wait to be compared; one that was asked about before keeps its answer."""
    ids = [one.id for one in household_of(client)]
    if db.session.scalar(select(ConflictCheck.id).where(ConflictCheck.client_id.in_(ids)).limit(1)) is None:
        row = ConflictCheck(client_id=client.id)
        fill(actor, row, ANSWER, Answer(state=CheckState.PENDING, by=actor.id, at=now()))
        db.session.add(row)
        db.session.flush()


def ask_again(actor: Actor, client: Client) -> None:
    """A household has a new name: what was answered waits to be compared again, and the file of a house with beds that
    nobody asked about begins to wait.
    """
    ids = [one.id for one in household_of(client)]
    query = select(ConflictCheck).where(ConflictCheck.client_id.in_(ids))
    rows = list(db.session.scalars(query, execution_options={"populate_existing": True}))
    for row in rows:
        old = open_section(actor, row, ANSWER)
        if old is not None and old.state != CheckState.PENDING:
            pending = Answer(state=CheckState.PENDING, by=actor.id, at=now())
            save(actor, row, ANSWER, pending, row.answer_version)
    if not rows and db.session.scalar(select(Bed.id).where(Bed.site_id == client.site_id).limit(1)) is not None:
        begin_check(actor, client)


named.listen(ask_again)
