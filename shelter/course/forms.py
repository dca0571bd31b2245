"""The forms around a stay: before it, for more time, and after it."""

from datetime import date

from flask_babel import lazy_gettext as _l

from shelter.course.actions import AskMoreTime, Decide, NoteCall, Refer, TakeTurn
from shelter.course.words import STATES
from shelter.web import fields
from shelter.web.forms import EditForm, Form

_SEEN = _l("her caseworker and supervisors; not the desk")


class ReferForm(Form):
    """Somebody may come."""

    site = fields.Choice(_l("To which house"), look="list", required=True)
    day = fields.NearDate(_l("When she may come"), hint=_l("Leave open when it is not known."))
    people = fields.Number(_l("For how many people, herself included"), required=True, least=1, most=30)
    referred_by = fields.Text(_l("Who told us of her"), skippable=True, max_length=200)
    note = fields.LongText(
        _l("What was said"),
        skippable=True,
        max_length=2_000,
        rows=3,
        purpose=fields.Purpose(_l("So that she does not have to say it twice. No details of what happened."), _SEEN),
    )

    def command(self, code: str) -> Refer:
        site = bytes.fromhex(self.site.data)
        return Refer(code, site, self.day.data, self.people.data, self.referred_by.data, self.note.data)


class TurnForm(EditForm):
    state = fields.Choice(_l("What is agreed now"), required=True)
    note = fields.LongText(_l("A word about it"), max_length=1_000, rows=2)

    def offer(self, states: tuple[str, ...]) -> None:
        self.state.choices = [(state, STATES[state]) for state in states]

    def command(self, code: str, coming: bytes) -> TakeTurn:
        return TakeTurn(code, coming, self.version.data, self.state.data, self.note.data)


class MoreTimeForm(Form):
    until = fields.NearDate(_l("Until which day"), required=True)
    reason = fields.LongText(
        _l("Why she needs more time"),
        required=True,
        max_length=2_000,
        rows=3,
        purpose=fields.Purpose(
            _l("The supervisor decides with it. It does not stand in the letter, and no service is a condition."), _SEEN
        ),
    )

    def command(self, code: str, stay: bytes) -> AskMoreTime:
        until: date = self.until.data
        return AskMoreTime(code, stay, until, self.reason.data)


class DecideForm(EditForm):
    decision = fields.Choice(
        _l("Your decision"), required=True, choices=[("granted", _l("Granted")), ("declined", _l("Not granted"))]
    )
    answer = fields.LongText(_l("A word to her"), hint=_l("It stands in the letter."), max_length=1_000, rows=3)

    def command(self, code: str, extension: bytes) -> Decide:
        return Decide(code, extension, self.version.data, self.decision.data, self.answer.data)


class AgreeForm(Form):
    """Consent of hers, ticked in her presence."""

    agreed = fields.Tick(
        _l("She wants to be asked how she is after 30, 90 and 180 days, in the safe ways in her record"),
        required=_l("Without her yes nobody calls"),
    )


class CallForm(EditForm):
    state = fields.Choice(
        _l("Did you speak with her?"),
        required=True,
        choices=[("reached", _l("Yes")), ("not_reached", _l("Not reached"))],
    )
    note = fields.LongText(
        _l("How she is, in her words"),
        max_length=2_000,
        rows=3,
        hint=_l("Leave open what she does not want written down."),
    )
    stop = fields.Tick(_l("She does not want to be called again"))

    def command(self, code: str, follow_up: bytes, days: int) -> NoteCall:
        said = (self.state.data, self.note.data, self.stop.data)
        return NoteCall(code, follow_up, self.version.data, days, *said)
