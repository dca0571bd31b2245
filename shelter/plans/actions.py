"""Changing a plan. What stood before is kept as an earlier version in the same transaction."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.plans.models import (
    EARLIER_TEXT,
    GOAL_TEXT,
    Change,
    Goal,
    GoalEarlier,
    GoalText,
    Step,
)
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class SetGoal:
    code: str
    words: str
    language: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class ChangeGoal:
    """`version` is the one that the form was made from."""

    code: str
    goal: bytes
    version: int
    words: str
    language: str
    area: str
    state: str


@dataclass(frozen=True, slots=True)
class AddStep:
    code: str
    goal: bytes
    version: int
    what: str
    owner: str
    due: date | None


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """`what` is done, reopened, moved (to `due`) or dropped; a move or a drop says why."""

    code: str
    goal: bytes
    step: str
    version: int
    what: str
    due: date | None = None
    why: str = ""


STATE_AFTER = {"done": "done", "reopened": "open", "moved": "open", "dropped": "dropped"}


def set_goal(actor: Actor, command: SetGoal) -> bytes:
    """A new goal; its id."""
    with _writing(actor, command.code) as (client, _):
        goal = Goal(client_id=client.id)
        text = GoalText(
            words=command.words,
            language=command.language,
            area=command.area,
            changed_by=actor.id,
            changed_at=now(),
        )
        fill(actor, goal, GOAL_TEXT, text)
        db.session.add(goal)
    return goal.id


def change_goal(actor: Actor, command: ChangeGoal) -> None:
    """New words, area or state. Raises `Conflict` where somebody saved first."""

    def change(text: GoalText) -> GoalText:
        return replace(text, words=command.words, language=command.language, area=command.area, state=command.state)

    _change(actor, command.code, command.goal, command.version, change)


def add_step(actor: Actor, command: AddStep) -> None:
    """One more step at the end of the goal."""
    step = Step(
        id=secrets.token_hex(4),
        what=command.what,
        owner=command.owner,
        due=command.due,
        changes=[Change(at=now(), by=actor.id, what="made")],
    )
    _change(
        actor,
        command.code,
        command.goal,
        command.version,
        lambda text: replace(text, steps=[*text.steps, step]),
    )


def change_step(actor: Actor, command: ChangeStep) -> None:
    """Done, opened again, moved or dropped; history is only ever added to."""
    if command.what not in STATE_AFTER:
        raise Broken("plans.unknown-change")
    if command.what in ("moved", "dropped") and not command.why:
        raise Broken("plans.say-why", field="why")
    if command.what == "moved" and command.due is None:
        raise Broken("plans.say-when", field="due")
    change = Change(at=now(), by=actor.id, what=command.what, why=command.why)

    def apply(text: GoalText) -> GoalText:
        if command.step not in {step.id for step in text.steps}:
            raise Missing
        steps = [_stepped(step, command, change) if step.id == command.step else step for step in text.steps]
        return replace(text, steps=steps)

    _change(actor, command.code, command.goal, command.version, apply)


def _stepped(step: Step, command: ChangeStep, change: Change) -> Step:
    due = command.due if command.what == "moved" else step.due
    return replace(step, state=STATE_AFTER[command.what], due=due, changes=[*step.changes, change])


@contextmanager
def _writing(actor: Actor, code: str) -> Iterator[tuple[Client, Unit]]:
    with recorded(actor, Act.PLANS_WRITE) as unit:
        client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PLANS_READ)
        unit.clause = scope.allowed(actor, Act.PLANS_WRITE, client).clause
        unit.about(client.id)
        yield client, unit


def _change(actor: Actor, code: str, goal_id: bytes, version: int, change: Callable[[GoalText], GoalText]) -> None:
    with _writing(actor, code) as (client, _):
        goal = db.session.get(Goal, goal_id, populate_existing=True)
        if goal is None or goal.client_id != client.id:
            raise Missing
        if goal.text_version != version:
            raise Conflict("goal", "text")
        before = open_section(actor, goal, GOAL_TEXT)
        if before is None:
            raise Missing
        after = replace(change(before), changed_by=actor.id, changed_at=now())
        _keep(actor, goal, before)
        save(actor, goal, GOAL_TEXT, after, made_from=version)


def _keep(actor: Actor, goal: Goal, before: GoalText) -> None:
    earlier = GoalEarlier(goal_id=goal.id, client_id=goal.client_id, was_version=goal.text_version)
    fill(actor, earlier, EARLIER_TEXT, before)
    db.session.add(earlier)
