"""Reading a plan: the goals of one client, the earlier versions of one goal, the steps due for many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.clients.queries import PersonCard, card
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import SealedRow, open_rows
from shelter.plans.models.goals import EARLIER_TEXT, GOAL_TEXT, Goal, GoalEarlier, GoalText, Step
from shelter.plans.queries.reading import readable
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.trail.record import note_read

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of history: who did what when, and why."""

    at: datetime
    by: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class StepView:
    id: str
    what: str
    owner: str
    due: date | None
    state: str
    history: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal as shown: `version` is what a form made from it carries."""

    id: bytes
    version: int
    words: str
    language: str
    area: str
    state: str
    steps: tuple[StepView, ...]
    changed_by: str
    changed_at: datetime | None
    earlier: int
    why: str = ""
    reached_on: date | None = None

    def step(self, step_id: str) -> StepView:
        """Raises `Missing` for a step this goal never had."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise Missing

    @property
    def open_steps(self) -> tuple[StepView, ...]:
        return tuple(step for step in self.steps if step.state == "open")


@dataclass(frozen=True, slots=True)
class PlanView:
    card: PersonCard
    goals: tuple[GoalView, ...]

    def in_state(self, state: str) -> tuple[GoalView, ...]:
        return tuple(goal for goal in self.goals if goal.state == state)


def plan(actor: Actor, code: str) -> PlanView:
    """Everything in one client's plan. Raises `Missing` outside her scope, `Denied` where plans are not hers."""
    client = readable(actor, code)
    rows = db.session.scalars(select(Goal).where(Goal.client_id == client.id)).all()
    texts = _open(actor, rows)
    names = names_of(actor, _people(texts))
    earlier = _earlier_counts([row.id for row in rows])
    goals = [_view(row, text, names, earlier.get(row.id, 0)) for row, text in zip(rows, texts, strict=True) if text]
    goals.sort(key=_newest, reverse=True)
    return PlanView(card(actor, client), tuple(goals))


def goal(actor: Actor, code: str, goal_id: bytes) -> tuple[PersonCard, GoalView]:
    """One goal of one client."""
    client = readable(actor, code)
    row = db.session.get(Goal, goal_id)
    if row is None or row.client_id != client.id:
        raise Missing
    (text,) = _open(actor, [row])
    if text is None:
        raise Missing
    return card(actor, client), _view(row, text, names_of(actor, _people([text])), 0)


def earlier_versions(actor: Actor, code: str, goal_id: bytes) -> tuple[PersonCard, list[GoalView]]:
    """The goal as it stands and as it was before each change, newest first."""
    client = readable(actor, code)
    rows = db.session.scalars(
        select(GoalEarlier)
        .where(GoalEarlier.goal_id == goal_id, GoalEarlier.client_id == client.id)
        .order_by(GoalEarlier.was_version.desc())
    ).all()
    if not rows:
        raise Missing
    sealed = [SealedRow(row.id, row.subject(), row.text_version, row.text) for row in rows]
    texts = open_rows(actor, sealed, EARLIER_TEXT)
    names = names_of(actor, _people(texts))
    views = [_view(row, text, names, 0) for row, text in zip(rows, texts, strict=True) if text]
    _, now = goal(actor, code, goal_id)
    return card(actor, client), [now, *views]


def active_goals(actor: Actor, client: Client) -> list[GoalView]:
    """What she works on, the newest first, of a client whom the caller's reader may read."""
    rows = db.session.scalars(select(Goal).where(Goal.client_id == client.id)).all()
    goals = [_view(row, text, {}, 0) for row, text in zip(rows, _open(actor, rows), strict=True) if text]
    return sorted((one for one in goals if one.state == "active"), key=_newest, reverse=True)


def in_short(actor: Actor, client: Client) -> tuple[GoalView, ...] | None:
    """What she works on, for the page of the person; None for a reader who may not read her plan."""
    decision = decide(actor, Act.PLANS_READ, scope.facts_of(client))
    if not decision.allowed:
        return None
    note_read(actor, Act.PLANS_READ, [client.id], decision.clause)
    return tuple(active_goals(actor, client))


def _newest(goal: GoalView) -> datetime:
    return goal.changed_at or NEVER


def steps_of(actor: Actor, clients: Sequence[bytes]) -> dict[bytes, list[tuple[bytes, int, Step]]]:
    """Open steps of many clients already in scope: (goal id, goal version, step) by client."""
    rows = db.session.scalars(select(Goal).where(Goal.client_id.in_(clients))).all()
    found: dict[bytes, list[tuple[bytes, int, Step]]] = {}
    for row, text in zip(rows, _open(actor, rows), strict=True):
        if text is not None and text.state == "active":
            open_steps = [(row.id, row.text_version, step) for step in text.steps if step.state == "open"]
            found.setdefault(row.client_id, []).extend(open_steps)
    note_read(actor, Act.PLANS_READ, found)
    return found


def _open(actor: Actor, rows: Sequence[Goal]) -> list[GoalText | None]:
    sealed = [SealedRow(row.id, client_subject(row.client_id), row.text_version, row.text) for row in rows]
    return open_rows(actor, sealed, GOAL_TEXT)


def _people(texts: Sequence[GoalText | None]) -> set[bytes]:
    found = {change.by for text in texts if text for step in text.steps for change in step.changes}
    return found | {text.changed_by for text in texts if text and text.changed_by}


def _earlier_counts(goals: list[bytes]) -> dict[bytes, int]:
    counts: dict[bytes, int] = {}
    for goal_id in db.session.scalars(select(GoalEarlier.goal_id).where(GoalEarlier.goal_id.in_(goals))):
        counts[goal_id] = counts.get(goal_id, 0) + 1
    return counts


def _view(row: Goal | GoalEarlier, text: GoalText, names: dict[bytes, str], earlier: int) -> GoalView:
    return GoalView(
        id=row.id,
        version=row.text_version,
        words=text.words,
        language=text.language,
        area=text.area,
        state=text.state,
        steps=tuple(_step(step, names) for step in text.steps),
        changed_by=names.get(text.changed_by, ""),
        changed_at=text.changed_at,
        earlier=earlier,
        why=text.why,
        reached_on=text.reached_on,
    )


def _step(step: Step, names: dict[bytes, str]) -> StepView:
    history = tuple(Happened(c.at, names.get(c.by, ""), c.what, c.why) for c in step.changes)
    return StepView(step.id, step.what, step.owner, step.due, step.state, history)
