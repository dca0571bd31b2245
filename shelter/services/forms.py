"""The forms of services, of counts and of money."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.files.forms import ACCEPTED
from shelter.services.actions import AskMoney, CountNobody, DecideMoney, EnterService, PayMoney, TakeBack
from shelter.services.words import fund_choices, service_choices
from shelter.settings.words import choices_of
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Number, Purpose, Text, Upload
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("So that help is counted once for every funder. They learn the service, the month and how long; never who."),
    _l("The words: only people of your own discipline. A report sees the code of the service and a number."),
)
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.(\d{2}))?")
_WHY_THEN = _l("Only where the day is unusual: outside a stay, or before we knew her.")


class Amount(Text):
    """Dollars as people write them: 40, 40.50, $1,240.50; `cents` after validation."""

    cents = 0

    def check_answer(self) -> None:
        written = _AMOUNT.fullmatch(self.data.lstrip("$ ").rstrip())
        if written is None or not (cents := int(written[1].replace(",", "")) * 100 + int(written[2] or 0)):
            raise StopValidation(_("Write an amount in dollars, such as 40 or 40.50"))
        self.cents = cents


class _Done(Form):
    """What every entry says, whoever it was for."""

    what = Choice(_l("What was done?"), look="list", choices=service_choices, required=True, purpose=WHY)
    on = NearDate(_l("On which day?"), required=True)
    minutes = Number(_l("How many minutes?"), least=1, most=1440)
    fund = Choice(_l("Paid from a fund?"), look="list", choices=fund_choices)
    words = LongText(_l("A line about it"), max_length=1000, rows=2)
    why = Text(_l("Why does it count on that day?"), hint=_WHY_THEN, max_length=200)

    def entry(self, codes: tuple[str, ...], times: int = 1, group: bool = False) -> EnterService:
        return EnterService(
            codes=codes,
            what=self.what.data,
            on=self.on.data,
            minutes=self.minutes.data,
            times=times,
            fund=self.fund.data or "",
            words=self.words.data,
            why=self.why.data,
            group=group,
        )


class ServiceForm(_Done):
    times = Number(_l("How many times that day?"), least=1, most=50)

    def command(self, code: str) -> EnterService:
        return self.entry((code,), self.times.data or 1)


class QuickForm(_Done):
    """One line by keyboard: who, what, how long, Enter. `who` gets its choices for the reader and waits for a key."""

    who = Choice(_l("For whom?"), look="list", render_kw={"autofocus": True})
    code = Text(_l("Or her code"), max_length=20)

    def command(self) -> EnterService:
        code = (self.code.data or self.who.data or "").strip().upper()
        return self.entry((code,) if code else ())


class HouseForm(Form):
    """One line at the desk. `who` gets its choices for the reader: those who sleep here."""

    who = Choice(_l("For whom?"), look="list", required=True)
    what = Choice(
        _l("What was done?"),
        look="list",
        choices=lambda: service_choices(legal=False),
        required=True,
        purpose=Purpose(
            WHY.why, _l("The words: the desk and her caseworkers. A report sees the code of the service and a number.")
        ),
    )
    on = NearDate(_l("On which day?"), required=True)
    minutes = Number(_l("How many minutes?"), least=1, most=1440)
    words = LongText(_l("A line about it"), max_length=1000, rows=2)
    why = Text(_l("Why does it count on that day?"), hint=_WHY_THEN, max_length=200)

    def command(self) -> EnterService:
        return EnterService(
            codes=(str(self.who.data),),
            what=self.what.data,
            on=self.on.data,
            minutes=self.minutes.data,
            words=self.words.data,
            why=self.why.data,
        )


class GroupForm(_Done):
    """Everybody who was there, on one screen. `codes` gets its choices for the reader."""

    what = Choice(_l("What was done together?"), choices=lambda: service_choices(group=True), required=True)
    codes = ManyChoices(_l("Who was there?"), required=_l("Choose who was there"), purpose=WHY)

    def command(self) -> EnterService:
        return self.entry(tuple(self.codes.data), group=True)


class TakeBackForm(EditForm):
    why = Text(_l("Why, in a few words"), required=_l("Say in a few words why"), max_length=200)

    def command(self, code: str, service: bytes) -> TakeBack:
        return TakeBack(code, service, self.version.data, self.why.data)


# -- counts that belong to nobody ---------------------------------------------------


class _Count(Form):
    site = Choice(_l("For which house?"), required=True)
    on = NearDate(_l("On which day?"), required=True)

    def count(self, kind: str, **numbers: Any) -> CountNobody:
        known = {name: value for name, value in numbers.items() if value is not None}
        return CountNobody(site=bytes.fromhex(self.site.data), kind=kind, on=self.on.data, **known)


class CallForm(_Count):
    flags = ManyChoices(_l("What is true of it?"), choices=lambda: choices_of("call_flags"))
    harm = ManyChoices(
        _l("Was a kind of harm told?"),
        hint=_l("Only where it was told without being asked. Nothing ticked says nothing."),
        choices=lambda: choices_of("victimisations"),
    )
    minutes = Number(_l("How many minutes?"), least=1, most=600)

    def command(self, kind: str) -> CountNobody:
        return self.count(kind, flags=tuple(self.flags.data), harm=tuple(self.harm.data), minutes=self.minutes.data)


class AudienceForm(_Count):
    people = Number(_l("How many people?"), least=0, most=20_000, required=_l("Write how many"))
    minutes = Number(_l("How many minutes?"), least=1, most=1440)
    words = Text(_l("About what, in a few words"), max_length=200)

    def command(self, kind: str) -> CountNobody:
        return self.count(kind, people=self.people.data, minutes=self.minutes.data, words=self.words.data)


class SurveyForm(_Count):
    about = Choice(_l("Which service was it about?"), choices=lambda: choices_of("survey_services"), required=True)
    times = Number(_l("How many were handed out?"), least=1, most=5000, required=_l("Write how many"))
    returned = Number(_l("How many came back?"), least=0, most=5000)
    safer = Number(_l("“I know more ways to plan for my safety”: how many said yes?"), least=0, most=5000)
    knows_more = Number(_l("“I know more about help around here”: how many said yes?"), least=0, most=5000)

    def command(self, kind: str) -> CountNobody:
        return self.count(
            kind,
            about=self.about.data,
            times=self.times.data,
            returned=self.returned.data,
            safer=self.safer.data,
            knows_more=self.knows_more.data,
        )


class UnmetForm(_Count):
    about = Choice(_l("What was needed?"), choices=lambda: choices_of("unmet_needs"), required=True)
    reason = Choice(_l("Why could we not?"), choices=lambda: choices_of("turn_away_reasons"), required=True)
    times = Number(_l("How many times?"), least=1, most=500)

    def command(self, kind: str) -> CountNobody:
        return self.count(kind, about=self.about.data, flags=(self.reason.data,), times=self.times.data)


COUNT_FORMS: dict[str, Any] = {
    "call": CallForm,
    "education": AudienceForm,
    "outreach": AudienceForm,
    "survey": SurveyForm,
    "unmet": UnmetForm,
}


# -- money ---------------------------------------------------------------------------


class MoneyForm(Form):
    what = Choice(_l("What is it for?"), look="list", choices=lambda: choices_of("money_needs"), required=True)
    amount = Amount(_l("How much, in dollars?"), required=_l("Write an amount in dollars, such as 40 or 40.50"))
    fund = Choice(_l("From which fund?"), choices=fund_choices, required=True)
    words = Text(
        _l("A line about it"), hint=_l("What a supervisor needs to decide; no more of her story."), max_length=300
    )

    def command(self, code: str) -> AskMoney:
        return AskMoney(code, self.fund.data, self.what.data, self.amount.cents, self.words.data)


class DecideForm(EditForm):
    agreed = Choice(_l("Your answer"), choices=[("yes", _l("Yes, it can be paid")), ("no", _l("No"))], required=True)
    why = Text(_l("Why, in a few words"), hint=_l("Needed for a no, and beyond the limit of the fund."), max_length=300)

    def command(self, code: str, payment: bytes) -> DecideMoney:
        return DecideMoney(code, payment, self.version.data, self.agreed.data == "yes", self.why.data)


class PayForm(EditForm):
    on = NearDate(_l("Paid on"), required=True)
    receipt = Text(_l("Receipt: number, or who signed"), required=_l("Write the receipt"), max_length=120)
    file = Upload(_l("A photograph of the receipt"), accept=ACCEPTED)

    def command(self, code: str, payment: bytes) -> PayMoney:
        scan = self.file.data.stream if self.file.data else None
        return PayMoney(code, payment, self.version.data, self.on.data, self.receipt.data, scan)
