"""Changing goals and steps. What stood before is kept as an earlier version in the same transaction."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.plans import facts
from shelter.plans.actions.writing import writing
from shelter.plans.models.goals import (
    EARLIER_TEXT,
    GOAL_TEXT,
    Change,
    Goal,
    GoalEarlier,
    GoalText,
    Step,
)
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.plans import plan_templates


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
    why: str = ""


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


@dataclass(frozen=True, slots=True)
class TakeTemplate:
    """Goals of a template, by their places in it, with their steps counted from `begins`."""

    code: str
    template: str
    goals: tuple[int, ...]
    begins: date


STATE_AFTER = {"done": "done", "reopened": "open", "moved": "open", "dropped": "dropped"}


def set_goal(actor: Actor, command: SetGoal) -> bytes:
    """A new goal; its id."""
    with writing(actor, command.code) as client:
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


def take_template(actor: Actor, command: TakeTemplate) -> int:
    """Sets the chosen goals with their steps, to be worded with her afterwards; how many."""
    template = plan_templates().get(command.template)
    if template is None or not command.goals or max(command.goals) >= len(template.goal):
        raise Broken("plans.choose-a-goal", field="goals")
    with writing(actor, command.code) as client:
        for place in sorted(set(command.goals)):
            chosen = template.goal[place]
            steps = [
                Step(
                    id=secrets.token_hex(4),
                    what=step.label,
                    owner=step.owner,
                    due=command.begins + timedelta(days=step.days),
                    changes=[Change(at=now(), by=actor.id, what="made")],
                )
                for step in chosen.step
            ]
            goal = Goal(client_id=client.id)
            text = GoalText(words=chosen.label, area=chosen.area, steps=steps, changed_by=actor.id, changed_at=now())
            fill(actor, goal, GOAL_TEXT, text)
            db.session.add(goal)
    return len(set(command.goals))


def change_goal(actor: Actor, command: ChangeGoal) -> None:
    """New words, area or state. Raises `Conflict` where somebody saved first."""

    def change(text: GoalText) -> GoalText:
        reached = (text.reached_on or agency_today()) if command.state == "reached" else None
        return replace(
            text,
            words=command.words,
            language=command.language,
            area=command.area,
            state=command.state,
            reached_on=reached,
            why=command.why,
        )

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


def _change(actor: Actor, code: str, goal_id: bytes, version: int, change: Callable[[GoalText], GoalText]) -> None:
    with writing(actor, code) as client:
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
        facts.goal(actor, client, goal, before, after)


def _keep(actor: Actor, goal: Goal, before: GoalText) -> None:
    earlier = GoalEarlier(goal_id=goal.id, client_id=goal.client_id, was_version=goal.text_version)
    fill(actor, earlier, EARLIER_TEXT, before)
    db.session.add(earlier)
