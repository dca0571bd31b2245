"""A person's user key: sealed under what her passphrase gives, and above everything that is hers alone."""

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import KEY_LENGTH, seal, unseal
from shelter.crypto.plaintext import padded, unpadded

TABLE = "key_user"


def _user_key_context(uk_id: bytes, user_id: bytes, agency: bytes) -> Context:
    return Context(Label.UK, agency, TABLE, uk_id, "uk", "user", user_id)


def wrap_user_key(uk: bytes, uk_id: bytes, unlock_key: bytes, user_id: bytes, agency: bytes) -> bytes:
    """The user key under the unlock key, which has the person's id for its own.

    Raises ValueError when a key has not 32 bytes or an id not 16.
    """
    if len(uk) != KEY_LENGTH:
        raise ValueError("a user key has 32 bytes")
    return seal(unlock_key, user_id, _user_key_context(uk_id, user_id, agency), uk)


def open_user_key(sealed: bytes, uk_id: bytes, unlock_key: bytes, user_id: bytes, agency: bytes) -> bytes:
    """The user key, 32 bytes. Raises Unopenable."""
    uk = unseal(unlock_key, user_id, _user_key_context(uk_id, user_id, agency), sealed)
    if len(uk) != KEY_LENGTH:
        raise Unopenable
    return uk


def own_context(
    label: Label,
    agency: bytes,
    user_id: bytes,
    section: str,
    *,
    table: str = TABLE,
    row: bytes | None = None,
    compartment: bytes = b"",
    ck_version: int | None = None,
) -> Context:
    """The place of something a person keeps under her user key; the row is her own unless named."""
    return Context(
        label=label,
        agency=agency,
        table=table,
        row=user_id if row is None else row,
        section=section,
        subject_kind="user",
        subject=user_id,
        compartment=compartment,
        ck_version=ck_version,
    )


def seal_under_user_key(
    uk: bytes,
    uk_id: bytes,
    label: Label,
    agency: bytes,
    user_id: bytes,
    section: str,
    plaintext: bytes,
    *,
    table: str = TABLE,
    row: bytes | None = None,
) -> bytes:
    """Private halves, factors, the pin, drafts, compartment keys: padded and sealed for its owner alone.

    Raises TooLong beyond 1 MiB.
    """
    context = own_context(label, agency, user_id, section, table=table, row=row)
    return seal(uk, uk_id, context, padded(plaintext))


def open_under_user_key(
    uk: bytes,
    uk_id: bytes,
    label: Label,
    agency: bytes,
    user_id: bytes,
    section: str,
    sealed: bytes,
    *,
    table: str = TABLE,
    row: bytes | None = None,
) -> bytes:
    """What `seal_under_user_key` sealed in this place. Raises Unopenable."""
    context = own_context(label, agency, user_id, section, table=table, row=row)
    return unpadded(unseal(uk, uk_id, context, sealed))
