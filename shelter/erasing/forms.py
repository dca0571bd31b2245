"""Asking for an erasing; putting up a hold and ending it."""

from flask_babel import lazy_gettext as _l

from shelter.erasing.actions import Ask, EndHold, PutHold
from shelter.erasing.words import HOLD_REASONS, REASONS, SCOPE_HINTS, SCOPES
from shelter.web.fields import Choice, LongText, NearDate, Purpose, Tick
from shelter.web.forms import EditForm, Form


class AskForm(Form):
    """How much, and why; what cannot be called back is said beside the last tick."""

    scope = Choice(
        _l("What is to go?"),
        choices=lambda: [(code, words, SCOPE_HINTS[code]) for code, words in SCOPES.items()],
        required=True,
    )
    reason = Choice(_l("Why?"), choices=lambda: list(REASONS.items()), required=True)
    told = Tick(
        _l(
            "I know that nobody can bring it back. She has been told, or she cannot be reached, or it is not safe to "
            "tell her."
        ),
        required=_l("Say that you know this"),
    )

    def command(self, code: str) -> Ask:
        return Ask(code, self.scope.data, self.reason.data)


class HoldForm(Form):
    """Why it must stay, and until when nobody needs to ask again."""

    reason = Choice(_l("Why must it stay?"), choices=lambda: list(HOLD_REASONS.items()), required=True)
    words = LongText(
        _l("In a sentence"),
        max_length=1000,
        rows=3,
        purpose=Purpose(
            _l("Whoever looks at it again has to know whether it still holds."),
            _l("those who open her record"),
        ),
    )
    review = NearDate(_l("On which day does somebody look at it again?"), required=True)

    def command(self, code: str) -> PutHold:
        return PutHold(code, self.reason.data, self.words.data or "", self.review.data)


class EndHoldForm(EditForm):
    """Why it is no longer needed."""

    why = LongText(_l("Why does it end?"), max_length=1000, rows=3, required=True)

    def command(self, code: str, hold: bytes) -> EndHold:
        return EndHold(code, hold, self.version.data, self.why.data)
