"""The forms of signing in and staying in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.accounts.actions import ArrangeCover, Change, Invite
from shelter.accounts.offers import Chosen
from shelter.accounts.own_passphrase import NewPassphrase
from shelter.accounts.passkeys import Place
from shelter.accounts.queries import all_sites
from shelter.accounts.signing_in import SignIn
from shelter.accounts.words import ROLES
from shelter.policy.roles import Role
from shelter.web.asked import Words
from shelter.web.fields import Choice, Hidden, ManyChoices, NearDate, Number, Purpose, Secret, Text
from shelter.web.forms import EditForm, Form


class OneOfTwo:
    """A question that a passkey may answer instead: neither required nor optional by itself."""

    marked_optional = False


class CodeOrPasskey(OneOfTwo, Text):
    """The code of an authenticator, where no passkey answers."""


class PassphraseOrPasskey(OneOfTwo, Secret):
    """The passphrase, where no passkey answers."""


class SignInForm(Form):
    name = Text(_l("Sign-in name"), max_length=60, required=True)
    passphrase = Secret(_l("Passphrase"), required=True)
    code = CodeOrPasskey(
        _l("Code from your authenticator"), max_length=12, hint=_l("Six digits, new every half minute.")
    )
    passkey = Hidden()

    def command(self, source: str, place: Place) -> SignIn:
        return SignIn(
            name=self.name.data.strip().lower(),
            passphrase=self.passphrase.data,
            code=self.code.data.replace(" ", ""),
            passkey=self.passkey.data or "",
            source=source,
            place=place,
        )


class ConfirmForm(Form):
    """Still you? The passphrase or a passkey alone undoes an idle lock, and confirms before a sensitive act.

    `kept` is a form that was sent too late, sealed under her own key.
    """

    passphrase = PassphraseOrPasskey(_l("Passphrase"))
    passkey = Hidden()
    kept = Hidden()

    def validate(self, extra_validators: Any = None) -> bool:
        holds = super().validate(extra_validators)
        if self.passphrase.data or self.passkey.data:
            return bool(holds)
        self.passphrase.errors = [_("Type your passphrase, or use a passkey")]
        return False


class EnrolForm(Form):
    """A colleague makes her keys: the drawn passphrase or her own, and the first code of her authenticator."""

    offer = Hidden()
    passphrase = Secret(_l("Your passphrase"), required=True, autocomplete="new-password")
    again = Secret(
        _l("If you chose your own: the same once more"),
        hint=_l("Leave this empty if you typed the words above."),
        autocomplete="new-password",
    )
    code = Text(
        _l("The code it shows now"), max_length=12, required=True, hint=_l("Six digits, new every half minute.")
    )

    def chosen(self) -> Chosen:
        return Chosen(self.passphrase.data, self.again.data or "", self.code.data)


class PassphraseForm(Form):
    """The passphrase she has, and the drawn one or her own in its place."""

    present = Secret(_l("The passphrase you have now"), required=True)
    offer = Hidden()
    passphrase = Secret(_l("Your new passphrase"), required=True, autocomplete="new-password")
    again = Secret(
        _l("If you chose your own: the same once more"),
        hint=_l("Leave this empty if you typed the words above."),
        autocomplete="new-password",
    )

    def command(self) -> NewPassphrase:
        return NewPassphrase(self.present.data, Chosen(self.passphrase.data, self.again.data or "", ""))


def _roles() -> list[tuple[str, Words, Words]]:
    return [(role.value, label, does) for role, (label, does) in ROLES.items()]


class InviteForm(Form):
    name = Text(
        _l("Name"),
        required=True,
        max_length=120,
        purpose=Purpose(_l("So that colleagues know who wrote what."), _l("everybody who works here")),
    )
    working_name = Text(_l("What colleagues call her"), max_length=60, hint=_l("A first name is enough."))
    roles = ManyChoices(_l("What she does here"), choices=_roles, required=True)
    sites = ManyChoices(_l("Where she works"), choices=all_sites, required=True)

    def command(self) -> Invite:
        return Invite(
            name=self.name.data,
            working_name=self.working_name.data,
            roles=frozenset(Role(role) for role in self.roles.data),
            sites=tuple(bytes.fromhex(site) for site in self.sites.data),
        )


class ColleagueForm(EditForm):
    """What is known of a colleague; privilege of her notes rests on the qualification kept here."""

    name = Text(_l("Name"), required=True, max_length=120)
    working_name = Text(_l("What colleagues call her"), max_length=60, hint=_l("A first name is enough."))
    qualification = Text(
        _l("Qualification"),
        max_length=200,
        purpose=Purpose(
            _l("The privilege of what she is told can rest on her degree, year or training."),
            _l("everybody who works here"),
        ),
    )
    training_hours = Number(_l("Hours of training"), most=10_000)
    roles = ManyChoices(_l("What she does here"), choices=_roles, required=True)
    sites = ManyChoices(_l("Where she works"), choices=all_sites, required=True)

    def command(self, staff_id: bytes) -> Change:
        return Change(
            staff_id=staff_id,
            version=self.version.data,
            name=self.name.data,
            working_name=self.working_name.data,
            qualification=self.qualification.data,
            training_hours=self.training_hours.data or 0,
            roles=frozenset(Role(role) for role in self.roles.data),
            sites=tuple(bytes.fromhex(site) for site in self.sites.data),
        )


class CoverForm(Form):
    """Who is away, who stands in, from when to when; `choices` are set by the route."""

    for_staff = Choice(_l("Who is away?"), required=True, look="list")
    by_staff = Choice(_l("Who stands in?"), required=True, look="list", hint=_l("She opens the same people's records."))
    starts = NearDate(_l("First day"), required=True)
    ends = NearDate(_l("Last day"), required=True)

    def command(self) -> ArrangeCover:
        return ArrangeCover(
            for_staff=bytes.fromhex(self.for_staff.data),
            by_staff=bytes.fromhex(self.by_staff.data),
            starts=self.starts.data,
            ends=self.ends.data,
        )


class PasskeyForm(Form):
    """A new passkey: a name that tells it from others, and the device's answer, which script fills in."""

    name = Text(
        _l("What is this device called?"), max_length=60, required=True, hint=_l("For example: blue key, desk 2.")
    )
    passkey = Hidden()


class EmptyForm(Form):
    """A button."""
