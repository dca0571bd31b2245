"""Her own second factors: which she has, a passkey more, a passkey less. They lie sealed under her user key."""

from dataclasses import dataclass

import msgspec

from shelter.accounts import keys, passkeys, sessions
from shelter.accounts.keys import Factors, OwnKeys
from shelter.accounts.passkeys import BadPasskey, Place
from shelter.accounts.queries import agency_on_screen, sign_in_name
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keystore import KeyUser
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class PasskeyOnScreen:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class FactorsOnScreen:
    has_totp: bool
    passkeys: list[PasskeyOnScreen]


def mine(found: sessions.Found) -> FactorsOnScreen:
    """What she can confirm with."""
    factors = _open(found)[2]
    return FactorsOnScreen(
        bool(factors.totp_secret), [PasskeyOnScreen(one.id.hex(), one.name) for one in factors.passkeys]
    )


def registration(actor: Actor, found: sessions.Found, place: Place) -> str:
    """What her device is asked, as JSON."""
    factors = _open(found)[2]
    return passkeys.registration(
        actor.id, sign_in_name(actor.id), agency_on_screen().name_on_screen, factors.passkeys, place
    )


def add_passkey(actor: Actor, found: sessions.Found, answer: str, name: str, place: Place) -> None:
    """Raises Broken for an answer that does not hold, or for one passkey too many."""
    try:
        with recorded(actor, "passkey-added") as unit:
            unit.clause = require(actor, Act.ACCOUNT_SECURE).clause
            row, own, factors = _open(found)
            if len(factors.passkeys) >= passkeys.MOST:
                raise Broken("accounts.too-many-passkeys")
            made = passkeys.registered(answer, actor.id, name, place)
            keys.set_factors(row, own, msgspec.structs.replace(factors, passkeys=[*factors.passkeys, made]))
    except BadPasskey:
        raise Broken("accounts.passkey-refused") from None


def remove_passkey(actor: Actor, found: sessions.Found, passkey_id: bytes) -> None:
    """Raises Missing for one she does not have, Broken for the last way to confirm."""
    with recorded(actor, "passkey-removed") as unit:
        unit.clause = require(actor, Act.ACCOUNT_SECURE).clause
        row, own, factors = _open(found)
        left = [one for one in factors.passkeys if one.id != passkey_id]
        if len(left) == len(factors.passkeys):
            raise Missing
        if not left and not factors.totp_secret:
            raise Broken("accounts.last-factor")
        keys.set_factors(row, own, msgspec.structs.replace(factors, passkeys=left))


def _open(found: sessions.Found) -> tuple[KeyUser, OwnKeys, Factors]:
    row = db.session.get_one(KeyUser, found.row.staff_id, populate_existing=True)
    own = keys.open_under(row, found.uk)
    return row, own, keys.factors_of(row, own)
