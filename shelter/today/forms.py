"""The form of a hand-over."""

from flask_babel import lazy_gettext as _l

from shelter.today.actions import HandOver
from shelter.web.fields import Choice, LongText
from shelter.web.forms import Form
from shelter.web.sentences import say

say(
    {
        "today.not-at-her-site": _l("This colleague does no case work at her site, or works with her already"),
        "today.not-hers": _l("This colleague does not work with her any more"),
    }
)


class HandOverForm(Form):
    """`of` and `to` get their choices for the person."""

    of = Choice(_l("From whom?"), look="list")
    to = Choice(_l("To whom?"), look="list", required=True)
    words = LongText(
        _l("What does the next colleague need to know?"),
        hint=_l("It is signed into her notes. What she has agreed to, what is due, what helps; no more of her story."),
        required=_l("Write what the next colleague needs to know"),
        max_length=5000,
        rows=6,
    )

    def command(self, code: str) -> HandOver:
        of = bytes.fromhex(self.of.data) if self.of.data else b""
        return HandOver(code, of, bytes.fromhex(self.to.data), self.words.data)
