"""Making a person's own keys, and opening them again with her passphrase."""

import os
from dataclasses import dataclass, field, replace

import msgspec
from sqlalchemy import update

from shelter.crypto import totp
from shelter.crypto.bodies import Binding
from shelter.crypto.labels import Label
from shelter.crypto.passwords import Derived, KdfParameters, derive, verifier_matches
from shelter.crypto.signing import KeyPair, exchange_pair, new_exchange_pair, new_signing_pair, signing_pair
from shelter.crypto.userkey import (
    open_under_user_key,
    open_user_key,
    seal_under_user_key,
    wrap_user_key,
)
from shelter.db import db, new_id
from shelter.db.deployment import deployment
from shelter.db.keystore import KeyUser


class Passkey(msgspec.Struct, kw_only=True):
    id: bytes
    public_key: bytes
    sign_count: int
    name: str


class Factors(msgspec.Struct, kw_only=True):
    """Second factors, sealed under the user key: nothing of them is in the database in clear."""

    totp_secret: bytes = b""
    passkeys: list[Passkey] = []


class Pin(msgspec.Struct, kw_only=True):
    """The fingerprint and the last place of the signed list that this person has verified."""

    fingerprint: bytes
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """A person's opened keys, for the length of one request."""

    user_id: bytes
    uk: bytes = field(repr=False)
    uk_id: bytes
    exchange: KeyPair = field(repr=False)
    signing: KeyPair = field(repr=False)

    def binding(self) -> Binding:
        """The statement that would bind these keys to her."""
        return Binding(self.user_id, self.exchange.public, self.signing.public)


def parameters() -> KdfParameters:
    stored = deployment().kdf
    return KdfParameters.decode(stored) if stored else KdfParameters()


def make(user_id: bytes, passphrase: str, factors: Factors) -> tuple[KeyUser, OwnKeys]:
    """New keys for a person; the row still has to be added by the caller."""
    keys = OwnKeys(user_id, os.urandom(32), new_id(), new_exchange_pair(), new_signing_pair())
    row = _sealed_under(keys, passphrase)
    set_factors(row, keys, factors)
    return row, keys


def renewed(own: OwnKeys, passphrase: str) -> tuple[KeyUser, OwnKeys]:
    """The same key pairs under a new user key and passphrase; factors and pin are the caller's to seal again."""
    keys = replace(own, uk=os.urandom(32), uk_id=new_id())
    return _sealed_under(keys, passphrase), keys


def _sealed_under(keys: OwnKeys, passphrase: str) -> KeyUser:
    place, salt, cost = deployment(), os.urandom(16), parameters()
    derived = derive(passphrase, salt=salt, pepper=place.pepper, user_id=keys.user_id, parameters=cost)
    return KeyUser(
        user_id=keys.user_id,
        kdf=cost.encode(),
        salt=salt,
        verifier=derived.stored,
        uk_id=keys.uk_id,
        uk_sealed=wrap_user_key(keys.uk, keys.uk_id, derived.unlock_key, keys.user_id, place.agency),
        exchange_public=keys.exchange.public,
        signing_public=keys.signing.public,
        exchange_sealed=_under(keys, Label.PRIVATE, "exchange", keys.exchange.private),
        signing_sealed=_under(keys, Label.PRIVATE, "signing", keys.signing.private),
    )


def _under(keys: OwnKeys, label: Label, section: str, plaintext: bytes) -> bytes:
    return seal_under_user_key(keys.uk, keys.uk_id, label, deployment().agency, keys.user_id, section, plaintext)


def derive_for(row: KeyUser, passphrase: str) -> Derived:
    """One Argon2id, behind the gate; raises `Busy` where too many wait."""
    return derive(
        passphrase,
        salt=row.salt,
        pepper=deployment().pepper,
        user_id=row.user_id,
        parameters=KdfParameters.decode(row.kdf),
    )


def derive_for_nobody(passphrase: str) -> None:
    """The same work for a name that does not exist, so that time tells nothing."""
    derive(passphrase, salt=bytes(16), pepper=deployment().pepper, user_id=bytes(16), parameters=parameters())


def open_with(row: KeyUser, derived: Derived) -> OwnKeys | None:
    """The person's keys, or None for a wrong passphrase. Raises `Unopenable` where a seal is broken."""
    if not verifier_matches(derived, row.verifier):
        return None
    return open_under(
        row, open_user_key(row.uk_sealed, row.uk_id, derived.unlock_key, row.user_id, deployment().agency)
    )


def open_under(row: KeyUser, uk: bytes) -> OwnKeys:
    """Her key pairs under her user key. The public halves are made from the private ones: what stands in the row
    is for others, and whoever can write to the database can write there. Raises `Unopenable`.
    """
    private = {
        name: open_under_user_key(uk, row.uk_id, Label.PRIVATE, deployment().agency, row.user_id, name, sealed)
        for name, sealed in (("exchange", row.exchange_sealed), ("signing", row.signing_sealed))
    }
    return OwnKeys(row.user_id, uk, row.uk_id, exchange_pair(private["exchange"]), signing_pair(private["signing"]))


def factors_of(row: KeyUser, keys: OwnKeys) -> Factors:
    raw = open_under_user_key(
        keys.uk, keys.uk_id, Label.PRIVATE, deployment().agency, row.user_id, "factors", row.factors_sealed
    )
    return msgspec.msgpack.decode(raw, type=Factors)


def set_factors(row: KeyUser, keys: OwnKeys, factors: Factors) -> None:
    row.factors_sealed = _under(keys, Label.PRIVATE, "factors", msgspec.msgpack.encode(factors))


def pin_of(row: KeyUser, keys: OwnKeys) -> Pin | None:
    if row.pin_sealed is None:
        return None
    raw = open_under_user_key(
        keys.uk, keys.uk_id, Label.PRIVATE, deployment().agency, row.user_id, "pin", row.pin_sealed
    )
    return msgspec.msgpack.decode(raw, type=Pin)


def set_pin(row: KeyUser, keys: OwnKeys, pin: Pin) -> None:
    row.pin_sealed = _under(keys, Label.PRIVATE, "pin", msgspec.msgpack.encode(pin))


def totp_step(row: KeyUser, factors: Factors, code: str, at: float) -> int | None:
    """The step that a right code belongs to, if it is later than the last one used."""
    if not factors.totp_secret or not code:
        return None
    return totp.check(factors.totp_secret, code, at, row.totp_step)


def use_totp_step(user_id: bytes, step: int) -> bool:
    """Uses a step up, in the caller's transaction; False where another request was faster."""
    used = db.session.execute(
        update(KeyUser)
        .where(KeyUser.user_id == user_id, KeyUser.totp_step < step)
        .values(totp_step=step)
        .returning(KeyUser.user_id)
    )
    return used.first() is not None
