"""The forms of referrals: out, an address for a partner, what a partner leaves, and what becomes of that."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.referrals.actions import NEXT, Begin, Close, Move, Refer
from shelter.referrals.dropping import Leave
from shelter.referrals.words import CLOSED, MOVES, URGENCY
from shelter.releases.disclosing import Share
from shelter.rules.codes import parse_code
from shelter.settings.words import choices_of
from shelter.web.fields import Choice, LongText, ManyChoices, Purpose, Text
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("So that she gets what we cannot give, and that nobody is told more than she agreed to."),
    _l("Her caseworkers and their supervisor."),
)
NOTHING = "nothing"


class ReferForm(Form):
    release = Choice(
        _l("Is anything told about her?"),
        hint=_l("Only a release that holds is offered here."),
        required=_l("Choose one"),
        purpose=WHY,
    )
    items = ManyChoices(_l("If so, exactly what?"))
    method = Choice(_l("And how?"))
    organisation = Text(_l("Where does she go, if nothing is told?"), max_length=120)
    need = LongText(_l("What is it for?"), max_length=1000, rows=3)

    def offer(self, covers: Sequence[Any]) -> None:
        """The releases that hold, and what any of them names; what the chosen one does not name is refused."""
        named = [(one.id.hex(), f"{one.organisation} {one.person}".strip()) for one in covers]
        self.release.choices = [(NOTHING, _("Nothing: she goes herself")), *named]
        items = {item for one in covers for item in one.items}
        methods = {method for one in covers for method in one.methods}
        self.items.choices = [one for one in choices_of("release_items") if one[0] in items]
        self.method.choices = [one for one in choices_of("release_methods") if one[0] in methods]

    def command(self, code: str) -> Refer:
        share = None
        if self.release.data != NOTHING:
            release = bytes.fromhex(self.release.data)
            share = Share(release, tuple(self.items.data), self.method.data or "")
        return Refer(code, self.organisation.data, self.need.data, share)


class MoveForm(EditForm):
    what = Choice(_l("What became of it?"), required=True)
    words = Text(_l("In a few words"), max_length=300)

    def offer(self, state: str) -> None:
        self.what.choices = [(one, MOVES[one]) for one in NEXT.get(state, ())]

    def command(self, code: str, referral: bytes) -> Move:
        return Move(code, referral, self.version.data, self.what.data, self.words.data)


class AddressForm(Form):
    partner = Text(
        _l("For whom is this address?"), hint=_l("One partner to an address."), required=True, max_length=120
    )


class LeaveForm(Form):
    """What a partner leaves: no cookie, so no token of a session; the page itself is the secret."""

    class Meta(Form.Meta):
        csrf = False

    organisation = Text(_l("Your organization"), required=True, max_length=120)
    sender = Text(_l("Your name"), max_length=120)
    reach = Text(
        _l("How can we reach you?"),
        hint=_l("A telephone number of yours, never one of the person."),
        required=True,
        max_length=200,
    )
    called = Text(
        _l("What should we call the person?"),
        hint=_l("A first name or any name is enough."),
        required=True,
        max_length=80,
    )
    language = Text(_l("Language"), max_length=80)
    age = Text(_l("About how old?"), max_length=40)
    safe_contact = LongText(_l("How can the person be reached safely, if at all?"), max_length=500, rows=2)
    urgency = Choice(_l("How urgent is it?"), choices=list(URGENCY.items()), required=True)
    needs = LongText(
        _l("What is needed?"),
        hint=_l("Only what we must know to help. Not what was done to the person."),
        max_length=2000,
        rows=4,
    )

    def command(self) -> Leave:
        return Leave(**{name: self[name].data for name in Leave.__slots__})


class BeginForm(Form):
    called = Text(_l("What should we call her?"), max_length=80)
    site = Choice(_l("At which site?"), required=True)

    def offer(self, sites: list[tuple[str, str]]) -> None:
        """The sites where the worker works; a single one is chosen already."""
        self.site.choices = sites
        if len(sites) == 1 and not self.site.data:
            self.site.data = sites[0][0]

    def command(self, dropped: bytes) -> Begin:
        return Begin(dropped, site=bytes.fromhex(self.site.data), called=self.called.data)


class JoinForm(Form):
    code = Text(_l("Her code"), required=True, max_length=20)

    def command(self, dropped: bytes) -> Begin:
        return Begin(dropped, code=parse_code(self.code.data, "code"))


class CloseForm(Form):
    why = Choice(_l("Why?"), choices=list(CLOSED.items()), required=True)
    words = Text(_l("In a few words"), max_length=300)

    def command(self, dropped: bytes) -> Close:
        return Close(dropped, self.why.data, self.words.data)
