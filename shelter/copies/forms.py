"""Which lines of a part go to whom, why and until when; and what somebody else finds about it."""

from flask_babel import lazy_gettext as _l

from shelter.copies.actions import DAYS, Ask, Give, Review
from shelter.copies.words import REASONS, days_words
from shelter.emergencies.forms import ReviewForm
from shelter.web.fields import Choice, LongText, ManyChoices, Purpose
from shelter.web.forms import Form


def _reasons() -> list[tuple[str, object]]:
    return list(REASONS.items())


def _days() -> list[tuple[str, object]]:
    return [(str(days), days_words(days)) for days in DAYS]


class GiveForm(Form):
    """A copy; `lines` and `reader` are chosen from what the page found."""

    lines = ManyChoices(_l("What goes along?"), required=True, hint=_l("No more than this colleague needs."))
    reader = Choice(_l("To whom?"), required=True, hint=_l("Colleagues who may know her and cannot open this part."))
    reason = Choice(
        _l("Why?"),
        choices=_reasons,
        required=True,
        purpose=Purpose(
            _l("Somebody else reads this afterwards and says whether it was right."),
            _l("supervisors, and the people who work with her hear of it at once"),
        ),
    )
    words = LongText(_l("In a sentence"), max_length=1000, rows=3, required=True)
    days = Choice(_l("For how long?"), choices=_days, required=True)

    def command(self, code: str, part: str) -> Give:
        return Give(
            code,
            part,
            frozenset(self.lines.data),
            bytes.fromhex(self.reader.data),
            self.reason.data,
            self.words.data,
            int(self.days.data),
        )


class AskForm(Form):
    """An ask; `part` is chosen from what her keys do not open."""

    part = Choice(
        _l("Which part?"),
        required=True,
        hint=_l("The list is the same for everybody you may know. It does not say what is written."),
    )
    reason = Choice(
        _l("Why?"),
        choices=_reasons,
        required=True,
        purpose=Purpose(
            _l("Whoever may give this part decides by it."), _l("those who work with her in that part, and the auditor")
        ),
    )
    words = LongText(_l("In a sentence"), max_length=1000, rows=3, required=True)

    def command(self, code: str) -> Ask:
        return Ask(code, self.part.data, self.reason.data, self.words.data)


class FindingForm(ReviewForm):
    """What another found about a copy: asked like an opening in an emergency."""

    finding = Choice(_l("Was it right to give it?"), choices=[("yes", _l("Yes")), ("no", _l("No"))], required=True)

    def finding_of(self, copy_id: bytes) -> Review:
        return Review(copy_id, self.finding.data == "yes", self.words.data or "")
