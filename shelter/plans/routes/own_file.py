"""What a plan gives to a person's own file: goals and steps, reviews, safety plan, appointments, closings."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.clients.queries import Held, Holding, one_line, register_own
from shelter.plans import queries
from shelter.plans.words import (
    APPOINTMENT_ENDS,
    APPOINTMENT_KINDS,
    ASKED,
    CHANGES,
    GOAL_STATES,
    OWNERS,
    PLAN_ANSWERS,
    STEP_STATES,
    area_in_words,
)
from shelter.policy.actor import Actor
from shelter.settings.words import choice_words
from shelter.web.asked import SKIP_REASONS
from shelter.web.times import day_full, day_of


def _goals(plan: queries.PlanView) -> Holding:
    """Her goals with their steps, what became of each and why."""
    lines = []
    for goal in plan.goals:
        reached = (_l("Reached on"), day_full(goal.reached_on))
        about = ((_l("Language"), goal.language), (_l("Part of life"), area_in_words(goal.area)), reached)
        lines.append(Held(dict(GOAL_STATES)[goal.state], one_line(goal.words, *about, (_l("Why changed"), goal.why))))
        for step in goal.steps:
            lines.append(
                Held(OWNERS.get(step.owner, step.owner), one_line(step.what, STEP_STATES[step.state]), step.due)
            )
            lines += [
                Held(_l("Step: %(what)s", what=step.what), one_line(CHANGES[one.what], one.why), day_of(one.at))
                for one in step.history
                if one.why or one.what != "made"
            ]
    return Holding(_l("Plan"), lines, "plan")


def _agreement(view: queries.AgreementView) -> Holding:
    """How often it is gone through, what was found, and who was asked to look at it."""
    rhythm = ngettext("every day", "every %(num)d days", view.every)
    lines = [Held(_l("How often we look at it together"), rhythm)] if view.text.every or view.text.reviews else []
    lines += [Held(_l("Looked at together"), one.words or day_full(one.on), one.on) for one in view.text.reviews]
    for one in view.text.asked:
        answered = (PLAN_ANSWERS.get(one.answer, ""), day_full(one.answered_at), one.comment)
        lines.append(Held(dict(ASKED)[one.what], one_line(one.words or _l("Asked"), *answered), day_of(one.at)))
    return Holding(_l("How the plan is looked at"), lines, "plan")


def _safety(text: queries.SafetyView) -> Holding:
    """Her safety plan and the lines for her pocket, as she said them."""
    said = [Held(choice_words("safety_parts", part), line) for part, lines in text.text.parts.items() for line in lines]
    pocket = [Held(_l("For her pocket"), line) for line in text.text.pocket]
    around = [Held(_l("Language"), text.text.language), Held(_l("Why changed"), text.text.why)]
    reviews = [
        Held(_l("Gone through"), choice_words("safety_occasions", one.words) or day_full(one.on), one.on)
        for one in text.text.reviews
    ]
    return Holding(_l("Safety plan"), [*said, *pocket, *(one for one in around if one.words), *reviews], "safety")


def _appointments(found: list[queries.AppointmentView]) -> Holding:
    return Holding(_l("Appointments"), [Held(one.text.what, _arranged(one), one.text.on) for one in found])


def _arranged(one: queries.AppointmentView) -> str:
    text = one.text
    along = [
        (asked, choice_words("arrangements", said))
        for asked, said in (
            (_l("Interpreter"), text.interpreter),
            (_l("Getting there"), text.transport),
            (_l("Care for the children"), text.childcare),
        )
    ]
    who = ((_l("Who goes along"), text.goes_along), *along, (_l("For which language?"), text.language))
    when = f"{text.at:%H:%M}" if text.at else ""
    became = (dict(APPOINTMENT_ENDS)[text.state], text.outcome)
    return one_line(dict(APPOINTMENT_KINDS)[text.kind], when, text.where, *who, *became)


def _closings(view: queries.CaseView) -> Holding:
    lines = []
    for one in view.episodes:
        living = choice_words("closing_living", one.living) if one.living else ""
        obtained = [choice_words("relief_obtained", code) for code in one.obtained]
        continued = choice_words("continued_care", one.continued) if one.continued else ""
        skipped = [dict(SKIP_REASONS).get(why, why) for why in one.skipped.values()]
        on = (_l("Referred to somebody who carries on"), continued)
        said = one_line(
            one.words, living, *obtained, on, one.carries_on, (_l("Left open"), ", ".join(map(str, skipped)))
        )
        lines.append(Held(choice_words("closing_reasons", one.reason), said, one.closed_on))
        if one.reopened_at:
            lines.append(Held(_l("Opened again"), one.reopened_why, day_of(one.reopened_at)))
    return Holding(_l("The case"), lines)


def _around(reader: Actor, code: str) -> list[Holding]:
    _card, coming, past, _today = queries.appointments(reader, code)
    return [
        _safety(queries.safety(reader, code)),
        _appointments([*coming, *past]),
        _closings(queries.case(reader, code)),
    ]


register_own(
    "plan",
    10,
    lambda reader, client: [
        _goals(queries.plan(reader, client.code)),
        _agreement(queries.agreement(reader, client.code)),
    ],
    tells=("goal:text", "plan:text"),
)
register_own(
    "around the plan",
    12,
    lambda reader, client: _around(reader, client.code),
    tells=("safety_plan:text", "appointment:text", "episode:text"),
)
