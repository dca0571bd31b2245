"""Reading the sealed detail of an act: for the auditor alone, whose compartment it is sealed to."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, select

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.hpke import unseal_signed
from shelter.crypto.labels import Label
from shelter.crypto.plaintext import unpadded
from shelter.db import db
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.roll import current_roll, signers_keys
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.trail.models import Trail, TrailDetail, TrailSubject

ROW_ID = 16


@dataclass(frozen=True, slots=True)
class Detail:
    """What an act was about, by name. `signed` is false for what was written before anybody was signed in."""

    values: dict[str, str | int | list[str]]
    signed: bool


def details_of(actor: Actor, seqs: list[int]) -> dict[int, Detail | None]:
    """Details by link; None for one whose seal does not hold, nothing for one that was purged or never was.

    Raises `NoKey` for those who do not hold the auditor's compartment.
    """
    keyring = keyring_of(actor)
    compartment = keyring.compartment(Kind.AUDIT)
    query = select(TrailDetail, Trail.detail_hash).join(Trail, Trail.seq == TrailDetail.seq)
    rows = db.session.execute(query.where(TrailDetail.seq.in_(seqs))).all()
    return {row.seq: _open(keyring, compartment, row, digest) for row, digest in rows}


def purge_about(clients: Collection[bytes]) -> None:
    """Details of every act about these people go, in the caller's transaction; the links stay, so the proof holds."""
    theirs = select(TrailSubject.seq).where(TrailSubject.client_id.in_(clients))
    db.session.execute(
        delete(TrailDetail).where(TrailDetail.seq.in_(theirs)).execution_options(synchronize_session=False)
    )


def purge_before(seq: int) -> None:
    """The same for every act up to a link."""
    db.session.execute(delete(TrailDetail).where(TrailDetail.seq <= seq).execution_options(synchronize_session=False))


def _open(keyring: Keyring, compartment: bytes, row: TrailDetail, digest: bytes | None) -> Detail | None:
    if hashlib.sha256(row.sealed).digest() != digest:  # it lies at another link than the one it was made for
        return None
    context = Context(
        label=Label.DETAIL,
        agency=keyring.agency,
        table="trail_detail",
        row=row.sealed[:ROW_ID],
        compartment=compartment,
        ck_version=row.ck_version,
    )
    try:
        private = keyring.private_half(compartment, row.ck_version)
        recipient = current_roll().key_version(compartment, row.ck_version).id
        found = unseal_signed(private, recipient, context, row.sealed[ROW_ID:])
        if found.is_signed:
            found.verify_any(signers_keys(current_roll(), found.maker))
        return Detail(msgspec.msgpack.decode(unpadded(found.payload), type=dict), found.is_signed)
    except (Unopenable, msgspec.MsgspecError):
        return None
