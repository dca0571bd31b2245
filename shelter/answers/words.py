"""The words of the HMIS interview: its stages, its answers, and what a checker of exports would doubt."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.answers.queries import AnswersView
from shelter.rules.interview import Question, Stage, interview
from shelter.settings.words import choice_words
from shelter.web import fields
from shelter.web.sentences import say

STAGES: dict[int, Any] = {
    Stage.ENTRY: _l("When she came"),
    Stage.UPDATE: _l("In between"),
    Stage.EXIT: _l("When she left"),
    Stage.ANNUAL: _l("After a year"),
}
DOUBTS: dict[str, Any] = {
    "two_heads": _l("A household with more than one head, or with a head who left"),
    "no_head": _l("A household without a head"),
    "child_alone": _l("Nobody in the household is twelve or older"),
    "future_entry": _l("A stay that begins in the future"),
    "no_destination": _l("Where she went is not written down"),
    "no_violence_answer": _l("The question about violence is neither answered nor skipped with a reason"),
    "overlap": _l("Two stays of one person overlap"),
    "no_bed": _l("Nights without a bed, for example from an import"),
    "no_first_night": _l("Counted night by night, and the roll does not say that she was here on her first night"),
    "night_after_exit": _l("Counted night by night, and the roll says that she was here on the day she left"),
    "long_stay": _l("Here for more than a year"),
}

say(
    {
        "answers.before_entry": _l("This day is before the day of arrival"),
        "answers.in_the_future": _l("This day is still to come"),
    }
)


def stage_words(stage: int) -> str:
    return str(STAGES[stage])


def doubt_words(rule: str) -> str:
    return str(DOUBTS[rule])


def answer_lines(view: AnswersView) -> list[dict[str, Any]]:
    """The interview as the lines of a summary; what was skipped says why."""
    reasons = dict(fields.SKIP_REASONS)
    lines = []
    for question in interview().at(Stage(view.words.stage)):
        chosen = view.words.chosen.get(question.code, [])
        words = ", ".join(_named(question, code, view.words.amounts) for code in chosen)
        if question.code in view.words.amounts:
            words = str(view.words.amounts[question.code])
        skipped = str(reasons.get(view.words.skipped.get(question.code, ""), ""))
        lines.append({"label": _(question.label), "value": words, "skipped": "" if words else skipped, "person": True})
    return lines


def _named(question: Question, code: str, amounts: Mapping[str, int]) -> str:
    """A choice, with how much it is where that is known."""
    words, amount = choice_words(question.list, code), amounts.get(question.amount_of(code))
    return words if amount is None else f"{words} ({amount})"


GLOBALS = (stage_words, doubt_words, answer_lines)
