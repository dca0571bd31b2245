"""The forms of what was sent and what came back."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l

from shelter.legal.commands import (
    AddFilings,
    AddNotice,
    ChangeFiling,
    CorrectNotice,
    Gather,
    NoticeWords,
    Sent,
)
from shelter.legal.forms.asked import RECEIPT, notices_on_offer
from shelter.legal.words import ADDRESSES, ANSWERS, CAME, FEES, HOW
from shelter.web.fields import Choice, ManyChoices, NearDate, Text, Tick
from shelter.web.forms import EditForm, Form


class _SentForm(Form):
    sent_on = NearDate(_l("Sent on"))
    how = Choice(_l("How was it sent?"), choices=HOW)
    fee = Choice(_l("What about the fee?"), choices=FEES)
    ground = Choice(_l("On which ground is there no fee, or is a waiver asked for?"), look="list")
    fee_ground = Text(_l("Another ground, or more about it"), max_length=200)
    about = Text(_l("For whom, if it is for a family member"), max_length=120)

    address = Choice(
        _l("Which address stands on it?"),
        hint=_l("An address that this form or its reader may not take is said here before it goes out."),
        choices=ADDRESSES,
        look="list",
    )
    address_planned = Tick(_l("This address was planned with counsel and with her"))

    def sent(self) -> Sent:
        return Sent(
            self.sent_on.data,
            self.how.data or "",
            self.fee.data or "",
            self.fee_ground.data,
            self.address.data or "",
            self.address_planned.data,
            self.ground.data or "",
        )


class FilingForm(_SentForm):
    forms = ManyChoices(_l("Which forms are in the package?"), required=_l("Choose the forms that were sent"))
    incomplete = Tick(_l("It goes out without what is not in hand; counsel knows"))
    early = Tick(_l("It goes out before its earliest day; counsel knows"))

    def ask(self, missing: Collection[str], not_open: Collection[str]) -> None:
        """Nothing is asked where every paper of the list is in hand, and nothing waits for its earliest day."""
        if not missing:
            del self.incomplete
        if not not_open:
            del self.early

    def command(self, code: str, matter: bytes) -> AddFilings:
        incomplete, early = (self[name].data if name in self else False for name in ("incomplete", "early"))
        return AddFilings(code, matter, tuple(self.forms.data), self.sent(), self.about.data, incomplete, early)


class ChangeFilingForm(EditForm, _SentForm):
    receipt_number = Text(_l("Receipt number"), hint=RECEIPT, max_length=40)
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


class GatherForm(Form):
    papers = ManyChoices(_l("Which papers are in hand?"))

    def command(self, code: str, matter: bytes) -> Gather:
        return Gather(code, matter, tuple(self.papers.data))


class NoticeForm(Form):
    type = Choice(_l("What kind of notice is it?"), choices=notices_on_offer, look="list", required=True)
    filing = Choice(_l("Which filing is it about?"), look="list")
    receipt_number = Text(_l("Receipt number on the notice"), hint=RECEIPT, max_length=40)
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
