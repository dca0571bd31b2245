"""A new passphrase of her own: a new user key, and everything that was under the old one sealed again.

Her key pairs stay, so nobody has to bind her anew; a suspected theft needs new pairs and a steward.
"""

from dataclasses import dataclass, field
from typing import NoReturn

from sqlalchemy import select

from shelter.accounts import invitations, keys, notices, offers, sessions, signing_in, throttle
from shelter.accounts.keys import OwnKeys
from shelter.accounts.models import Staff
from shelter.accounts.notices import NoticeKind
from shelter.accounts.offers import Chosen, Offer
from shelter.accounts.people import actor_for
from shelter.accounts.queries import sign_in_name
from shelter.accounts.throttle import Attempt
from shelter.crypto.compartments import open_own_key, seal_key_for_owner
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.userkey import open_under_user_key, seal_under_user_key
from shelter.db import db
from shelter.db.aside import Draft
from shelter.db.deployment import deployment
from shelter.db.keystore import KeyGrant, KeyUser
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.trail.record import recorded, serialise


@dataclass(frozen=True, slots=True)
class NewPassphrase:
    """The one she has, and the one she takes: drawn, or her own typed twice."""

    present: str = field(repr=False)
    chosen: Chosen = field(repr=False)


def words_for(actor: Actor) -> int:
    """How many words are drawn for her."""
    return offers.WORDS_OF_A_STEWARD if actor.has(Role.STEWARD) else offers.WORDS


def change(actor: Actor, found: sessions.Found, offer: Offer, command: NewPassphrase) -> bytes:
    """Returns the sid of her new session; every other session of hers is over with this commit.

    Raises Broken for a passphrase that will not do, `Refused`, `TooSoon` or `Busy` as unlocking does.
    """
    lanes = throttle.of_session(actor.id)
    offers.check_passphrase(offer, command.chosen, invitations.own_words(sign_in_name(actor.id)))
    old = _proved(actor, command.present, lanes)
    row, new = keys.renewed(old, offers.settled(offer, command.chosen))
    with recorded(actor, "passphrase-changed") as unit:
        unit.clause = require(actor, Act.ACCOUNT_SECURE).clause
        serialise()
        _put_under(row, old, new)
        unit.detail["keys"] = _seal_grants_again(old, new)
        _seal_drafts_again(old, new)
        throttle.passed(lanes)
        sessions.end_all(actor.id)
        unit.actor = her = actor_for(new.uk, new.uk_id, actor.id)
        notices.notify(her, her.id, NoticeKind.NEW_WORDS)
        staff = db.session.get_one(Staff, actor.id, populate_existing=True)
        return sessions.start(staff, new.uk, new.uk_id, found.row.factors)


def _proved(actor: Actor, present: str, lanes: Attempt) -> OwnKeys:
    wait = throttle.waiting(lanes)
    if wait is not None:
        raise signing_in.TooSoon(wait)
    row = db.session.get_one(KeyUser, actor.id, populate_existing=True)
    own = signing_in.opened_keys(row, present)
    if own is None:
        _refuse(actor, lanes)
    return own


def _refuse(actor: Actor, lanes: Attempt) -> NoReturn:
    with recorded(actor, "passphrase-refused"):
        serialise()
        throttle.failed(lanes)
    raise signing_in.Refused


def _put_under(made: KeyUser, old: OwnKeys, new: OwnKeys) -> None:
    """Her row, with the factors and the pin as they are now: another request may have used a code meanwhile."""
    row = db.session.get_one(KeyUser, old.user_id, populate_existing=True, with_for_update=True)
    if row.uk_id != old.uk_id:  # somebody with her passphrase was faster, in another browser
        raise signing_in.Refused
    factors, pin = keys.factors_of(row, old), keys.pin_of(row, old)
    for column in ("kdf", "salt", "verifier", "uk_id", "uk_sealed", "exchange_sealed", "signing_sealed"):
        setattr(row, column, getattr(made, column))
    keys.set_factors(row, new, factors)
    if pin is not None:
        keys.set_pin(row, new, pin)
    db.session.flush()


def _seal_grants_again(old: OwnKeys, new: OwnKeys) -> int:
    """Every compartment key she holds; what waits for her by HPKE is sealed to her pair, which stays."""
    agency = deployment().agency
    mine = select(KeyGrant).where(KeyGrant.member_id == old.user_id, KeyGrant.wrap == "uk").with_for_update()
    grants = db.session.scalars(mine).all()
    for grant in grants:
        place = (grant.compartment_id, grant.version)
        secret = open_own_key(old.uk, old.uk_id, agency, old.user_id, *place, grant.sealed)
        grant.sealed = seal_key_for_owner(new.uk, new.uk_id, agency, old.user_id, *place, secret)
    db.session.flush()
    return len(grants)


def _seal_drafts_again(old: OwnKeys, new: OwnKeys) -> None:
    """What she was typing; a draft that no longer opens is of no use to anybody and goes."""
    agency = deployment().agency
    for draft in db.session.scalars(select(Draft).where(Draft.staff_id == old.user_id)).all():
        try:
            raw = open_under_user_key(old.uk, old.uk_id, Label.DRAFT, agency, old.user_id, draft.form, draft.sealed)
        except Unopenable:
            db.session.delete(draft)
            continue
        draft.sealed = seal_under_user_key(new.uk, new.uk_id, Label.DRAFT, agency, old.user_id, draft.form, raw)
