"""The one blueprint of the plan's pages, its words, and what the person page shows of a plan."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Block, Held, Holding, Line, register_block, register_own
from shelter.plans import queries
from shelter.plans.forms.around import SAFETY_PARTS, WHY_SAFETY
from shelter.plans.words import (
    APPOINTMENT_ENDS,
    APPOINTMENT_KINDS,
    ASKED,
    CHANGES,
    GOAL_STATES,
    OWNERS,
    PLAN_ANSWERS,
    area_in_words,
)
from shelter.policy.actor import Actor
from shelter.settings.words import choice_words

blueprint = Blueprint("plans", __name__, url_prefix="/people/<code>/plan")
MOST_LINES = 5


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    words = {"goal_states": dict(GOAL_STATES), "step_owners": OWNERS, "step_changes": CHANGES}
    around = {
        "plan_asked": dict(ASKED),
        "plan_answers": PLAN_ANSWERS,
        "safety_parts": SAFETY_PARTS,
        "safety_why": WHY_SAFETY,
    }
    ends = {"appointment_ends": dict(APPOINTMENT_ENDS), "appointment_kinds": dict(APPOINTMENT_KINDS)}
    return words | around | ends | {"plan_area": area_in_words}


def _on_her_page(goals: Sequence[queries.GoalView] | None) -> Block | None:
    """Her plan in five lines: what is due first, then goals that have no step yet."""
    if goals is None:
        return None
    steps = [step for goal in goals for step in goal.open_steps]
    steps.sort(key=lambda step: step.due or date.max)
    lines = [Line(step.what, step.due) for step in steps]
    lines += [Line(f"“{goal.words}”") for goal in goals if not goal.open_steps]
    nothing = _l("No goal yet. Ask her what she wants first, and write it as she says it.")
    return Block(_l("Plan"), lines[:MOST_LINES], nothing, "plans.show")


register_block("plan", 10, lambda reader, client: _on_her_page(queries.in_short(reader, client)))


def _held(plan: queries.PlanView) -> list[Holding]:
    """Her goals with their steps, as her own file says them."""
    lines = []
    for goal in plan.goals:
        lines.append(Held(dict(GOAL_STATES)[goal.state], goal.words))
        for step in goal.steps:
            lines.append(Held(OWNERS.get(step.owner, step.owner), step.what, step.due))
            lines += [Held(CHANGES[one.what], one.why, one.at.date()) for one in step.history if one.why]
    return [Holding(_l("Plan"), lines, "plan")]


register_own(
    "plan",
    10,
    lambda reader, client: _held(queries.plan(reader, client.code)),
    tells=("goal:text",),
)


def _safety(text: queries.SafetyView) -> Holding:
    """Her safety plan and the lines for her pocket, as she said them."""
    said = [Held(choice_words("safety_parts", part), line) for part, lines in text.text.parts.items() for line in lines]
    return Holding(
        _l("Safety plan"), [*said, *(Held(_l("For her pocket"), line) for line in text.text.pocket)], "safety"
    )


def _appointments(found: list[queries.AppointmentView]) -> Holding:
    texts = [one.text for one in found]
    return Holding(
        _l("Appointments"),
        [Held(text.what, _line(text.where, text.goes_along, text.language, text.outcome), text.on) for text in texts],
    )


def _closings(view: queries.CaseView) -> Holding:
    lines = []
    for one in view.episodes:
        living = choice_words("closing_living", one.living) if one.living else ""
        obtained = [choice_words("relief_obtained", code) for code in one.obtained]
        said = _line(one.words, living, *obtained, one.carries_on)
        lines.append(Held(choice_words("closing_reasons", one.reason), said, one.closed_on))
        if one.reopened_at:
            lines.append(Held(_l("Opened again"), one.reopened_why, one.reopened_at.date()))
    return Holding(_l("The case"), lines)


def _line(*parts: str) -> str:
    return ". ".join(filter(None, parts))


def _around(reader: Actor, code: str) -> list[Holding]:
    _card, coming, past, _today = queries.appointments(reader, code)
    return [
        _safety(queries.safety(reader, code)),
        _appointments([*coming, *past]),
        _closings(queries.case(reader, code)),
    ]


register_own(
    "around the plan",
    12,
    lambda reader, client: _around(reader, client.code),
    tells=(
        "safety_plan:text",
        "appointment:text",
        "episode:text",
    ),
)
