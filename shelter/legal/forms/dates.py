"""The forms of one date."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from shelter.legal.commands import AddDate, AddRemedy, FinishDate, MissDate, ReplaceDate
from shelter.legal.words import said, trigger_words
from shelter.rules.deadlines import Rule
from shelter.web.fields import Choice, LongText, NearDate, Number, Text, Tick
from shelter.web.forms import EditForm, Form


class DateForm(Form):
    rule = Choice(_l("Which date is it?"), required=_l("Choose the date"))
    trigger_date = NearDate(
        _l("The day it counts from"), hint=_l("Each date above says which day that is."), required=True
    )
    issued = NearDate(_l("If something ends that day: issued on"), hint=_l("As printed on the card, notice or order."))
    mailed = Tick(_l("What starts the count came by mail"))
    paused = Number(
        _l("Days for which the count stood still, if it did"),
        hint=_l("Such as delays she asked for while asylum is pending. Only a rule that says so is longer for it."),
        least=0,
        most=3650,
    )

    def offer(self, rules: Iterable[Rule]) -> None:
        """These rules; days that stood still are asked for only where one of them counts those."""
        held = list(rules)
        self.rule.choices = [(rule.id, said(rule.label), trigger_words(rule)) for rule in held]
        if not any(rule.pausable for rule in held):
            del self.paused

    def command(self, code: str, matter: bytes) -> AddDate:
        return AddDate(
            code,
            matter,
            self.rule.data,
            self.trigger_date.data,
            mailed=self.mailed.data,
            issued=self.issued.data,
            paused=(self.paused.data or 0) if "paused" in self else 0,
        )


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


class MissForm(Form):
    happened = LongText(
        _l("How did it come about?"),
        hint=_l("What happened, not whose fault. The register is read to change how we work."),
        max_length=2000,
        rows=3,
    )
    done = LongText(
        _l("What was done about it?"),
        hint=_l("Whom we told, what was filed late and on which ground, what she decided."),
        max_length=2000,
        rows=3,
    )

    def command(self, code: str, matter: bytes, due: bytes) -> MissDate:
        return MissDate(code, matter, due, self.happened.data, self.done.data)


class RemedyForm(EditForm):
    """`version` is how many lines of what was done the page showed."""

    done = LongText(_l("What was done since?"), max_length=2000, rows=3)

    def command(self, code: str, matter: bytes, due: bytes) -> AddRemedy:
        return AddRemedy(code, matter, due, self.done.data, self.version.data)
