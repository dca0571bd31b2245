"""The forms by which a legal supervisor changes or adds a rule, and by which anybody decides about a date."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.lawbook.commands import ChangeRule, NewRule
from shelter.legal.commands import DecideDate
from shelter.legal.forms.asked import triggers_on_offer, types_on_offer
from shelter.legal.words import CERTAINTY, LAST_DAYS, ROLLS, RULE_KINDS, UNITS
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Number, Text, Tick
from shelter.web.forms import EditForm, Form


class SourcedForm(Form):
    """What everything of the law book says of itself."""

    effective_from = NearDate(_l("It holds for what starts on or after"), required=True)
    source = LongText(_l("Where does it say so?"), required=_l("Say where the law says so"), max_length=600, rows=2)
    certainty = Choice(_l("How sure is it?"), choices=CERTAINTY, look="list", required=True)
    advice = LongText(_l("What to remember beside it"), max_length=600, rows=2)


class RuleForm(SourcedForm):
    count = Number(
        _l("How many?"),
        hint=_l("After the day it starts from; below zero, days before it."),
        least=-3650,
        most=20000,
        required=True,
    )
    unit = Choice(_l("Of what?"), choices=UNITS, look="list", required=True)
    roll = Choice(_l("If it falls on a closed day"), choices=ROLLS, look="list", required=True)
    mail_days = Number(_l("Days more where it came by mail"), least=0, most=30)
    act_by = Number(_l("Our own earlier day, counted the same way"), least=1, most=20000)
    alerts = Text(_l("Remind how many days before?"), hint=_l("Such as 30, 14, 7."), max_length=60)
    printed_date_required = Tick(_l("It cannot be saved without the date printed on the notice"))
    effective_until = NearDate(_l("And until, if its end is known"))

    def command(self, rule: str) -> ChangeRule:
        return ChangeRule(
            rule=rule,
            count=self.count.data,
            unit=self.unit.data,
            roll=self.roll.data,
            mail_days=self.mail_days.data or 0,
            act_by=self.act_by.data,
            alerts=days(self.alerts.data),
            printed_date_required=self.printed_date_required.data,
            advice=self.advice.data,
            source=self.source.data,
            certainty=self.certainty.data,
            effective_from=self.effective_from.data,
            effective_until=self.effective_until.data,
        )


class ChangeRuleForm(RuleForm, EditForm):
    """A rule as it is to read from a day on; `version` is the latest that the page showed."""

    def change(self, rule: str) -> ChangeRule:
        return replace(self.command(rule), made_from=self.version.data)


class NewRuleForm(RuleForm):
    label = Text(_l("What is it called?"), required=_l("Give it a name"), max_length=120)
    kind = Choice(_l("What is this day?"), choices=RULE_KINDS, look="list", required=True)
    trigger = Choice(_l("What does it count from?"), choices=triggers_on_offer, look="list", required=True)
    matters = ManyChoices(_l("In which kinds of matter?"), hint=_l("None chosen means every kind."))
    last_day = Choice(_l("Which day is meant?"), choices=LAST_DAYS, look="list", required=True)
    received = Tick(_l("It must be received by then, not posted"))
    jurisdictional = Tick(_l("Nothing extends it: somebody else looks at each such date"))

    def offer(self) -> None:
        self.matters.choices = types_on_offer()

    def new(self) -> NewRule:
        return NewRule(
            label=self.label.data,
            kind=self.kind.data,
            trigger=self.trigger.data,
            matters=tuple(self.matters.data),
            last_day=self.last_day.data,
            received=self.received.data,
            jurisdictional=self.jurisdictional.data,
            counts=self.command(""),
        )


def days(written: str) -> tuple[int, ...]:
    """Whole numbers with commas or blanks between them; anything else among them is left to the rule to refuse."""
    parts: Iterable[Any] = written.replace(",", " ").replace(";", " ").split()
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 6 else -1 for part in parts)


class DecideForm(Form):
    take = Choice(
        _l("Which day holds?"),
        choices=[("new", _l("The day that the rule counts now")), ("old", _l("The day that stands"))],
        required=_l("Choose which day holds"),
    )
    why = Text(_l("Why, if the day that stands is kept"), max_length=300)

    def command(self, code: str, matter: bytes, due: bytes, version: int) -> DecideDate:
        return DecideDate(code, matter, due, version, self.take.data == "new", self.why.data)
