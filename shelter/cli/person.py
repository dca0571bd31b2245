"""A person at a terminal: passphrase and second factor open her keys for one command, and no session row is made.

Nothing typed is shown, kept or logged. The environment is read for the fictional agency only.
"""

import getpass
import os
import sys
from dataclasses import dataclass, field

import click
from flask_babel import gettext as _

from shelter.accounts.people import actor_for
from shelter.accounts.signing_in import Busy, ListChanged, Refused, SignIn, TooSoon, prove
from shelter.accounts.taking_in import require_bound, take_in_grants, verify_pin
from shelter.crypto.errors import Unopenable
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.keystore import KeyUser
from shelter.policy.actor import Actor
from shelter.trail.heads import sign_head
from shelter.trail.record import recorded

VARIABLE = "SHELTER_PASSPHRASE"
SOURCE = "terminal"
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Typed:
    passphrase: str = field(repr=False)
    code: str = field(default="", repr=False)


def open_person(name: str, passphrase_fd: int | None = None) -> Actor:
    """The person behind a sign-in name, with her keys, until the command ends. Raises `click.ClickException`.

    Two lines are read from `passphrase_fd`: the passphrase, and the code of the second factor.
    """
    typed = _typed(passphrase_fd)
    try:
        own = prove(
            SignIn(name=name, passphrase=typed.passphrase, code=typed.code, source=SOURCE), "proved-at-terminal"
        )
        with recorded(None, "opened-at-terminal") as unit:
            row = db.session.get_one(KeyUser, own.user_id)
            verify_pin(row, own)
            require_bound(own)
            take_in_grants(own)
            unit.actor = actor = actor_for(own.uk, own.uk_id, own.user_id)
            sign_head(own.user_id, own.signing.private)
    except Refused:
        raise click.ClickException(_("The name, the passphrase or the code is not right.")) from None
    except TooSoon as soon:
        seconds = int(soon.wait.total_seconds()) + 1
        raise click.ClickException(_("Wait %(seconds)s seconds and try again.", seconds=seconds)) from None
    except Busy:
        raise click.ClickException(_("Many people are signing in just now. Try again in a moment.")) from None
    except (ListChanged, Unopenable):
        text = _("The list of who belongs is not the one you saw last. Nothing was opened. Call a steward.")
        raise click.ClickException(text) from None
    return actor


def _typed(passphrase_fd: int | None) -> Typed:
    if passphrase_fd is not None:
        return _from_descriptor(passphrase_fd)
    if deployment().fictional:
        given = os.environ.get(VARIABLE)
        return Typed(given if given is not None else _ask(_("Passphrase: ")))
    return Typed(_ask(_("Passphrase: ")), _ask(_("Code of the second factor: ")))


def _from_descriptor(descriptor: int) -> Typed:
    try:
        with os.fdopen(descriptor, "rb") as file:
            lines = file.read(_MOST_BYTES).decode().splitlines()
    except (OSError, UnicodeDecodeError):
        raise click.ClickException(_("Nothing can be read from this descriptor.")) from None
    return Typed(lines[0] if lines else "", lines[1].strip() if len(lines) > 1 else "")


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise click.ClickException(
            _("A passphrase is asked for on a terminal, or read with --passphrase-fd: the passphrase, then the code.")
        )
    return getpass.getpass(question)


def typed_kit(descriptor: int | None) -> str:
    """The sheet of the recovery kit, or shares of it, as somebody types them. Raises `click.ClickException`."""
    if descriptor is not None:
        with os.fdopen(descriptor, "r") as file:
            return file.read(20_000)
    if not sys.stdin.isatty():
        raise click.ClickException(_("The kit is asked for on a terminal, or read with --kit-fd."))
    click.echo(_("Type the sixteen groups of the sheet, or the shares one after another; then an empty line."))
    lines: list[str] = []
    while line := input():
        lines.append(line)
    return "\n".join(lines)
