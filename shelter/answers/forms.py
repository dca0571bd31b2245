"""The interview of one stage: a question for each that the rules name, every one of them skippable."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.answers.actions import Keep
from shelter.answers.queries import AnswersView
from shelter.rules.interview import Question, Stage, interview
from shelter.rules.picklists import picklists
from shelter.settings.words import choices_of
from shelter.web import fields
from shelter.web.forms import EditForm

MOST_DOLLARS = 999_999


class InterviewForm(EditForm):
    on = fields.NearDate(_l("When did you talk?"), required=True)

    def asked(self) -> list[tuple[Question, fields.Asked]]:
        return [(one, cast(fields.Asked, self[one.code])) for one in interview().question if one.code in self]

    def amounts_of(self, question: Question) -> list[tuple[str, fields.Asked]]:
        """The question of how much each choice is, by choice."""
        return [(choice, cast(fields.Asked, self[question.amount_of(choice)])) for choice in question.amounts]

    def command(self, code: str, stay: bytes, stage: Stage, answers: bytes | None) -> Keep:
        chosen: dict[str, list[str]] = {}
        amounts: dict[str, int] = {}
        for question, field in self.asked():
            named = {choice: one.data for choice, one in self.amounts_of(question) if one.answered and one.data}
            amounts |= {question.amount_of(choice): amount for choice, amount in named.items()}
            if named:
                chosen[question.code] = [*field.data, *(choice for choice in named if choice not in field.data)]
                continue
            if not field.answered:
                continue
            if question.amount:
                amounts[question.code] = field.data
            else:
                chosen[question.code] = list(field.data) if question.several else [field.data]
        return Keep(
            code, stay, stage, self.on.data, chosen, amounts, self.skipped(), answers, int(self.version.data or 0)
        )


def interview_form(asked: Iterable[Question], known: AnswersView | None, day: date) -> InterviewForm:
    """The form of what is asked, filled with the answers that are changed."""
    asked = tuple(asked)
    questions = {one.code: _field(one) for one in asked}
    for one in asked:
        names = {choice.code: _(choice.label) for choice in picklists()[one.list].choices} if one.amounts else {}
        questions |= {one.amount_of(choice): _amount(names[choice]) for choice in one.amounts}
    made: type[InterviewForm] = type("InterviewForm", (InterviewForm,), questions)
    data: dict[str, Any] = {"on": day, "version": 0}
    skips: Mapping[str, str] = {}
    if known is not None:
        data |= {"on": known.words.on, "version": known.version} | known.words.amounts
        for question in asked:
            answer = known.words.chosen.get(question.code)
            if answer:
                data[question.code] = answer if question.several else answer[0]
        skips = {name: reason for name, reason in known.words.skipped.items() if name in questions}
    return made(data=data, skips=skips)


def _amount(label: str) -> fields.Number:
    return fields.Number(label, least=0, most=MOST_DOLLARS)


def _field(question: Question) -> fields.Asked:
    label = _(question.label)
    if question.amount:
        return fields.Number(label, skippable=True, least=0, most=MOST_DOLLARS)
    if question.several:
        return fields.ManyChoices(label, skippable=True, choices=lambda: choices_of(question.list))
    look = "list" if question.list not in ("yes_no",) else "radios"
    return fields.Choice(label, skippable=True, look=look, choices=lambda: choices_of(question.list))
