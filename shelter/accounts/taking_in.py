"""Taking in what colleagues sealed to her: compartment keys by HPKE become keys under her own user key."""

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import aliased

from shelter.accounts.keys import OwnKeys, Pin, open_under, pin_of, set_pin
from shelter.crypto.compartments import grant_context, key_id_of, open_grant, seal_key_for_owner
from shelter.crypto.errors import Unopenable
from shelter.crypto.roll import Roll
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.keystore import KeyGrant, KeyUser, KeyVersion
from shelter.db.roll import current_roll
from shelter.db.transaction import write_transaction


def take_in_grants(own: OwnKeys) -> int:
    """Re-seals fresh grants under her user key, in the caller's transaction; returns how many.

    A grant counts only if it matches the signed commitment of its version and she is on the newest
    roster; any other is left where it is for `doctor` to find.
    """
    waiting = db.session.scalars(
        select(KeyGrant).where(KeyGrant.member_id == own.user_id, KeyGrant.wrap == "hpke")
    ).all()
    if not waiting:
        return 0
    roll = current_roll()
    taken = sum(_take_in(own, grant, roll) for grant in waiting)
    db.session.flush()
    _forget_retired(own.user_id)
    return taken


def _forget_retired(user_id: bytes) -> None:
    """Keys that she kept only until she had the one that came after them."""
    newer = aliased(KeyGrant)
    retired = (KeyVersion.compartment_id == KeyGrant.compartment_id) & (KeyVersion.version == KeyGrant.version)
    followed = (newer.compartment_id == KeyGrant.compartment_id) & (newer.version > KeyGrant.version)
    db.session.execute(
        delete(KeyGrant)
        .where(
            KeyGrant.member_id == user_id,
            exists().where(retired, KeyVersion.retired),
            exists().where(followed, newer.member_id == user_id, newer.wrap == "uk"),
        )
        .execution_options(synchronize_session=False)
    )


def take_in_for(user_id: bytes, uk: bytes) -> bool:
    """The same for somebody who is signed in already, in a transaction of its own; whether anything came."""
    if not _waits(user_id):
        return False
    row = db.session.get(KeyUser, user_id)
    if row is None:
        raise Unopenable
    with write_transaction():
        return take_in_grants(open_under(row, uk)) > 0


def _waits(user_id: bytes) -> bool:
    mine = (KeyGrant.member_id == user_id) & (KeyGrant.wrap == "hpke")
    return db.session.scalar(select(KeyGrant.id).where(mine).limit(1)) is not None


def _take_in(own: OwnKeys, grant: KeyGrant, roll: Roll) -> int:
    place = deployment()
    try:
        if own.user_id not in roll.members(grant.compartment_id):
            return 0
        signed = roll.key_version(grant.compartment_id, grant.version)
        context = grant_context(place.agency, grant.compartment_id, grant.version, own.user_id)
        secret = open_grant(own.exchange.private, own.user_id, grant.sealed, context, signed.commitment)
    except Unopenable:
        return 0
    if key_id_of(secret) != signed.id:
        return 0
    grant.sealed = seal_key_for_owner(
        own.uk, own.uk_id, place.agency, own.user_id, grant.compartment_id, grant.version, secret
    )
    grant.wrap = "uk"
    return 1


def require_bound(own: OwnKeys) -> None:
    """The signed list must hold these very keys for her: a row that somebody put back makes nobody a member.

    Keys of compartments on whose roster she no longer is are deleted, in the caller's transaction. Raises `Unopenable`.
    """
    roll = current_roll()
    if roll.binding(own.user_id) != own.binding():
        raise Unopenable
    for grant in db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == own.user_id)):
        if own.user_id not in roll.members(grant.compartment_id):
            db.session.delete(grant)


def verify_pin(row: KeyUser, own: OwnKeys) -> None:
    """The list must continue what she verified last; raises `Unopenable` where it does not.

    Moves her pin forward, in the caller's transaction.
    """
    roll = current_roll()
    fingerprint = deployment().fingerprint or b""
    pin = pin_of(row, own)
    if pin is not None:
        if pin.fingerprint != fingerprint:
            raise Unopenable
        roll.require_place(pin.seq, pin.hash)
    seq, head = roll.head
    if pin is None or pin.seq < seq:
        set_pin(row, own, Pin(fingerprint=fingerprint, seq=seq, hash=head))
