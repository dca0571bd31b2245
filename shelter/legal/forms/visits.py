"""The forms of hearings and appointments, and of a hand-over while somebody is away."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.legal.commands import AddVisit, Arrangements, ArrangeVisit, HandOver
from shelter.legal.forms.asked import WHY
from shelter.legal.words import VISITS
from shelter.web.fields import Choice, LongText, NearDate, Text, Time
from shelter.web.forms import EditForm, Form


class _AroundForm(Form):
    what = Choice(_l("What is it?"), choices=VISITS, look="list", required=True)
    time = Time(_l("At what time?"))
    place = Text(_l("Where?"), max_length=200)
    along = Choice(_l("Who of the legal staff goes along?"), look="list")
    also_along = Text(_l("Who else goes along?"), purpose=WHY, max_length=200)
    interpreter = Text(
        _l("Interpreter"), hint=_l("Language, and whether one is asked for or confirmed."), max_length=200
    )
    transport = Text(_l("How does she get there and back?"), max_length=200)
    childcare = Text(_l("Who looks after the children meanwhile?"), max_length=200)
    bring = LongText(_l("What to bring"), hint=_l("One thing a line."), max_length=1000, rows=3)

    def offer(self, companions: list[Any]) -> None:
        self.along.choices = [(one.id.hex(), one.working_name) for one in companions]

    def arranged(self) -> Arrangements:
        return Arrangements(
            what=self.what.data,
            time=self.time.data.strftime("%H:%M") if self.time.data else "",
            place=self.place.data,
            along=bytes.fromhex(self.along.data) if self.along.data else None,
            also_along=self.also_along.data,
            interpreter=self.interpreter.data,
            transport=self.transport.data,
            childcare=self.childcare.data,
            bring=self.bring.data,
        )


class VisitForm(_AroundForm):
    day = NearDate(_l("On which day?"), required=True)

    def command(self, code: str, matter: bytes) -> AddVisit:
        return AddVisit(code, matter, self.day.data, self.arranged())


class ArrangeForm(EditForm, _AroundForm):
    def command(self, code: str, matter: bytes, due: bytes) -> ArrangeVisit:
        return ArrangeVisit(code, matter, due, self.version.data, self.arranged())


class AwayForm(Form):
    to = Choice(
        _l("Who stands in for you?"),
        hint=_l("She opens your matters on these days, and is told now. It ends by itself."),
        look="list",
        required=True,
    )
    first = NearDate(_l("From"), required=True)
    last = NearDate(_l("Until, this day included"), required=True)

    def command(self) -> HandOver:
        return HandOver(bytes.fromhex(self.to.data), self.first.data, self.last.data)
