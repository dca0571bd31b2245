"""Settling a conflict check, and the list of those not to admit."""

from flask_babel import lazy_gettext as _l

from shelter.clients.forms import lines
from shelter.desk.actions import KeepOut
from shelter.desk.forms.books import OfHouseForm
from shelter.web import fields
from shelter.web.forms import EditForm, Form


class SettleForm(EditForm):
    """What somebody found who looked."""

    stands = fields.Choice(
        _l("What did you find?"),
        required=True,
        choices=[
            ("no", _l("Not the same people: she can stay"), _l("The desk reads “nothing found”.")),
            ("yes", _l("A conflict: they must not meet"), _l("The desk goes on reading “possible conflict”.")),
        ],
    )
    note = fields.LongText(
        _l("How you know, and what happens now"),
        hint=_l("For those who open identities. The desk does not read it."),
        max_length=1_000,
        rows=3,
    )


class BanForm(OfHouseForm):
    """Somebody not to admit; nobody is kept out without a day on which that is looked at again."""

    names = fields.LongText(
        _l("Names"),
        hint=_l("One name a line."),
        required=True,
        max_length=500,
        rows=2,
        purpose=fields.Purpose(
            _l("The door needs to know whom not to let in."), _l("the desk, caseworkers and supervisors of this site")
        ),
    )
    looks = fields.LongText(_l("How to recognise the person"), max_length=500, rows=2)
    reason = fields.LongText(
        _l("Why"), required=_l("Say why: nobody is kept out without a reason"), max_length=1_000, rows=3
    )
    review = fields.NearDate(_l("Look at it again on"), required=_l("Say when this is looked at again"))

    def command(self) -> KeepOut:
        return KeepOut(
            site=self.house_id,
            names=lines(self.names.data),
            looks=self.looks.data,
            reason=self.reason.data,
            review=self.review.data,
        )


class ReviewForm(EditForm, BanForm):
    """The same, looked at again."""


class SleepInForm(Form):
    """One site's setting."""

    may = fields.Tick(_l("A household may sleep in while its conflict check waits"))
