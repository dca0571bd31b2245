"""The forms of stewards: comparing words, and the second signature."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.accounts.passkeys import Place
from shelter.accounts.signing_in import SignIn
from shelter.web.fields import Hidden, LongText, Number, Secret, Text, Tick
from shelter.web.forms import Form

MOST_TYPED = 3000
"""Nine shares of 33 words."""


class SecondForm(Form):
    """Another steward at this desk, or the kit; empty where one signature is enough."""

    name = Text(_l("Her sign-in name"), max_length=60)
    passphrase = Secret(_l("Her passphrase"))
    code = Text(_l("Code from her authenticator"), max_length=12)
    kit = LongText(
        _l("The sixteen groups of the sheet"),
        max_length=MOST_TYPED,
        rows=4,
        hint=_l("Or its shares, one after another."),
    )

    def attempt(self, source: str, place: Place) -> SignIn | None:
        """The other steward's proof, where she is named."""
        if not self.name.data:
            return None
        return SignIn(
            name=self.name.data.strip().lower(),
            passphrase=self.passphrase.data or "",
            code=self.code.data.replace(" ", ""),
            source=source,
            place=place,
        )


class BindForm(SecondForm):
    """`mark` says which keys the words on the page were made from."""

    mark = Hidden()
    compared = Tick(
        _l("She read these six words to me, and I know her face or her voice."),
        required=_l("Compare the words with her first"),
    )


class OfficeForm(SecondForm):
    """A change of office always needs the second signature."""

    def validate(self, extra_validators: Any = None) -> bool:
        holds = super().validate(extra_validators)
        if self.name.data or self.kit.data:
            return bool(holds)
        self.form_errors.append(_("This needs a second signature: another steward's or the recovery kit's."))
        return False


class TryKitForm(Form):
    """The kit from its paper, as a sheet or in shares."""

    kit = LongText(
        _l("The sixteen groups of the sheet"),
        max_length=MOST_TYPED,
        rows=4,
        required=True,
        hint=_l("Or its shares, one after another."),
    )


class DivideForm(TryKitForm):
    """How many shares, and how many of them are as good as the sheet."""

    needed = Number(_l("How many are needed together?"), least=2, most=9, required=True, hint=_l("Two or three."))
    of = Number(_l("How many are made?"), least=2, most=9, required=True, hint=_l("One for each person who keeps one."))
