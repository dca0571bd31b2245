"""Compartment keys, what they wrap, and how a member receives one.

A key is known by its commitment, which a signed statement holds: what is offered as that key must match it.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from shelter.crypto.bodies import KeyVersion
from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import SignedPayload, seal_signed_to, seal_to, unseal_from, unseal_signed
from shelter.crypto.labels import Label
from shelter.crypto.message import ID_LENGTH, KEY_LENGTH, Key, seal, unseal
from shelter.crypto.plaintext import padded, unpadded
from shelter.crypto.signing import exchange_pair, new_exchange_pair
from shelter.crypto.userkey import own_context

_halves_decoder = msgspec.msgpack.Decoder(dict[int, bytes])


def commitment_of(secret: bytes) -> bytes:
    """SHA-256(label || CK): says which key it is and nothing else about it."""
    return hashlib.sha256(Label.CK_COMMITMENT.raw + secret).digest()


def key_id_of(secret: bytes) -> bytes:
    """The 16-byte id of one version of a compartment key: key id of wraps, recipient id of seals."""
    return commitment_of(secret)[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class CompartmentKey:
    """One version of a compartment's key, opened: 32 secret bytes and an X25519 pair."""

    compartment: bytes
    version: int
    secret: bytes = field(repr=False)
    private: bytes = field(repr=False)
    public: bytes

    @property
    def commitment(self) -> bytes:
        """What the signed key version holds of the secret."""
        return commitment_of(self.secret)

    @property
    def id(self) -> bytes:
        """The 16-byte id of this version."""
        return self.commitment[:ID_LENGTH]

    def statement(self) -> KeyVersion:
        """What a member signs so that others believe this version."""
        return KeyVersion(self.compartment, self.version, self.commitment, self.public)


def new_compartment_key(compartment: bytes, version: int) -> CompartmentKey:
    """A new version, of which nobody knows yet."""
    pair = new_exchange_pair()
    return CompartmentKey(compartment, version, os.urandom(KEY_LENGTH), pair.private, pair.public)


def _require(context: Context, label: Label) -> None:
    # A slip of the caller, not of the data: nothing was claimed yet.
    if context.label is not label or context.ck_version is None:
        raise ValueError("this context is not one for wrapping a key")


def _key(secret: bytes) -> bytes:
    if len(secret) != KEY_LENGTH:
        raise Unopenable
    return secret


# Private halves


def _halves_context(agency: bytes, compartment: bytes, version: int) -> Context:
    return Context(Label.CK_PRIVATE, agency, "key_version", compartment, compartment=compartment, ck_version=version)


def seal_private_half(key: CompartmentKey, earlier: Mapping[int, bytes], agency: bytes) -> bytes:
    """The private halves of this version and of all earlier ones, by version, under this version's key."""
    halves = msgspec.msgpack.encode(dict(sorted({**earlier, key.version: key.private}.items())))
    return seal(key.secret, key.id, _halves_context(agency, key.compartment, key.version), padded(halves))


def open_private_half(
    secret: bytes, sealed: bytes, agency: bytes, compartment: bytes, version: int
) -> dict[int, bytes]:
    """Private halves by version, this one's and all earlier ones'. Raises Unopenable."""
    context = _halves_context(agency, compartment, version)
    raw = unpadded(unseal(secret, key_id_of(secret), context, sealed))
    try:
        halves = _halves_decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError):
        raise Unopenable from None
    if version not in halves or any(len(half) != KEY_LENGTH for half in halves.values()):
        raise Unopenable
    return halves


def opened_key(signed: KeyVersion, secret: bytes, private: bytes) -> CompartmentKey:
    """A key from its parts, if they are those of the signed key version. Raises Unopenable."""
    if not hmac.compare_digest(commitment_of(secret), signed.commitment):
        raise Unopenable
    if len(private) != KEY_LENGTH or exchange_pair(private).public != signed.public:
        raise Unopenable
    return CompartmentKey(signed.compartment, signed.version, secret, private, signed.public)


# Data keys


def new_dek() -> bytes:
    """A new data key for one subject, compartment and epoch."""
    return os.urandom(KEY_LENGTH)


def dek_context(
    agency: bytes,
    subject_kind: str,
    subject: bytes,
    compartment: bytes,
    dek_id: bytes,
    ck_version: int,
    *,
    public: bool,
) -> Context:
    """The place of the wrap of a data key: its own id, its subject, its compartment, the key's version."""
    return Context(
        label=Label.DEK_PUBLIC if public else Label.DEK_WRAP,
        agency=agency,
        table="key_dek",
        row=dek_id,
        subject_kind=subject_kind,
        subject=subject,
        compartment=compartment,
        ck_version=ck_version,
    )


def wrap_dek(ck_secret: bytes, ck_id: bytes, dek: bytes, context: Context) -> bytes:
    """A data key under the compartment key."""
    _require(context, Label.DEK_WRAP)
    return seal(ck_secret, ck_id, context, dek)


def unwrap_dek(ck_secret: bytes, ck_id: bytes, wrapped: bytes, context: Context) -> bytes:
    """The data key, 32 bytes. Raises Unopenable."""
    return unwrap_dek_under(Key(ck_secret, ck_id), wrapped, context)


def unwrap_dek_under(ck: Key, wrapped: bytes, context: Context) -> bytes:
    """The same for many data keys under one compartment key. Raises Unopenable."""
    _require(context, Label.DEK_WRAP)
    return _key(ck.unseal(context, wrapped))


def wrap_dek_public(
    public: bytes, ck_id: bytes, dek: bytes, context: Context, *, maker: bytes, signing_private: bytes
) -> bytes:
    """A data key wrapped by somebody who does not hold the compartment key, signed by her."""
    _require(context, Label.DEK_PUBLIC)
    return seal_signed_to(public, ck_id, context, dek, maker=maker, signing_private=signing_private)


def unwrap_dek_public(private: bytes, ck_id: bytes, wrapped: bytes, context: Context) -> SignedPayload:
    """The data key as `.payload`, to be believed after `.verify`; it opens and never seals again.

    Raises Unopenable.
    """
    _require(context, Label.DEK_PUBLIC)
    signed = unseal_signed(private, ck_id, context, wrapped)
    _key(signed.payload)
    return signed


# Grants


def grant_context(agency: bytes, compartment: bytes, version: int, member: bytes) -> Context:
    """The place of a grant: one member, one version."""
    return Context(
        label=Label.CK_GRANT,
        agency=agency,
        table="key_grant",
        subject_kind="member",
        subject=member,
        compartment=compartment,
        ck_version=version,
    )


def grant_to(public: bytes, recipient_id: bytes, key: CompartmentKey, context: Context) -> bytes:
    """A compartment key sealed to a member's bound key; the caller looks the key up in the verified roll."""
    _require(context, Label.CK_GRANT)
    if (context.compartment, context.ck_version) != (key.compartment, key.version):
        raise ValueError("a grant names the version that it gives")
    return seal_to(public, recipient_id, context, key.secret)


def open_grant(private: bytes, recipient_id: bytes, granted: bytes, context: Context, commitment: bytes) -> bytes:
    """The compartment key, only if it is the one that the signed statement commits to. Raises Unopenable."""
    _require(context, Label.CK_GRANT)
    secret = _key(unseal_from(private, recipient_id, context, granted))
    if not hmac.compare_digest(commitment_of(secret), commitment):
        raise Unopenable
    return secret


def seal_key_for_owner(
    uk: bytes, uk_id: bytes, agency: bytes, user_id: bytes, compartment: bytes, version: int, secret: bytes
) -> bytes:
    """A compartment key under its owner's user key, in place of the grant that brought it."""
    return seal(uk, uk_id, _owned_context(agency, user_id, compartment, version), secret)


def open_own_key(
    uk: bytes, uk_id: bytes, agency: bytes, user_id: bytes, compartment: bytes, version: int, sealed: bytes
) -> bytes:
    """The compartment key that its owner keeps. Raises Unopenable."""
    return _key(unseal(uk, uk_id, _owned_context(agency, user_id, compartment, version), sealed))


def _owned_context(agency: bytes, user_id: bytes, compartment: bytes, version: int) -> Context:
    return own_context(
        Label.CK_UNDER_UK,
        agency,
        user_id,
        "",
        table="key_grant",
        compartment=compartment,
        ck_version=version,
    )
