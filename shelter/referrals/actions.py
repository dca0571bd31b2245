"""Referrals out and what became of them; addresses for partners; what they left becomes a record, or is closed."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import delete

from shelter.clients import scope
from shelter.clients.actions.record import new_client
from shelter.clients.models import Assignment, Client, Identity
from shelter.clients.parts import FirstMeeting
from shelter.db import db
from shelter.db.dropbox import new_address, open_dropped
from shelter.db.errors import Conflict, Missing
from shelter.db.keystore import KeyDek
from shelter.db.sections import fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.referrals.models import (
    ANSWER,
    LINK,
    REFERRAL,
    Answer,
    Dropped,
    DroppedReferral,
    Happened,
    LinkAbout,
    Referral,
    ReferralLink,
    ReferralText,
)
from shelter.releases.disclosing import Share, disclose, refusals_written
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import Unit, recorded

NEXT = {"made": ("accepted", "refused", "withdrawn"), "accepted": ("done", "withdrawn")}
"""What may become of a referral, by how it stands."""


@dataclass(frozen=True, slots=True)
class Refer:
    """A referral out; without `share` nothing is told and `organisation` says where she goes herself."""

    code: str
    organisation: str
    need: str
    share: Share | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """`what` became of a referral; `version` is the one that the page was made from."""

    code: str
    referral: bytes
    version: int
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Begin:
    """A dropped referral becomes a new record at one of the worker's sites, or joins the one with `code`."""

    dropped: bytes
    site: bytes | None = None
    called: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    dropped: bytes
    why: str
    words: str


def refer(actor: Actor, command: Refer) -> bytes:
    """A referral, and what is told under which release; its id. `NotCovered`, written down, where none covers it."""
    with refusals_written(actor), recorded(actor, Act.REFERRALS_WRITE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.REFERRALS_WRITE)
        text = ReferralText(organisation=command.organisation, need=command.need, history=[_happened(actor, "made")])
        if command.share is not None:
            terms = disclose(actor, unit, client, command.share)
            text.organisation, text.release = terms.organisation, command.share.release
            text.items = list(command.share.items)
        if not text.organisation:
            raise Broken("referrals.to_whom", "organisation")
        row = _kept(actor, client, text)
    return row.id


def move(actor: Actor, command: Move) -> None:
    """Accepted, refused, done or withdrawn. Raises `Conflict`, or `Broken` for what cannot become of it."""

    def moved(text: ReferralText) -> ReferralText:
        if command.what not in NEXT.get(text.state, ()):
            raise Broken("referrals.not_now")
        return replace(text, state=command.what, history=[*text.history, _happened(actor, command.what, command.words)])

    with recorded(actor, Act.REFERRALS_WRITE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.REFERRALS_WRITE)
        row = db.session.get(Referral, command.referral, populate_existing=True)
        if row is None or row.client_id != client.id:
            raise Missing
        _change(actor, row, command.version, moved)


def give_address(actor: Actor, partner: str) -> str:
    """An address for one partner, as a token that is shown once."""
    with recorded(actor, Act.REFERRALS_INVITE) as unit:
        unit.clause = require(actor, Act.REFERRALS_INVITE).clause
        token, kept = new_address()
        row = ReferralLink(token_hash=kept)
        fill(actor, row, LINK, LinkAbout(partner=partner, made_by=actor.id, made_at=now()))
        db.session.add(row)
    return token


def close_address(actor: Actor, link: bytes) -> None:
    """From now on nothing can be left there; what was left stays."""
    with recorded(actor, Act.REFERRALS_INVITE) as unit:
        unit.clause = require(actor, Act.REFERRALS_INVITE).clause
        row = db.session.get(ReferralLink, link)
        if row is None:
            raise Missing
        row.closed = True


def take_in(actor: Actor, command: Begin) -> str:
    """What was left becomes a record, or part of one; the item and its keys go in the same transaction. The code."""
    with recorded(actor, Act.REFERRALS_TAKE) as unit:
        unit.clause = require(actor, Act.REFERRALS_TAKE).clause
        row, dropped = _item(actor, command.dropped)
        if command.code:
            client = _known(actor, unit, command.code)
        else:
            client = _new(actor, command, dropped)
            unit.about(client.id)
        from_whom = ", ".join(one for one in (dropped.organisation, dropped.sender, dropped.reach) if one)
        _kept(
            actor,
            client,
            ReferralText(
                way="in",
                organisation=from_whom,
                need=_all_of(dropped),
                state="done",
                history=[_happened(actor, "received")],
            ),
        )
        db.session.execute(delete(KeyDek).where(KeyDek.subject_kind == "item", KeyDek.subject_id == row.id))
        db.session.delete(row)
    return client.code


def close(actor: Actor, command: Close) -> None:
    """Closed without a record, with why; it stays sealed as it came, and whoever left it is told nothing."""
    with recorded(actor, Act.REFERRALS_TAKE) as unit:
        unit.clause = require(actor, Act.REFERRALS_TAKE).clause
        row, _ = _item(actor, command.dropped)
        save(actor, row, ANSWER, Answer(by=actor.id, at=now(), why=command.why, words=command.words), made_from=0)


# -- below -------------------------------------------------------------------------


def _item(actor: Actor, dropped: bytes) -> tuple[DroppedReferral, Dropped]:
    """What was left and is still open, locked: of two who take it one is told that it is gone."""
    row = db.session.get(DroppedReferral, dropped, populate_existing=True, with_for_update=True)
    opened = open_dropped(actor, row.lying(), Dropped) if row and row.answer is None else None
    if row is None or opened is None:
        raise Missing
    return row, opened


def _known(actor: Actor, unit: Unit, code: str) -> Client:
    try:
        return scope.for_change(actor, unit, code, Act.REFERRALS_WRITE)
    except Missing:
        raise Broken("referrals.no_such_code", "code") from None


def _new(actor: Actor, command: Begin, dropped: Dropped) -> Client:
    if command.site is None or command.site not in actor.sites:
        raise Missing
    first = FirstMeeting(working_name=command.called, languages=(dropped.language,) if dropped.language else ())
    identity = Identity(referral_source="partner", referral_note=dropped.organisation)
    client = new_client(actor, command.site, first, identity)
    db.session.add(Assignment(client_id=client.id, staff_id=actor.id, kind="case"))
    return client


def _all_of(dropped: Dropped) -> str:
    """Everything that was left, so that nothing is lost with the item."""
    lines = (dropped.called, dropped.age, dropped.language, dropped.urgency, dropped.safe_contact, dropped.needs)
    return "\n".join((*(line for line in lines if line), dropped.receipt))


def _kept(actor: Actor, client: Client, text: ReferralText) -> Referral:
    row = Referral(client_id=client.id)
    fill(actor, row, REFERRAL, text)
    db.session.add(row)
    return row


def _change(actor: Actor, row: Referral, version: int, changed: Callable[[ReferralText], ReferralText]) -> None:
    if row.text_version != version:
        raise Conflict("referral", "text")
    before = open_section(actor, row, REFERRAL)
    if before is None:
        raise Missing
    save(actor, row, REFERRAL, changed(before), made_from=version)


def _happened(actor: Actor, what: str, words: str = "") -> Happened:
    return Happened(at=now(), by=actor.id, what=what, words=words)
