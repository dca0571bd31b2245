"""The forms of setup, one page each."""

import re
from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l

from shelter.accounts.forms import EnrolForm
from shelter.accounts.passkeys import Place
from shelter.accounts.signing_in import SignIn
from shelter.accounts.words import ROLES
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards.setting_up import Begin, Founder
from shelter.web.fields import Choice, LongText, ManyChoices, Secret, Text
from shelter.web.forms import Form

NEAR = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
"""Offered first; every other zone of the database follows."""
_NOT_A_STEWARD_TOO = frozenset({Role.STEWARD, Role.ADMINISTRATOR, Role.AUDITOR})


def _zones() -> Iterable[tuple[str, str]]:
    others = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc", "posix")))
    return [(zone, zone.replace("_", " ")) for zone in (*NEAR, *(zone for zone in others if zone not in NEAR))]


def _hours() -> Iterable[tuple[str, str]]:
    return [(str(hour), f"{hour}:00") for hour in range(15, 24)]


def _works() -> Iterable[tuple[str, Any, Any]]:
    return [(role.value, label, does) for role, (label, does) in ROLES.items() if role not in _NOT_A_STEWARD_TOO]


class AgencyForm(Form):
    name = Text(
        _l("What is the agency called on screen?"),
        max_length=80,
        required=True,
        hint=_l("Everybody near a screen can read it. A name that says nothing is safer."),
    )
    site = Text(
        _l("A code name for the first site"),
        max_length=60,
        required=True,
        hint=_l("Never its address. Others can be added later."),
    )
    zone = Choice(_l("In which time zone?"), choices=_zones, look="list", required=True)
    night_begins = Choice(
        _l("When does a night begin there?"),
        choices=_hours,
        look="list",
        required=True,
        hint=_l("Nights are counted from this hour."),
    )
    exit_url = Text(
        _l("Where does Leave this page lead?"),
        max_length=200,
        hint=_l("A harmless page that people near you look at, such as the weather. Empty: an empty page."),
    )

    def command(self) -> Begin:
        """Raises Broken for an address that is none."""
        url = self.exit_url.data
        if url and not re.fullmatch(r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?:/[\w./~%-]*)?", url):
            raise Broken("stewards.exit-address", "exit_url")
        return Begin(self.name.data, self.site.data, self.zone.data, int(self.night_begins.data), url)


class FounderForm(EnrolForm):
    """The first steward or the second, with her own keys."""

    name = Text(_l("Your name"), max_length=120, required=True)
    working_name = Text(_l("What colleagues call you"), max_length=60, hint=_l("A first name is enough."))
    roles = ManyChoices(
        _l("What else do you do here?"), choices=_works, hint=_l("Besides being a steward. Nothing is fine.")
    )

    def command(self) -> Founder:
        return Founder(self.name.data, self.working_name.data, frozenset(Role(role) for role in self.roles.data))


class ProofForm(Form):
    """A founder opens the test record as she will sign in."""

    name = Choice(_l("Who opens it?"), required=True)
    passphrase = Secret(_l("Passphrase"), required=True)
    code = Text(
        _l("Code from your authenticator"),
        max_length=12,
        required=True,
        hint=_l("A new one: each code serves once, so wait until it changes."),
    )

    def attempt(self, source: str, place: Place) -> SignIn:
        return SignIn(
            name=self.name.data,
            passphrase=self.passphrase.data,
            code=self.code.data.replace(" ", ""),
            source=source,
            place=place,
        )


class KitForm(Form):
    """The kit's sheet, typed from the paper."""

    kit = LongText(_l("The sixteen groups of the sheet"), max_length=600, rows=4, required=True)


class AdministratorForm(Form):
    name = Text(_l("Her name"), max_length=120, required=True)
    working_name = Text(_l("What colleagues call her"), max_length=60, hint=_l("A first name is enough."))
