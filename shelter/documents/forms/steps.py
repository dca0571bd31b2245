"""The forms of the steps of a way back."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.documents.actions import BeginWay, EndWay, TakeStep
from shelter.documents.words import OWNERS, PAYERS
from shelter.web.fields import Choice, LongText, NearDate, Text
from shelter.web.forms import EditForm

_AMOUNT = re.compile(r"(\d{1,6})(?:[.,](\d{2}))?")


class WayForm(EditForm):
    """Which way back to begin; the choices are set for the paper."""

    way = Choice(_l("Which way?"), required=True)

    def command(self, code: str, paper: bytes) -> BeginWay:
        return BeginWay(code, paper, self.version.data, self.way.data)


class EndWayForm(EditForm):
    why = Text(_l("Why, in a few words"), required=_l("Say in a few words why"), max_length=300)

    def command(self, code: str, paper: bytes) -> EndWay:
        return EndWay(code, paper, self.version.data, self.why.data)


class AskForm(EditForm):
    words = LongText(
        _l("What should counsel know?"),
        hint=_l("You can leave this empty. Her story stays with her legal advocate; only what this step is about."),
        max_length=1000,
        rows=3,
    )

    def command(self, code: str, paper: bytes, step: str) -> TakeStep:
        return TakeStep(code, paper, self.version.data, step, "asked", words=self.words.data)


class AnswerForm(EditForm):
    answer = Choice(
        _l("May we go on?"),
        choices=[("yes", _l("Yes, the next steps may be taken")), ("no", _l("Not now: no contact with anybody"))],
        required=True,
    )
    words = LongText(
        _l("What her caseworkers should know"),
        hint=_l("They will read this. Legal reasons stay in the matter."),
        max_length=1000,
        rows=3,
    )

    def command(self, code: str, paper: bytes, step: str) -> TakeStep:
        go_ahead = self.answer.data == "yes"
        return TakeStep(code, paper, self.version.data, step, "answered", words=self.words.data, go_ahead=go_ahead)


class ArrangeForm(EditForm):
    owner = Choice(_l("Who takes this step?"), choices=list(OWNERS.items()), required=True)
    due = NearDate(_l("By when?"))
    words = Text(_l("What is arranged"), hint=_l("Such as an appointment, an address, a case number."), max_length=300)

    def command(self, code: str, paper: bytes, step: str) -> TakeStep:
        return TakeStep(
            code,
            paper,
            self.version.data,
            step,
            "arranged",
            words=self.words.data,
            owner=self.owner.data,
            due=self.due.data,
        )


class CloseStepForm(EditForm):
    outcome = Choice(
        _l("What became of it?"),
        choices=[
            ("done", _l("It is done")),
            ("left_out", _l("It is left out"), _l("Not needed, or she decided against it. It can be opened again.")),
        ],
        required=True,
    )
    on = NearDate(_l("On which day?"))
    words = Text(_l("With what result?"), hint=_l("Such as the number of a report or a receipt."), max_length=300)
    cost = Text(_l("What did it cost, in dollars?"), max_length=12)
    paid_by = Choice(_l("Who paid?"), choices=list(PAYERS.items()))

    def validate_cost(self, field: Any) -> None:
        if field.data and not _AMOUNT.fullmatch(field.data.lstrip("$ ")):
            raise StopValidation(_("Write an amount like %(example)s", example="26 or 37.50"))

    def command(self, code: str, paper: bytes, step: str) -> TakeStep:
        return TakeStep(
            code,
            paper,
            self.version.data,
            step,
            self.outcome.data,
            on=self.on.data,
            words=self.words.data,
            cost=self._cents(),
            paid_by=self.paid_by.data or "",
        )

    def _cents(self) -> int | None:
        amount = _AMOUNT.fullmatch(self.cost.data.lstrip("$ "))
        return int(amount[1]) * 100 + int(amount[2] or 0) if amount else None
