"""The forms of stewards: comparing words, and the second signature."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.accounts.passkeys import Place
from shelter.accounts.signing_in import SignIn
from shelter.web.fields import Hidden, LongText, Secret, Text, Tick
from shelter.web.forms import Form


class SecondForm(Form):
    """Another steward at this desk, or the kit; empty where one signature is enough."""

    name = Text(_l("Her sign-in name"), max_length=60)
    passphrase = Secret(_l("Her passphrase"))
    code = Text(_l("Code from her authenticator"), max_length=12)
    kit = LongText(_l("The sixteen groups of the sheet"), max_length=600, rows=4)

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
