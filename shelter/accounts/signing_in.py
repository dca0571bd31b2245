"""The one way in: name, passphrase and second factor together; no half-open session ever exists."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from sqlalchemy import select

from shelter.accounts import keys, sessions, throttle
from shelter.accounts.models import Staff
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants, verify_pin
from shelter.crypto.errors import Busy, Unopenable
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.keyring import keyring_of
from shelter.db.keystore import KeyUser
from shelter.policy.actor import Actor
from shelter.rules.clock import now
from shelter.trail.heads import sign_head
from shelter.trail.record import record_alone, recorded

__all__ = ["Busy", "Refused", "SignIn", "TooSoon", "confirm", "sign_in", "sign_out"]


class Refused(Exception):
    """Wrong name, passphrase or second factor: the page never says which."""


class TooSoon(Exception):
    """Too many failures; `wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the form brings: the second factor is a TOTP code or a checked passkey's id."""

    name: str
    passphrase: str
    code: str = ""
    passkey: bytes = b""
    source: str = ""


def sign_in(attempt: SignIn) -> bytes:
    """The sid of a new session. Raises `Refused`, `TooSoon`, or `Busy` where too many wait at the gate."""
    names = (f"account:{attempt.name}", f"source:{attempt.source}")
    wait = throttle.waiting(*names)
    if wait is not None:
        raise TooSoon(wait)
    proved = _prove(attempt)
    if proved is None:
        _refuse(attempt, names)
    staff, row, own, factor = proved
    with recorded(None, "signed-in") as unit:
        if factor.totp_step and not keys.use_totp_step(row.user_id, factor.totp_step):
            raise Refused
        take_in_grants(own)
        verify_pin(row, own)
        throttle.passed(names[0])
        sid = sessions.start(staff, own.uk, own.uk_id, factor.kind)
        unit.actor = actor_for(own.uk, own.uk_id, staff.id)
        sign_head(staff.id, own.signing.private)
    return sid


def _refuse(attempt: SignIn, names: tuple[str, str]) -> NoReturn:
    record_alone(None, "sign-in-refused", typed=attempt.name[:60])
    with recorded(None, "throttled"):
        throttle.failed(*names)
    raise Refused


@dataclass(frozen=True, slots=True)
class Factor:
    """Which second factor passed; a TOTP step is used up when the session starts."""

    kind: str
    totp_step: int = 0


def _prove(attempt: SignIn) -> tuple[Staff, KeyUser, keys.OwnKeys, Factor] | None:
    staff = db.session.scalars(
        select(Staff).where(Staff.sign_in_name == attempt.name, Staff.state.in_(("active", "waiting")))
    ).first()
    row = db.session.get(KeyUser, staff.id) if staff else None
    if staff is None or row is None:
        keys.derive_for_nobody(attempt.passphrase)
        return None
    derived = keys.derive_for(row, attempt.passphrase)
    try:
        own = keys.open_with(row, derived)
    except Unopenable:
        own = None
    if own is None or staff.state != "active":
        return None
    factor = _second_factor(row, own, attempt)
    return (staff, row, own, factor) if factor is not None else None


def _second_factor(row: KeyUser, own: keys.OwnKeys, attempt: SignIn) -> Factor | None:
    if deployment().fictional:
        return Factor("none")
    factors = keys.factors_of(row, own)
    if attempt.passkey and any(known.id == attempt.passkey for known in factors.passkeys):
        return Factor("passkey")
    step = keys.totp_step(row, factors, attempt.code, now().timestamp())
    return Factor("totp", step) if step is not None else None


def confirm(found: sessions.Found, passphrase: str) -> None:
    """Unlocks or steps up a living session with the passphrase alone. Raises `Refused` or `TooSoon`."""
    name = f"session:{found.row.staff_id.hex()}"
    wait = throttle.waiting(name)
    if wait is not None:
        raise TooSoon(wait)
    row = db.session.get(KeyUser, found.row.staff_id)
    own = keys.open_with(row, keys.derive_for(row, passphrase)) if row else None
    if row is None or own is None:
        record_alone(None, "unlock-refused")
        with recorded(None, "throttled"):
            throttle.failed(name)
        raise Refused
    with recorded(None, "confirmed") as unit:
        throttle.passed(name)
        take_in_grants(own)
        sessions.unlock(found.sid)
        unit.actor = actor_for(own.uk, own.uk_id, row.user_id)
        sign_head(row.user_id, own.signing.private)


def sign_out(found: sessions.Found, actor: Actor) -> None:
    with recorded(actor, "signed-out"):
        sign_head(actor.id, keyring_of(actor).signing_private)
        sessions.end(found.sid)
