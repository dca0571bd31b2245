"""The one way in: name, passphrase and second factor together; no half-open session ever exists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn

from sqlalchemy import select

from shelter.accounts import keys, notices, occasions, passkeys, sessions, throttle
from shelter.accounts.models import Staff
from shelter.accounts.passkeys import NOWHERE, BadPasskey, Place
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import require_bound, take_in_grants, verify_pin
from shelter.accounts.throttle import Attempt
from shelter.crypto.errors import Busy, Unopenable
from shelter.crypto.statements import confirmation_words
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.keyring import keyring_of
from shelter.db.keystore import KeyUser
from shelter.policy.actor import Actor
from shelter.rules.clock import now
from shelter.trail.heads import sign_head
from shelter.trail.record import recorded, serialise

__all__ = ["Busy", "ListChanged", "Refused", "SignIn", "TooSoon", "Waiting", "confirm", "prove", "sign_in", "sign_out"]


class Refused(Exception):
    """Wrong name, passphrase or second factor: the page never says which."""


class TooSoon(Exception):
    """Too many failures; `wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class ListChanged(Exception):
    """The signed list is not the one she verified last: nothing is opened until somebody has looked."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the form brings: the second factor is a TOTP code or a passkey's answer as JSON."""

    name: str
    passphrase: str = field(repr=False)
    code: str = field(default="", repr=False)
    passkey: str = ""
    source: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Waiting:
    """She has keys but nobody has bound them yet: the six words that she reads to a steward."""

    words: list[str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A person whose passphrase was right; `factor` stays empty until the second one was right too."""

    staff: Staff
    row: KeyUser
    own: keys.OwnKeys


def sign_in(attempt: SignIn, at_desk: Sequence[bytes] = ()) -> bytes | Waiting:
    """The sid of a new session, the others at this desk locked.

    Raises `Refused`, `TooSoon`, `ListChanged`, or `Busy` where too many wait at the gate.
    """
    lanes = throttle.sign_in(attempt.name, attempt.source)
    opened = _open(attempt, lanes)
    try:
        with recorded(None, "signed-in") as unit:
            factor = _second_factor(opened, attempt, passkeys.SIGN_IN)
            if opened.staff.state == "waiting":
                unit.act = "waits-for-a-steward"
                return Waiting(_words(opened.own))
            sid = _begin(opened, lanes, factor, at_desk)
            unit.actor = actor = actor_for(opened.own.uk, opened.own.uk_id, opened.staff.id)
            sign_head(opened.staff.id, opened.own.signing.private)
    except Refused:
        _refuse(attempt.name, lanes)
    occasions.do_what_waits(actor)
    return sid


def _begin(opened: Opened, lanes: Attempt, factor: str, at_desk: Sequence[bytes]) -> bytes:
    first, known = opened.row.pin_sealed is None, throttle.is_known(lanes)
    try:
        verify_pin(opened.row, opened.own)
        require_bound(opened.own)
    except Unopenable:
        raise ListChanged from None
    take_in_grants(opened.own)
    throttle.passed(lanes)
    sessions.make_room(at_desk, opened.staff.id)
    if not (first or known or deployment().fictional):
        her = actor_for(opened.own.uk, opened.own.uk_id, opened.staff.id)
        notices.notify(her, her.id, notices.NoticeKind.DEVICE)
    return sessions.start(opened.staff, opened.own.uk, opened.own.uk_id, factor)


def prove(attempt: SignIn, act: str) -> keys.OwnKeys:
    """Her keys, for one act and without a session: a second steward who signs, a founder who opens a record.

    Raises as `sign_in` does.
    """
    lanes = throttle.sign_in(attempt.name, attempt.source)
    opened = _open(attempt, lanes)
    if opened.staff.state != "active":
        _refuse(attempt.name, lanes)
    try:
        with recorded(None, act):
            _second_factor(opened, attempt, passkeys.SIGN_IN)
            throttle.passed(lanes)
    except Refused:
        _refuse(attempt.name, lanes)
    return opened.own


def _open(attempt: SignIn, lanes: Attempt) -> Opened:
    """One Argon2id, whether the name exists or not."""
    wait = throttle.waiting(lanes)
    if wait is not None:
        raise TooSoon(wait)
    staff = db.session.scalars(
        select(Staff)
        .where(Staff.sign_in_name == attempt.name, Staff.state.in_(("active", "waiting")))
        .execution_options(populate_existing=True)
    ).first()
    row = db.session.get(KeyUser, staff.id, populate_existing=True) if staff else None
    own: keys.OwnKeys | None = None
    if row is None:
        keys.derive_for_nobody(attempt.passphrase)
    else:
        own = opened_keys(row, attempt.passphrase)
    if staff is None or row is None or own is None:
        _refuse(attempt.name, lanes)
    return Opened(staff, row, own)


def opened_keys(row: KeyUser, passphrase: str) -> keys.OwnKeys | None:
    """Her keys, or None for a wrong passphrase or a seal that does not hold; one Argon2id either way."""
    derived = keys.derive_for(row, passphrase)
    try:
        return keys.open_with(row, derived)
    except Unopenable:
        return None


def _refuse(typed: str, lanes: Attempt) -> NoReturn:
    with recorded(None, "sign-in-refused") as unit:
        serialise()
        unit.detail["typed"] = typed[:60]
        throttle.failed(lanes)
    raise Refused


def _second_factor(opened: Opened, attempt: SignIn, purpose: str) -> str:
    """Which second factor was right, used up in the caller's transaction. Raises `Refused`."""
    if deployment().fictional:
        return "none"
    factors = keys.factors_of(opened.row, opened.own)
    if attempt.passkey:
        _use_passkey(opened.row, opened.own, factors, attempt.passkey, attempt.place, purpose)
        return "passkey"
    step = keys.totp_step(opened.row, factors, attempt.code, now().timestamp())
    if step is None or not keys.use_totp_step(opened.row.user_id, step):
        raise Refused
    return "totp"


def _use_passkey(
    row: KeyUser, own: keys.OwnKeys, factors: keys.Factors, answer: str, place: Place, purpose: str
) -> None:
    try:
        used = passkeys.assertion(answer, row.user_id, factors.passkeys, place, purpose)
    except BadPasskey:
        raise Refused from None
    others = [used if one.id == used.id else one for one in factors.passkeys]
    keys.set_factors(row, own, keys.Factors(totp_secret=factors.totp_secret, passkeys=others))


def _words(own: keys.OwnKeys) -> list[str]:
    """From the keys she holds, not from what the database says they are."""
    return confirmation_words(own.binding(), deployment().fingerprint or b"")


def confirm(found: sessions.Found, passphrase: str, passkey: str = "", place: Place = NOWHERE) -> bytes:
    """Unlocks or steps up a living session with the passphrase or a passkey alone; returns its new sid.

    Raises `Refused` or `TooSoon`.
    """
    lanes = throttle.of_session(found.row.staff_id)
    wait = throttle.waiting(lanes)
    if wait is not None:
        raise TooSoon(wait)
    row = db.session.get(KeyUser, found.row.staff_id)
    own = _confirmed_keys(found, row, passphrase, passkey) if row else None
    try:
        if row is None or own is None:
            raise Refused
        with recorded(None, "confirmed") as unit:
            if passkey:
                _use_passkey(row, own, keys.factors_of(row, own), passkey, place, passkeys.UNLOCK)
            throttle.passed(lanes)
            take_in_grants(own)
            sid = sessions.renew(found)
            unit.actor = actor = actor_for(own.uk, own.uk_id, row.user_id)
            sign_head(row.user_id, own.signing.private)
    except Refused:
        with recorded(None, "unlock-refused"):
            serialise()
            throttle.failed(lanes)
        raise
    occasions.do_what_waits(actor)
    return sid


def _confirmed_keys(found: sessions.Found, row: KeyUser, passphrase: str, passkey: str) -> keys.OwnKeys | None:
    return keys.open_under(row, found.uk) if passkey else opened_keys(row, passphrase)


def sign_out(found: sessions.Found, actor: Actor) -> None:
    with recorded(actor, "signed-out"):
        sign_head(actor.id, keyring_of(actor).signing_private)
        sessions.end(found.sid)
