"""What she is given on paper: her plan and the lines for her pocket, without a line that would name us."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shelter.clients.queries import card
from shelter.db import db
from shelter.db.agency import SITE_HOUSE, Site, the_agency
from shelter.db.keyring import keyring_of
from shelter.db.sections import open_section
from shelter.plans.queries.goals import GoalView, active_goals
from shelter.plans.queries.reading import readable
from shelter.plans.queries.safety import pocket_lines
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.plans.naming import names_us


@dataclass(frozen=True, slots=True)
class PaperStep:
    what: str
    due: date | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class PaperGoal:
    words: str
    steps: tuple[PaperStep, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """`left_out` are lines that name us: they stand on the screen and on no paper. `languages` are hers."""

    goals: tuple[PaperGoal, ...]
    left_out: tuple[str, ...]
    languages: tuple[str, ...]


def paper(actor: Actor, code: str) -> Paper:
    """Goals she works on, with open steps and then those that are done. Written in the trail."""
    client = readable(actor, code, Act.PLANS_PRINT)
    names, goals = _our_names(actor), active_goals(actor, client)
    kept = [goal for goal in goals if not names_us(goal.words, names)]
    left_out = [goal.words for goal in goals if goal not in kept]
    left_out += [step.what for goal in kept for step in _steps(goal) if names_us(step.what, names)]
    on_paper = tuple(
        PaperGoal(goal.words, tuple(step for step in _steps(goal) if not names_us(step.what, names))) for goal in kept
    )
    return Paper(on_paper, tuple(left_out), card(actor, client).languages)


def pocket_paper(actor: Actor, code: str) -> tuple[list[str], list[str]]:
    """The lines for her pocket, and those that stay off it because they name us. Written in the trail."""
    client = readable(actor, code, Act.PLANS_PRINT)
    names, lines = _our_names(actor), pocket_lines(actor, client)
    left_out = [line for line in lines if names_us(line, names)]
    return [line for line in lines if line not in left_out], left_out


def _steps(goal: GoalView) -> Iterable[PaperStep]:
    for step in goal.open_steps:
        yield PaperStep(step.what, step.due)
    for step in goal.steps:
        if step.state == "done":
            yield PaperStep(step.what, done=True)


def _our_names(actor: Actor) -> list[str]:
    """What the agency and its places are called, where they are and how they are reached."""
    agency, keyring = the_agency(), keyring_of(actor)
    names = [agency.name_on_screen] if agency else []
    for site in db.session.scalars(select(Site)):
        names.append(site.code_name)
        house = open_section(actor, site, SITE_HOUSE) if keyring.holds(SITE_HOUSE.kind) else None
        if house is not None:
            names += [house.phone, *house.address.splitlines()]
    return names
