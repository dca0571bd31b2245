"""What an act of the desk asks inside its own transaction: whose house it is, what can be meant, what is too late, and
whether a household was compared before it gets a bed.

An act is taken back by its maker without a reason for ten minutes, that of putting right too; later it is put right
with one.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select

from shelter.accounts.queries import staff_at
from shelter.clients import scope
from shelter.clients.models import Client, HouseholdMember
from shelter.clients.queries import named
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.models import ANSWER, Answer, CheckSetting, CheckState, ConflictCheck, OfHouse
from shelter.desk.models.books import Before
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now, today
from shelter.rules.desk import roll_limits
from shelter.rules.sitetime import zone_named
from shelter.stays import changes
from shelter.stays.models import Bed, Stay, StayBed
from shelter.stays.queries import sites_now
from shelter.trail.record import Unit

Book = TypeVar("Book", bound=OfHouse)
Righted = TypeVar("Righted", bound=Before)
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


def last_right(before: Sequence[Righted], *acts: datetime | None) -> Righted | None:
    """What stood before it was put right, where that is the last thing that was done with it."""
    last = before[-1] if before else None
    return None if last is None or any(at is not None and at > last.at for at in acts) else last


def fresh_last(actor: Actor, before: Sequence[Before], *acts: tuple[bytes, datetime | None]) -> bool:
    """Whether the last thing that was done with it, by who did it and when, is her own of the last minutes."""
    last = last_right(before, *(at for _, at in acts))
    known = [(at, by) for by, at in acts if at is not None]
    newest = sorted(known, key=lambda act: act[0])[-1:]  # of one moment, what is named last
    return any(fresh(actor, by, at) for at, by in ([(last.at, last.by)] if last else newest))


# -- the conflict check ------------------------------------------------------------------


def household_of(client: Client) -> list[Client]:
    """She and whoever came with her."""
    mine = select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id)
    members = select(HouseholdMember.client_id).where(HouseholdMember.household_id.in_(mine))
    rows = list(db.session.scalars(select(Client).where((Client.id == client.id) | Client.id.in_(members))))
    return sorted(rows, key=lambda one: one.id != client.id)


def _checks_of(client: Client) -> list[ConflictCheck]:
    """As they are now: two who became one household later may each have been asked about."""
    query = select(ConflictCheck).where(ConflictCheck.client_id.in_([one.id for one in household_of(client)]))
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def check_row(client: Client) -> ConflictCheck | None:
    """Her own check, or that of somebody she came with."""
    return min(_checks_of(client), key=lambda row: row.client_id != client.id, default=None)


def state_now(actor: Actor, client: Client) -> CheckState | None:
    """What the newest answer about her household says, as each compares all of it; None where nobody has asked, or
    where the reader holds no key of the answer.
    """
    answers = [answer for _, answer in _answers(actor, client)]
    return standing(client, max(answers, key=lambda one: one.at)) if answers else None


def _answers(actor: Actor, client: Client) -> list[tuple[ConflictCheck, Answer]]:
    held = [row for row in _checks_of(client) if actor.keyring.holds(Kind.SHELTER, row.client_id)]
    return [(row, answer) for row in held if (answer := open_section(actor, row, ANSWER)) is not None]


def standing(client: Client, answer: Answer) -> CheckState:
    """What an answer says of her now: one of an earlier stay found nothing among other people than are here today. A
    possible conflict stands until somebody compares again.
    """
    state = CheckState(answer.state)
    return CheckState.PENDING if state is not CheckState.POSSIBLE and outlived(client, answer) else state


def outlived(client: Client, answer: Answer) -> bool:
    """Whether she left since. Of the day on which she left nobody knows what came first: its answer holds for that day,
    and for a stay that began on it.
    """
    ends = func.count(StayBed.until_day) == func.count()
    days = select(Site.zone, func.min(StayBed.from_day), func.max(StayBed.until_day), ends)
    theirs = days.join(Stay, Stay.site_id == Site.id).join(StayBed, StayBed.stay_id == Stay.id)
    mine = theirs.where(Stay.client_id == client.id, Stay.state != "undone").group_by(Stay.id, Site.zone)
    found = db.session.execute(mine).all()
    begun = {first for _, first, _, ended in found if not ended}
    return any(
        ended and last is not None and _left_since(answer.at, zone, last, begun) for zone, _, last, ended in found
    )


def _left_since(at: datetime, zone: str, left: date, begun: Collection[date]) -> bool:
    day, current = at.astimezone(zone_named(zone)).date(), today(zone)
    return left <= current and (day < left or (day == left < current and left not in begun))


def as_read(state: CheckState, checks: bool) -> CheckState:
    """What a reader may know of an answer: whoever does not compare names never learns that one was near."""
    return CheckState.NOTHING if state is CheckState.CLEARED and not checks else state


def begin_check(actor: Actor, client: Client) -> None:
    """The names of a new household wait to be compared; one that was asked about before keeps its answer."""
    if not _checks_of(client):
        row = ConflictCheck(client_id=client.id)
        fill(actor, row, ANSWER, Answer(state=CheckState.PENDING, by=actor.id, at=now()))
        db.session.add(row)
        db.session.flush()


def ask_again(actor: Actor, client: Client) -> None:
    """A household has a new name: what was answered waits to be compared again, and the file of a house with beds that
    nobody asked about begins to wait.
    """
    rows = _checks_of(client)
    for row in rows:
        old = open_section(actor, row, ANSWER)
        if old is not None and old.state != CheckState.PENDING:
            pending = Answer(state=CheckState.PENDING, by=actor.id, at=now())
            save(actor, row, ANSWER, pending, row.answer_version)
    if not rows and db.session.scalar(select(Bed.id).where(Bed.site_id == client.site_id).limit(1)) is not None:
        begin_check(actor, client)


named.listen(ask_again)


# -- a bed before the answer ---------------------------------------------------------------


def sleeps_in(site: bytes) -> bool:
    """Whether a household may sleep in at the site while its check waits; where nothing is set it may."""
    row = db.session.get(CheckSetting, site)
    return row is None or row.may_sleep_in


def _let_in(actor: Actor, change: changes.StayChange) -> None:
    """Whoever gets a bed now, or has it again, and was not asked about since she last left, waits for a comparing; a
    stay entered long after does not.
    """
    if not change.lets_in:
        return
    first = min((site.night.first for site in sites_now()), default=date.min) - timedelta(days=1)
    came = select(Stay, func.min(StayBed.from_day)).join(StayBed, StayBed.stay_id == Stay.id)
    found = db.session.execute(came.where(Stay.id.in_(change.stays)).group_by(Stay.id)).all()
    for stay, day in sorted(found, key=lambda pair: not pair[0].head):
        client = db.session.get_one(Client, stay.client_id)
        if day >= first or change.kind != "admitted":
            _begin_again(actor, client)
        _need_answer(actor, client, stay.site_id, change.lets_in)


def _begin_again(actor: Actor, client: Client) -> None:
    """Answers of an earlier stay wait to be compared again."""
    begin_check(actor, client)
    for row, answer in _answers(actor, client):
        if standing(client, answer) != answer.state:
            save(actor, row, ANSWER, Answer(state=CheckState.PENDING, by=actor.id, at=now()), row.answer_version)


def _need_answer(actor: Actor, client: Client, site: bytes, field: str) -> None:
    """Raises Broken beside `field` where the house lets nobody sleep in before the answer, and for a possible conflict
    unless who gives the bed may read why. Nights that have passed are no way around it: she has the bed tonight as
    well, until somebody writes down that she left.
    """
    state = state_now(actor, client)
    if state is CheckState.POSSIBLE and not scope.may(actor, Act.CONFLICTS_CHECK, client):
        raise Broken("desk.check_conflict", field)
    if state in (None, CheckState.PENDING) and not sleeps_in(site):
        raise Broken("desk.check_before_bed", field)


changes.listen(_let_in)
