"""What is asked of a demand and of a breach, with why and who will see it."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import agency_today
from shelter.clients.words import CHANNELS
from shelter.demands.actions import Affected, Answer, Arrived, Change, Counsel, Found, Give, Notice, Tell
from shelter.demands.words import BREACHES, JUDGES, METHODS, OTHER, OUTCOMES, REACHED, demand_kind
from shelter.rules.codes import parse_code
from shelter.rules.demands import breach_clocks, guide
from shelter.settings.words import choices_of
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Purpose, Text, Tick, Time, Version
from shelter.web.forms import EditForm, Form
from shelter.web.times import zone

KEEPERS = _l("supervisors and legal supervisors")


def _kinds() -> list[tuple[str, str, str]]:
    return [(one.code, demand_kind(one.code), "") for one in guide().kind]


def _moment(day: Any, hour: Any) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone())


class ArrivedForm(Form):
    """Whoever takes it, in a minute."""

    kind = Choice(_l("What is it?"), choices=_kinds, required=True)
    from_whom = Text(
        _l("Who sent or brought it?"),
        max_length=200,
        required=True,
        hint=_l("The court, the office, names and badge numbers."),
    )
    judge = Choice(_l("Who signed it?"), choices=lambda: list(JUDGES.items()), required=True)
    arrived = NearDate(_l("On which day did it come?"), required=True)
    due = NearDate(_l("By which day does it want an answer?"), hint=_l("Leave it open where the paper names none."))
    covers = LongText(
        _l("What does it want?"),
        max_length=2000,
        rows=4,
        hint=_l("In the words of the paper. Do not write whose records it is about: a supervisor adds the person."),
        purpose=Purpose(_l("Counsel and a supervisor decide what is answered."), KEEPERS),
    )
    number = Text(_l("A number on it"), max_length=80)

    def command(self) -> Arrived:
        return Arrived(
            self.kind.data,
            self.from_whom.data,
            self.covers.data or "",
            self.number.data or "",
            self.judge.data,
            self.arrived.data or agency_today(),
            self.due.data,
        )


class AnswerForm(EditForm):
    """What the register says, once somebody has read the paper with care."""

    covers = LongText(_l("What does it want?"), max_length=2000, rows=4)
    number = Text(_l("A number on it"), max_length=80)
    judge = Choice(_l("Who signed it?"), choices=lambda: list(JUDGES.items()), required=True)
    due = NearDate(_l("By which day does it want an answer?"))
    counsel = Text(_l("Which counsel was asked?"), max_length=200)
    counsel_asked = NearDate(_l("On which day was counsel asked?"))

    def command(self, demand: bytes) -> Answer:
        return Answer(
            demand,
            self.version.data,
            self.covers.data or "",
            self.number.data or "",
            self.judge.data,
            self.due.data,
            self.counsel.data or "",
            self.counsel_asked.data,
        )


class CounselForm(EditForm):
    """Under the legal privilege."""

    words = LongText(
        _l("What does counsel say?"),
        max_length=5000,
        rows=8,
        required=True,
        purpose=Purpose(_l("It is privileged and lies apart from the register."), _l("legal staff alone")),
    )

    def command(self, demand: bytes) -> Counsel:
        return Counsel(demand, self.version.data, self.words.data)


class PersonForm(Form):
    """Whom it is about, by code."""

    code = Text(_l("Her code"), max_length=20, required=True, hint=_l("For example K7-4QM2-C."))

    def read(self) -> str:
        return parse_code(self.code.data) or self.code.data


class NoticeForm(EditForm):
    """An attempt to tell her, or why none was made."""

    reached = Choice(_l("Did you reach her?"), choices=lambda: list(REACHED.items()), required=True)
    how = Choice(_l("By which way?"), choices=lambda: list(CHANNELS.items()))
    words = LongText(_l("In a sentence, or why not"), max_length=1000, rows=3)

    def command(self, demand: bytes, code: str) -> Notice:
        how = self.how.data or ""
        return Notice(demand, code, self.version.data, how, self.reached.data, self.words.data or "")


class GiveForm(EditForm):
    """The least that answers it, item by item."""

    release = Choice(_l("Under which paper does it leave?"), required=True)
    items = ManyChoices(
        _l("Exactly what was given?"),
        choices=lambda: choices_of("release_items"),
        required=True,
        hint=_l("Only what counsel named. Where the house is never leaves."),
    )
    method = Choice(_l("How?"), choices=lambda: list(METHODS.items()), required=True)
    withheld = LongText(_l("What was held back, and on what ground?"), max_length=1000, rows=3)

    def command(self, demand: bytes, code: str) -> Give:
        release = bytes.fromhex(self.release.data) if self.release.data != OTHER else b""
        withheld = self.withheld.data or ""
        return Give(demand, code, self.version.data, tuple(self.items.data), self.method.data, withheld, release)


class CloseForm(EditForm):
    """What became of it."""

    outcome = Choice(_l("What became of it?"), choices=lambda: list(OUTCOMES.items()), required=True)
    words = LongText(_l("In a sentence"), max_length=1000, rows=3)


class FoundForm(Form):
    """The clock runs from the moment when somebody found it."""

    kind = Choice(_l("What happened?"), choices=lambda: list(BREACHES.items()), required=True)
    what = LongText(
        _l("In a few sentences, without anybody's name"),
        max_length=3000,
        rows=5,
        required=True,
        purpose=Purpose(
            _l("The funder and the people affected have to be told what happened."),
            _l("supervisors, legal supervisors, the director, stewards and the administrator"),
        ),
    )
    found_on = NearDate(_l("On which day was it found?"), required=True)
    found_at = Time(_l("At what time?"), required=True)
    imminent = Tick(_l("It has not happened yet, but is about to."))

    def command(self) -> Found:
        found = _moment(self.found_on.data, self.found_at.data)
        return Found(self.kind.data, self.what.data, found, bool(self.imminent.data))


class BreachForm(EditForm):
    """What is known now, how it was contained, and what the letter says."""

    what = LongText(_l("In a few sentences, without anybody's name"), max_length=3000, rows=5, required=True)
    contained = LongText(_l("How was it contained?"), max_length=2000, rows=3)
    letter = LongText(
        _l("What should each person affected read?"),
        max_length=3000,
        rows=5,
        hint=_l("Plain words: what happened, what of hers, what you did, what she can do. No address and no name."),
    )

    def command(self, breach: bytes) -> Change:
        return Change(breach, self.version.data, self.what.data, self.contained.data or "", self.letter.data or "")


class ToldForm(EditForm):
    """Somebody outside was told."""

    who = Choice(_l("Who was told?"), required=True)
    told_on = NearDate(_l("On which day?"), required=True)
    told_at = Time(_l("At what time?"), required=True)
    words = LongText(_l("By whom, how, and under which number"), max_length=1000, rows=3)

    def command(self, breach: bytes) -> Tell:
        at = _moment(self.told_on.data, self.told_at.data)
        return Tell(breach, self.version.data, self.who.data, at, self.words.data or "")


class AffectedForm(Form):
    """One person's part; nothing here has to be answered at once."""

    version = Version()
    what = LongText(_l("What of hers was affected?"), max_length=1000, rows=3)
    told_on = NearDate(_l("On which day was she told?"))
    told_how = Choice(_l("By which way?"), choices=lambda: list(CHANNELS.items()))
    why_not = LongText(_l("If she was not told: why?"), max_length=1000, rows=2)

    def command(self, breach: bytes, code: str) -> Affected:
        return Affected(
            breach,
            code,
            self.version.data,
            self.what.data or "",
            self.told_on.data,
            self.told_how.data or "",
            self.why_not.data or "",
        )


def told_choices() -> list[tuple[str, Any]]:
    """Whoever a clock is for, and others."""
    return [*((one.code, _(one.label)) for one in breach_clocks()), (OTHER, _("Somebody else"))]
