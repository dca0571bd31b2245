"""The forms of papers and of the steps back to them."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.documents.actions import (
    AddPaper,
    AddScan,
    BeginWay,
    ChangePaper,
    EndWay,
    PaperFacts,
    TakeStep,
)
from shelter.documents.known import Known
from shelter.documents.words import OWNERS, PAYERS, country_choices, kind_choices, state_choices
from shelter.files.forms import ACCEPTED
from shelter.files.forms import WHY as WHY_SCAN
from shelter.web.fields import Choice, LongText, NearDate, PartialDate, Purpose, RememberedDate, Text, Upload
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("So that we know which papers she has, who keeps the others from her, and what can be done next."),
    _l("Her caseworkers, their supervisor and her legal team. Never the night desk."),
)
_AMOUNT = re.compile(r"(\d{1,6})(?:[.,](\d{2}))?")


class PaperForm(Form):
    kind = Choice(_l("Which paper is it?"), look="list", choices=kind_choices, required=True, purpose=WHY)
    country = Choice(_l("Which country or office issued it?"), look="list", choices=country_choices, skippable=True)
    state = Choice(_l("Where is it now?"), look="list", choices=state_choices, skippable=True)
    held_by = Text(
        _l("Who has it, in words?"),
        hint=_l(
            "As she says it. How it was taken is not asked here: that she tells her legal advocate, if she wants to."
        ),
        skippable=True,
    )
    seen_when = RememberedDate(_l("When was it last seen?"), skippable=True)
    seen_where = Text(_l("Where was that?"), skippable=True)
    seen_by = Text(_l("Who saw it?"), skippable=True)
    printed_name = Text(
        _l("The name as it is printed on it"), hint=_l("With its spelling, even where it is wrong."), skippable=True
    )
    number = Text(
        _l("Its number"),
        hint=_l("Not of a Social Security card: that number is not kept here."),
        max_length=60,
        skippable=True,
    )
    issued = RememberedDate(_l("Issued on"), skippable=True)
    expires = RememberedDate(_l("Valid until"), skippable=True)
    note = LongText(_l("Anything else about this paper"), max_length=2000, rows=3)

    def facts(self) -> PaperFacts:
        """What was said, with dates as far as they are known."""
        return PaperFacts(
            kind=self.kind.data,
            country=self.country.data or "",
            number=self.number.data,
            printed_name=self.printed_name.data,
            issued=_known(self.issued.data),
            expires=_known(self.expires.data),
            state=self.state.data or "",
            held_by=self.held_by.data,
            seen_when=_known(self.seen_when.data),
            seen_where=self.seen_where.data,
            seen_by=self.seen_by.data,
            note=self.note.data,
            skipped=self.skipped(),
        )

    def command(self, code: str) -> AddPaper:
        return AddPaper(code, self.facts())


class ChangePaperForm(EditForm, PaperForm):
    def change(self, code: str, paper: bytes) -> ChangePaper:
        return ChangePaper(code, paper, self.version.data, self.facts())


class ScanForm(Form):
    file = Upload(_l("The photograph or scan"), purpose=WHY_SCAN, required=_l("Choose a file"), accept=ACCEPTED)
    label = Text(
        _l("What does it show?"),
        hint=_l("Such as “page with the photograph” or “back side”."),
        required=_l("Say in a few words what it shows"),
        max_length=120,
    )

    def command(self, code: str, paper: bytes) -> AddScan:
        return AddScan(code, paper, self.label.data, self.file.data.read())


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


def _known(told: PartialDate | None) -> Known | None:
    return Known(year=told.year, month=told.month, day=told.day, approximate=told.approximate) if told else None


def remembered(known: Known | None) -> PartialDate | None:
    """A stored date as the field of three parts takes it."""
    return PartialDate(known.year, known.month, known.day, known.approximate) if known else None
