"""Templates of a plan by situation: goals and small steps to begin from, worded with her afterwards."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.picklists import picklists
from shelter.rules.rulefile import BadRuleFile, read, require_unique

FILE = Path(__file__).parent / "templates.toml"


class TemplateStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`days` is counted from the day on which the template is taken."""

    label: str
    days: int
    owner: Literal["client", "staff", "partner"] = "staff"


class TemplateGoal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    label: str
    area: str
    step: tuple[TemplateStep, ...]


class PlanTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: str
    label: str
    hint: str
    source: str
    goal: tuple[TemplateGoal, ...]


class _Templates(msgspec.Struct, forbid_unknown_fields=True):
    template: tuple[PlanTemplate, ...]


def load_plan_templates(path: Path = FILE) -> Mapping[str, PlanTemplate]:
    """Every template by code. Raises BadRuleFile, also for a part of life that the list does not have."""
    found = read(path, _Templates).template
    require_unique([one.code for one in found], path.name, "template")
    areas = {one.code for one in picklists()["plan_areas"].choices}
    for position, one in enumerate(found):
        for goal in one.goal:
            if goal.area not in areas:
                raise BadRuleFile(path.name, f"$.template[{position}].goal", f"`{goal.area}` is no part of life")
    return {one.code: one for one in found}


@cache
def plan_templates() -> Mapping[str, PlanTemplate]:
    """The shipped templates, read once."""
    return load_plan_templates()
