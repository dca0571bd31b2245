"""How a plan stands as a whole: when it was reviewed, when next, what somebody was asked and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from shelter.accounts.queries import Colleague, colleagues, names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.clients.queries.card import identities
from shelter.clients.queries.colleagues import readers_of
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import open_section, row_of
from shelter.plans.models import GOAL_TEXT, PLAN_TEXT, Asked, Goal, Plan, PlanText
from shelter.plans.queries.reading import readable
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.settings.queries import limit
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class AgreementView:
    """`version` is what the forms carry; `next_review` is None where there is no goal to review."""

    card: PersonCard
    version: int
    text: PlanText
    names: dict[bytes, str]
    every: int
    next_review: date | None
    may_agree: bool
    reader: bytes

    @property
    def agreed(self) -> Asked | None:
        """The newest agreement of a supervisor, if the last answer was one."""
        answered = [one for one in self.text.asked if one.what == "agreement" and one.answer]
        return answered[-1] if answered and answered[-1].answer == "agreed" else None

    def may_answer(self, one: Asked) -> bool:
        if one.answer or one.by == self.reader:
            return False
        return self.may_agree if one.what == "agreement" else one.of == self.reader


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the reader's answer."""

    code: str
    called: str
    asked: Asked
    by: str


def agreement(actor: Actor, code: str) -> AgreementView:
    client = readable(actor, code)
    row = db.session.scalars(select(Plan).where(Plan.client_id == client.id)).first()
    text = (open_section(actor, row, PLAN_TEXT) if row else None) or PlanText()
    people = {one for asked in text.asked for one in (asked.by, asked.of, asked.answered_by) if one}
    people |= {review.by for review in text.reviews}
    has_goals = db.session.scalar(select(Goal.id).where(Goal.client_id == client.id).limit(1)) is not None
    return AgreementView(
        card=card(actor, client),
        version=row.text_version if row else 0,
        text=text,
        names=names_of(actor, people),
        every=_rhythm(text),
        next_review=_next(text) if has_goals else None,
        may_agree=scope.may(actor, Act.PLANS_AGREE, client),
        reader=actor.id,
    )


def colleagues_to_ask(actor: Actor, code: str) -> list[Colleague]:
    """Who may look at this plan: colleagues near her whose own right to read plans covers her."""
    client = readable(actor, code)
    near = sorted(readers_of(actor, client))
    working = scope.facts_of(client).caseworkers
    found = colleagues(actor, near) if near else []
    return [one for one in found if one.id in working or "supervisor" in {role.value for role in one.roles}]


def reviews_due(actor: Actor, clients: Sequence[bytes]) -> dict[bytes, date]:
    """The day of the next review of each of these plans in which a goal is worked on."""
    with_goals = _with_active_goals(actor, clients)
    rows = db.session.scalars(select(Plan).where(Plan.client_id.in_(with_goals))).all()
    texts = open_each(actor, [row_of(row, PLAN_TEXT) for row in rows], PLAN_TEXT).values
    known = {row.client_id: text for row, text in zip(rows, texts, strict=True) if text}
    return {client: _next(known.get(client, PlanText())) for client in with_goals}


def _with_active_goals(actor: Actor, clients: Sequence[bytes]) -> set[bytes]:
    rows = db.session.scalars(select(Goal).where(Goal.client_id.in_(clients))).all()
    texts = open_each(actor, [row_of(row, GOAL_TEXT) for row in rows], GOAL_TEXT).values
    return {row.client_id for row, text in zip(rows, texts, strict=True) if text and text.state == "active"}


def waiting_for(actor: Actor) -> list[Waiting]:
    """What waits for her answer, in her own scope: agreements for a supervisor, second looks that name her."""
    found = db.session.execute(
        select(Plan, Client)
        .join(Client, Client.id == Plan.client_id)
        .where(Plan.waiting.is_(True), scope.scope(actor, Act.PLANS_READ))
    ).all()
    texts = open_each(actor, [row_of(row, PLAN_TEXT) for row, _ in found], PLAN_TEXT).values
    facts = scope.facts_of_many([client for _, client in found])
    hers: list[tuple[Client, Asked]] = []
    for (_, client), text in zip(found, texts, strict=True):
        agrees = scope.may_with(actor, Act.PLANS_AGREE, facts[client.id])
        for one in text.asked if text else ():
            mine = agrees if one.what == "agreement" else one.of == actor.id
            if mine and not one.answer and one.by != actor.id:
                hers.append((client, one))
    note_read(actor, Act.PLANS_READ, {client.id for _, client in found})
    people = identities(actor, list({client.id: client for client, _ in hers}.values()))
    names = names_of(actor, {one.by for _, one in hers})
    return [
        Waiting(client.code, people[client.id].working_name if client.id in people else "", one, names.get(one.by, ""))
        for client, one in sorted(hers, key=lambda pair: pair[1].at)
    ]


def _rhythm(text: PlanText) -> int:
    return text.every or limit("plan_review_days")


def _next(text: PlanText) -> date:
    """After the last review; a plan that was never reviewed is due now."""
    if not text.reviews:
        return agency_today()
    return max(review.on for review in text.reviews) + timedelta(days=_rhythm(text))
