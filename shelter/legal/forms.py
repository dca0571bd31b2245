"""The forms of legal work."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.legal.commands import (
    AddDate,
    AddFilings,
    AddNotice,
    ChangeFiling,
    ChangeMatter,
    CorrectNotice,
    FinishDate,
    MoveStage,
    NoticeWords,
    OpenMatter,
    ReplaceDate,
    Sent,
)
from shelter.legal.words import ANSWERS, CAME, FEES, HOW
from shelter.rules.matters import matter_types
from shelter.rules.picklists import picklists
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Purpose, Text, Tick
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("So that no date is missed and everybody who works on this matter reads the same."),
    _l("Her legal advocates and their supervisor. Nobody else here, her caseworker included."),
)
_RECEIPT = _l("Three letters and ten digits, as printed.")


def _types() -> list[tuple[str, Any]]:
    return [(kind.code, gettext(kind.label)) for kind in matter_types().values()]


def _notices() -> list[tuple[str, Any]]:
    return [(choice.code, gettext(choice.label)) for choice in picklists()["notice_types"].choices]


def lines(written: str) -> tuple[str, ...]:
    """What stands on lines of its own, without the empty ones."""
    return tuple(line.strip() for line in written.splitlines() if line.strip())


class _AboutMatter(Form):
    scope = LongText(
        _l("What we agreed to do, and what not"),
        hint=_l("The scope of our work, in the words of the agreement."),
        purpose=WHY,
        max_length=4000,
        rows=4,
    )
    adverse = LongText(
        _l("Who is on the other side?"),
        hint=_l("One name a line. Nobody outside is ever asked about them."),
        max_length=2000,
        rows=3,
    )
    a_number = Text(_l("A-number, as you read it on a paper of hers"), max_length=40)


class MatterForm(_AboutMatter):
    type = Choice(_l("What kind of matter is it?"), choices=_types, look="list", required=True)
    lead = Choice(
        _l("Who will work on it?"),
        hint=_l("She can open this person's identity, legal file and papers from then on."),
        look="list",
        required=True,
    )
    opened_on = NearDate(_l("Open since"), required=True)

    def command(self, code: str) -> OpenMatter:
        return OpenMatter(
            code,
            self.type.data,
            self.opened_on.data,
            bytes.fromhex(self.lead.data) if "lead" in self else None,
            self.scope.data,
            lines(self.adverse.data),
            self.a_number.data,
        )


class ChangeMatterForm(EditForm, _AboutMatter):
    def command(self, code: str, matter: bytes) -> ChangeMatter:
        return ChangeMatter(
            code, matter, self.version.data, self.scope.data, lines(self.adverse.data), self.a_number.data
        )


class StageForm(EditForm):
    stage = Choice(_l("Which stage has it come to?"), required=_l("Choose the stage"))
    on = NearDate(_l("On which day?"), required=True)
    why = Text(_l("Anything to remember about it"), max_length=300)

    def offer(self, stages: Iterable[Any]) -> None:
        self.stage.choices = [(stage.code, gettext(stage.label)) for stage in stages]

    def command(self, code: str, matter: bytes) -> MoveStage:
        return MoveStage(code, matter, self.version.data, self.stage.data, self.on.data, self.why.data)


class _SentForm(Form):
    sent_on = NearDate(_l("Sent on"))
    how = Choice(_l("How was it sent?"), choices=HOW)
    fee = Choice(_l("What about the fee?"), choices=FEES)
    fee_ground = Text(
        _l("On which ground is there no fee, or is a waiver asked for?"),
        hint=_l("Exemptions for T, U and VAWA: 8 CFR 106.3(b)."),
        max_length=200,
    )
    about = Text(_l("For whom, if it is for a family member"), max_length=120)

    def sent(self) -> Sent:
        return Sent(self.sent_on.data, self.how.data or "", self.fee.data or "", self.fee_ground.data)


class FilingForm(_SentForm):
    forms = ManyChoices(_l("Which forms are in the package?"), required=_l("Choose the forms that were sent"))

    def command(self, code: str, matter: bytes) -> AddFilings:
        return AddFilings(code, matter, tuple(self.forms.data), self.sent(), self.about.data)


class ChangeFilingForm(EditForm, _SentForm):
    receipt_number = Text(_l("Receipt number"), hint=_RECEIPT, max_length=40)
    why = Text(_l("Why it changes, if something is put right"), max_length=300)

    def command(self, code: str, matter: bytes, filing: bytes) -> ChangeFiling:
        return ChangeFiling(
            code,
            matter,
            filing,
            self.version.data,
            self.sent(),
            self.receipt_number.data,
            self.about.data,
            self.why.data,
        )


class NoticeForm(Form):
    type = Choice(_l("What kind of notice is it?"), choices=_notices, look="list", required=True)
    filing = Choice(_l("Which filing is it about?"), look="list")
    receipt_number = Text(_l("Receipt number on the notice"), hint=_RECEIPT, max_length=40)
    trigger_date = NearDate(_l("Date printed on the notice"), required=True)
    printed_date = NearDate(
        _l("Date that the notice gives for the answer or the appointment"),
        hint=_l("Copy it from the paper: it controls. A notice that asks for an answer cannot be saved without it."),
    )
    received_on = NearDate(_l("Received on"))
    came = Choice(_l("How did it come?"), choices=CAME, required=True)
    answer = Choice(_l("How will the answer go in?"), choices=ANSWERS)

    def words(self) -> NoticeWords:
        return NoticeWords(
            type=self.type.data,
            printed_on=self.trigger_date.data,
            received_on=self.received_on.data,
            came=self.came.data,
            answer_by=self.printed_date.data,
            answer_online=self.answer.data == "online",
            filing=bytes.fromhex(self.filing.data) if self.filing.data else None,
            receipt_number=self.receipt_number.data,
        )

    def command(self, code: str, matter: bytes) -> AddNotice:
        return AddNotice(code, matter, self.words())


class CorrectNoticeForm(EditForm, NoticeForm):
    why = Text(_l("Why is it put right?"), required=_l("Say in a few words why"), max_length=300)

    def correction(self, code: str, matter: bytes, notice: bytes) -> CorrectNotice:
        return CorrectNotice(code, matter, notice, self.version.data, self.words(), self.why.data)


class DateForm(Form):
    rule = Choice(_l("Which date is it?"), required=_l("Choose the date"))
    trigger_date = NearDate(
        _l("The day it counts from"), hint=_l("Each date above says which day that is."), required=True
    )
    mailed = Tick(_l("What starts the count came by mail"))

    def command(self, code: str, matter: bytes) -> AddDate:
        return AddDate(code, matter, self.rule.data, self.trigger_date.data, mailed=self.mailed.data)


class ReplaceForm(Form):
    day = NearDate(_l("The day that holds instead"), hint=_l("Leave it empty if no other date takes its place."))
    why = Text(_l("Why?"), required=_l("Say in a few words why"), max_length=300)

    def command(self, code: str, matter: bytes, due: bytes) -> ReplaceDate:
        return ReplaceDate(code, matter, due, self.day.data, self.why.data)


class DoneForm(Form):
    on = NearDate(_l("On which day was it done or received?"), required=True)
    what = Text(_l("What was done"), max_length=300)

    def command(self, code: str, matter: bytes, due: bytes) -> FinishDate:
        return FinishDate(code, matter, due, self.on.data, self.what.data)
