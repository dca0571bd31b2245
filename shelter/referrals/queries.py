"""Reading referrals: those of one person, what partners left, and the addresses they were given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.dropbox import open_dropped
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide, require
from shelter.referrals.models import (
    ANSWER,
    LINK,
    REFERRAL,
    Answer,
    Dropped,
    DroppedReferral,
    LinkAbout,
    Referral,
    ReferralLink,
    ReferralText,
)
from shelter.releases.queries import Cover, covering
from shelter.trail.record import note_read, record_alone


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral as shown: `version` is what a page made from it carries."""

    id: bytes
    version: int
    text: ReferralText
    names: dict[bytes, str]

    @property
    def at(self) -> datetime:
        return self.text.history[0].at


@dataclass(frozen=True, slots=True)
class LeftView:
    """What a partner left, by whose address it came, and how it was closed where it was."""

    id: bytes
    dropped: Dropped
    partner: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class LinkView:
    id: bytes
    about: LinkAbout
    closed: bool
    by: str


def of_client(actor: Actor, code: str) -> tuple[PersonCard, list[ReferralView]]:
    """The referrals of one person, newest first. `Missing` outside the reader's scope."""
    client = _readable(actor, code)
    return card(actor, client), _views(actor, client)


def one(actor: Actor, code: str, referral: bytes) -> tuple[PersonCard, ReferralView]:
    client = _readable(actor, code)
    for view in _views(actor, client):
        if view.id == referral:
            return card(actor, client), view
    raise Missing


def covers(actor: Actor, code: str) -> tuple[PersonCard, list[Cover]]:
    """The releases under which somebody may be told about her now."""
    client = _readable(actor, code)
    return card(actor, client), covering(actor, client)


def all_of(actor: Actor, client: Client) -> list[ReferralView] | None:
    """The referrals of a client already in scope, for another page; None for who may not read them."""
    decision = decide(actor, Act.REFERRALS_READ, scope.facts_of(client))
    if not decision.allowed:
        return None
    note_read(actor, Act.REFERRALS_READ, [client.id], decision.clause)
    return _views(actor, client)


def queue(actor: Actor) -> tuple[list[LeftView], list[LeftView]]:
    """What partners left: open, the longest waiting first, and closed, the newest first."""
    require(actor, Act.REFERRALS_TAKE)
    note_read(actor, Act.REFERRALS_TAKE, [])
    views = _left(actor, list(db.session.scalars(select(DroppedReferral))))
    still = sorted((view for view in views if view.answer is None), key=lambda view: view.dropped.at)
    shut = sorted((view for view in views if view.answer), key=lambda view: view.dropped.at, reverse=True)
    return still, shut


def left(actor: Actor, dropped: bytes) -> LeftView:
    """One of them. `Missing` for what somebody has taken in meanwhile."""
    require(actor, Act.REFERRALS_TAKE)
    note_read(actor, Act.REFERRALS_TAKE, [])
    row = db.session.get(DroppedReferral, dropped)
    views = _left(actor, [row]) if row else []
    if not views:
        raise Missing
    return views[0]


def waiting(actor: Actor) -> int:
    """How many wait to be read; 0 for who may not take them in."""
    if not decide(actor, Act.REFERRALS_TAKE).allowed:
        return 0
    return len(db.session.scalars(select(DroppedReferral.id).where(DroppedReferral.answer.is_(None))).all())


def links(actor: Actor) -> list[LinkView]:
    """The addresses given to partners, those that are open first."""
    require(actor, Act.REFERRALS_INVITE)
    rows = list(db.session.scalars(select(ReferralLink)))
    opened = open_each(actor, [row_of(row, LINK) for row in rows], LINK)
    names = names_of(actor, {about.made_by for about in opened.values if about})
    views = [
        LinkView(row.id, about, row.closed, names.get(about.made_by, ""))
        for row, about in zip(rows, opened.values, strict=True)
        if about
    ]
    return sorted(views, key=lambda view: (view.closed, view.about.partner.casefold()))


# -- below -------------------------------------------------------------------------


def _readable(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    decision = scope.allowed(actor, Act.REFERRALS_READ, client)
    note_read(actor, Act.REFERRALS_READ, [client.id], decision.clause)
    return client


def _views(actor: Actor, client: Client) -> list[ReferralView]:
    rows = db.session.scalars(select(Referral).where(Referral.client_id == client.id)).all()
    opened = open_each(actor, [row_of(row, REFERRAL) for row in rows], REFERRAL)
    names = names_of(actor, {one.by for text in opened.values if text for one in text.history})
    views = [
        ReferralView(row.id, row.text_version, text, names)
        for row, text in zip(rows, opened.values, strict=True)
        if text
    ]
    return sorted(views, key=lambda view: view.at, reverse=True)


def _left(actor: Actor, rows: list[DroppedReferral]) -> list[LeftView]:
    """Opened one by one; what does not open is written down, and its neighbours are shown."""
    answers = open_each(actor, [row_of(row, ANSWER) for row in rows], ANSWER)
    partners = _partners(actor)
    found = []
    for row, answer in zip(rows, answers.values, strict=True):
        dropped = open_dropped(actor, row.lying(), Dropped)
        if dropped is None:
            record_alone(actor, "refused:seal")
        else:
            found.append(LeftView(row.id, dropped, partners.get(dropped.link, ""), answer))
    return found


def _partners(actor: Actor) -> dict[bytes, str]:
    rows = list(db.session.scalars(select(ReferralLink)))
    opened = open_each(actor, [row_of(row, LINK) for row in rows], LINK)
    return {row.id: about.partner for row, about in zip(rows, opened.values, strict=True) if about}
