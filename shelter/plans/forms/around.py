"""Forms around the goals: review and agreement, safety plan, appointments, closing, templates."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.plans.actions import (
    Answer,
    Arrange,
    AskToLook,
    ChangeAppointment,
    CloseCase,
    MarkReviewed,
    ReopenCase,
    ReviewSafety,
    SaveSafety,
    Settle,
    TakeTemplate,
)
from shelter.plans.words import APPOINTMENT_ENDS, APPOINTMENT_KINDS, ASKED, PLAN_ANSWERS
from shelter.settings.words import choices_of
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Number, Purpose, Text, Tick, Time
from shelter.web.forms import EditForm, Form

SAFETY_PARTS = ("signs", "here", "out", "phone", "people", "words", "children", "take", "calm", "leaving")
WHY_SAFETY = Purpose(
    _l("So that she knows what to do on a bad day, in her own words. She decides what stands here and what does not."),
    _l("Her caseworkers and their supervisor. Never the night desk, never legal staff."),
)
WHY_CLOSING = Purpose(
    _l("So that the next door opens for her, and so that the funder's closing form needs no second asking."),
    _l("Her caseworkers and their supervisor. A report sees codes and a month."),
)


class ReviewForm(EditForm):
    on = NearDate(_l("Looked at together on"), required=True)
    words = LongText(_l("What did you see together?"), max_length=1000, rows=3)
    every = Number(_l("Days until the next time"), hint=_l("Empty: the rhythm of the house."), least=1, most=365)

    def command(self, code: str) -> MarkReviewed:
        return MarkReviewed(code, self.version.data, self.on.data, self.words.data, self.every.data)


class AskForm(EditForm):
    """`of` gets its choices for the client."""

    what = Choice(_l("What do you ask for?"), choices=ASKED, required=True)
    of = Choice(_l("Whom, for a second pair of eyes?"), look="list")
    words = Text(_l("What should they look at?"), max_length=300)

    def command(self, code: str) -> AskToLook:
        of = bytes.fromhex(self.of.data) if self.of.data and self.what.data == "second_look" else b""
        return AskToLook(code, self.version.data, self.what.data, of, self.words.data)


class AnswerForm(EditForm):
    """`answer` gets the choices that fit what was asked."""

    answer = Choice(_l("Your answer"), required=True)
    comment = LongText(_l("A comment"), hint=_l("Needed where something should change."), max_length=1000, rows=3)

    def command(self, code: str, asked: str) -> Answer:
        return Answer(code, asked, self.version.data, self.answer.data, self.comment.data)


def answer_choices(what: str) -> list[tuple[str, Any]]:
    return [
        (code, words) for code, words in PLAN_ANSWERS.items() if code != ("seen" if what == "agreement" else "agreed")
    ]


class SafetyForm(EditForm):
    """One line a thought; a part that is nothing for her stays empty."""

    signs = LongText(max_length=1500, rows=3)
    here = LongText(max_length=1500, rows=3)
    out = LongText(max_length=1500, rows=3)
    phone = LongText(max_length=1500, rows=3)
    people = LongText(max_length=1500, rows=3)
    words = LongText(max_length=1500, rows=2)
    children = LongText(max_length=1500, rows=3)
    take = LongText(max_length=1500, rows=3)
    calm = LongText(max_length=1500, rows=3)
    leaving = LongText(max_length=1500, rows=3)
    pocket = LongText(
        _l("For her pocket"),
        hint=_l(
            "A few lines that tell a stranger nothing: no name, no place, no word such as safety. She reads them first."
        ),
        max_length=600,
        rows=4,
    )
    language = Text(_l("In which language is it written?"), max_length=40)
    why = Text(_l("Why is it changed, in a few words?"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label, hint in choices_of("safety_parts"):
            if code in self:
                self[code].label.text, self[code].description = label, hint

    def command(self, code: str) -> SaveSafety:
        parts = {part: lines(self[part].data) for part in SAFETY_PARTS}
        return SaveSafety(
            code, self.version.data, parts, tuple(lines(self.pocket.data)), self.language.data, self.why.data
        )


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ReviewSafetyForm(EditForm):
    occasion = Choice(_l("Gone through together:"), choices=lambda: choices_of("safety_occasions"), required=True)

    def command(self, code: str) -> ReviewSafety:
        return ReviewSafety(code, self.version.data, self.occasion.data)


class AppointmentForm(Form):
    kind = Choice(_l("What is it?"), choices=APPOINTMENT_KINDS, required=True)
    what = Text(_l("What for?"), required=_l("Write what it is for"), max_length=200)
    on = NearDate(_l("On which day?"), required=True)
    at = Time(_l("At what time?"))
    where = Text(_l("Where, in words"), hint=_l("It stands in no calendar and on no notice."), max_length=200)
    goes_along = Text(_l("Who goes along?"), max_length=80)
    interpreter = Choice(_l("Interpreter"), choices=lambda: choices_of("arrangements"), look="list")
    language = Text(_l("For which language?"), max_length=40)
    transport = Choice(_l("Getting there"), choices=lambda: choices_of("arrangements"), look="list")
    childcare = Choice(_l("Care for the children"), choices=lambda: choices_of("arrangements"), look="list")

    def command(self, code: str) -> Arrange:
        return Arrange(
            code=code,
            kind=self.kind.data,
            what=self.what.data,
            on=self.on.data,
            at=self.at.data,
            where=self.where.data,
            goes_along=self.goes_along.data,
            interpreter=self.interpreter.data or "not_needed",
            language=self.language.data,
            transport=self.transport.data or "not_needed",
            childcare=self.childcare.data or "not_needed",
        )


class ChangeAppointmentForm(EditForm, AppointmentForm):
    def change(self, code: str, appointment: bytes) -> ChangeAppointment:
        return ChangeAppointment(appointment, self.version.data, self.command(code))


class SettleForm(EditForm):
    state = Choice(_l("What became of it?"), choices=APPOINTMENT_ENDS, required=True)
    outcome = Text(_l("A line about it"), max_length=300)

    def command(self, code: str, appointment: bytes) -> Settle:
        return Settle(code, appointment, self.version.data, self.state.data, self.outcome.data)


class CloseForm(Form):
    on = NearDate(_l("Closed on"), required=True)
    reason = Choice(
        _l("Why is the case closed?"), choices=lambda: choices_of("closing_reasons"), required=True, purpose=WHY_CLOSING
    )
    living = Choice(_l("How does she live now?"), choices=lambda: choices_of("closing_living"), skippable=True)
    obtained = ManyChoices(_l("What did she obtain?"), choices=lambda: choices_of("relief_obtained"))
    continued = Choice(
        _l("Was she referred to somebody who carries on?"), choices=lambda: choices_of("continued_care"), skippable=True
    )
    carries_on = Text(
        _l("Who carries on with her?"), hint=_l("Nobody is told anything without a release."), max_length=200
    )
    words = LongText(_l("What the next colleague should know, if she comes again"), max_length=2000, rows=3)

    def command(self, code: str) -> CloseCase:
        return CloseCase(
            code=code,
            on=self.on.data,
            reason=self.reason.data,
            living=self.living.data or "",
            obtained=tuple(self.obtained.data),
            carries_on=self.carries_on.data,
            words=self.words.data,
            skipped=self.skipped(),
            continued=self.continued.data or "",
        )


class ReopenForm(Form):
    why = Text(_l("Why is it opened again?"), required=_l("Say in a few words why"), max_length=300)

    def command(self, code: str) -> ReopenCase:
        return ReopenCase(code, self.why.data)


class TemplateForm(Form):
    """`goals` gets the goals of one template as choices."""

    goals = ManyChoices(_l("Which of these does she want?"), required=_l("Choose at least one goal"))
    sure = Tick(_l("We have talked about it, and each goal will be put into her own words"), required=True)

    def command(self, code: str, template: str, begins: date) -> TakeTemplate:
        return TakeTemplate(code, template, tuple(int(one) for one in self.goals.data), begins)
