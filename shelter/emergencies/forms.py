"""Why she opens it, and what somebody else finds about that."""

from flask_babel import lazy_gettext as _l

from shelter.emergencies.actions import Break, Review
from shelter.emergencies.words import REASONS
from shelter.rules.codes import parse_code
from shelter.web.fields import Choice, LongText, Purpose, Text
from shelter.web.forms import Form


def _reasons() -> list[tuple[str, object]]:
    return list(REASONS.items())


class BreakForm(Form):
    """Whose record, why, and in words."""

    code = Text(_l("Her code"), max_length=20, required=True, hint=_l("For example K7-4QM2-C."))
    reason = Choice(
        _l("Why now?"),
        choices=_reasons,
        required=True,
        purpose=Purpose(
            _l("Somebody else reads this afterwards and says whether it was right."),
            _l("the supervisor, and the people who work with her hear of it at once"),
        ),
    )
    words = LongText(_l("What is happening?"), max_length=1000, rows=4, required=True, hint=_l("A sentence is enough."))

    def command(self) -> Break:
        return Break(parse_code(self.code.data) or self.code.data, self.reason.data, self.words.data)


class ReviewForm(Form):
    """Whether it was right, and a sentence about it."""

    finding = Choice(_l("Was it right to open it?"), choices=[("yes", _l("Yes")), ("no", _l("No"))], required=True)
    words = LongText(_l("In a sentence"), max_length=1000, rows=3)

    def command(self, glass_id: bytes) -> Review:
        return Review(glass_id, self.finding.data == "yes", self.words.data or "")
