"""The one blueprint of the plan's pages, its words, and what the person page shows of a plan."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Block, Line, register_block
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
