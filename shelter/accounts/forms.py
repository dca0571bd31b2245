"""The forms of signing in and staying in."""

from flask_babel import lazy_gettext as _l

from shelter.accounts.signing_in import SignIn
from shelter.web.fields import Hidden, Secret, Text
from shelter.web.forms import Form


class SignInForm(Form):
    name = Text(_l("Sign-in name"), max_length=60, required=True)
    passphrase = Secret(_l("Passphrase"), required=True)
    code = Text(_l("Code from your authenticator"), max_length=12)
    passkey = Hidden()

    def command(self, source: str) -> SignIn:
        return SignIn(
            name=self.name.data.strip().lower(),
            passphrase=self.passphrase.data,
            code=self.code.data.replace(" ", ""),
            source=source,
        )


class ConfirmForm(Form):
    """Still you? The passphrase alone undoes an idle lock, and confirms before a sensitive act."""

    passphrase = Secret(_l("Passphrase"), required=True)


class EmptyForm(Form):
    """A button."""
