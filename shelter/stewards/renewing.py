"""Renewing a compartment's key after somebody left: a new version, then every data key wrapped again, in slices.

The next member who works here does it, a slice inside each of her own requests; anybody who holds the key may
go on where she stopped. Sections and segments are not touched: only the wrap of a data key names the version.
"""

import time
from typing import Any

from sqlalchemy import bindparam, column, delete, select, update
from sqlalchemy.orm import aliased

from shelter.crypto.compartments import dek_context, new_compartment_key
from shelter.db import Base, db, deks
from shelter.db.deks import WRAPS, Dek
from shelter.db.keyring import Keyring, keyring_of
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyVersion
from shelter.db.roll import current_roll
from shelter.db.transaction import write_transaction
from shelter.policy.actor import Actor
from shelter.stewards.marks import marked
from shelter.stewards.membership import proved_key
from shelter.stewards.versions import enact
from shelter.trail.record import recorded, serialise

SLICE = 0.5
"""Seconds of her request that a slice takes at most; a terminal command goes on to the end."""
PORTION = 400
"""Data keys of one short transaction, so that nobody who saves meanwhile waits for long."""
_MOST_LOST = 200


def mine_to_begin(actor: Actor) -> frozenset[bytes]:
    """Marked compartments of which she is a member and holds the newest key."""
    found, roll, keyring = marked(), current_roll(), keyring_of(actor)
    return frozenset(
        one for one in found if actor.id in roll.members(one) and keyring.has(one, roll.newest_version(one).version)
    )


def begin(actor: Actor) -> int:
    """Makes the new version of each of them; returns how many."""
    return sum(_begin(actor, compartment) for compartment in sorted(mine_to_begin(actor)))


def _begin(actor: Actor, compartment_id: bytes) -> bool:
    """One transaction: the signed version, her own copy, and a grant to each active member and the kit."""
    with recorded(actor, "key-renewal-begun") as unit:
        serialise()
        keyring = keyring_of(actor)
        if compartment_id not in mine_to_begin(actor):  # a colleague was faster
            unit.act = "key-renewal-left-to-another"
            return False
        old = proved_key(keyring, current_roll(), compartment_id)
        new = new_compartment_key(compartment_id, old.version + 1)
        enact(actor, new, keyring.private_halves(compartment_id))
        compartment = db.session.get_one(Compartment, compartment_id)
        unit.detail["compartment"], unit.detail["version"] = compartment.kind, new.version
    keyring.reload()
    return True


def unfinished(actor: Actor) -> list[tuple[bytes, int, int]]:
    """(compartment, older version, newest) for each older version that is not retired and that she can go on with."""
    keyring, roll = keyring_of(actor), current_roll()
    living = select(KeyVersion.compartment_id, KeyVersion.version).where(KeyVersion.retired.is_(False))
    rows = db.session.execute(living.order_by(KeyVersion.compartment_id, KeyVersion.version)).all()
    older = [(one, version, roll.newest.get(one, 0)) for one, version in rows if version < roll.newest.get(one, 0)]
    return [(one, v, newest) for one, v, newest in older if keyring.has(one, v) and keyring.has(one, newest)]


def go_on(actor: Actor, seconds: float | None = SLICE) -> int:
    """Wraps data keys again until the time is up or nothing is left, and retires what none names; returns how many.

    `None` for `seconds` goes on to the end.
    """
    ends, done = None if seconds is None else time.monotonic() + seconds, 0
    for compartment, old, newest in unfinished(actor):
        lost: set[bytes] = set()
        while moved := _portion(actor, compartment, old, newest, lost):
            done += moved
            if ends is not None and time.monotonic() >= ends:
                return done
        if not lost:
            _retire(actor, compartment, old)
    return done


def _portion(actor: Actor, compartment: bytes, old: int, newest: int, lost: set[bytes]) -> int:
    """One short transaction: some data keys of an older version, wrapped by the newest; returns how many.

    A wrap that does not open stays as it is and is named in `lost`: with the old version it may be mended from a
    backup, so that version stays too, for `doctor` to name.
    """
    keyring, named = keyring_of(actor), (KeyDek.compartment_id == compartment) & (KeyDek.ck_version == old)
    with write_transaction():
        query = select(*WRAPS).where(named).limit(PORTION + len(lost)).with_for_update(skip_locked=True)
        rows = [row for row in db.session.execute(query) if row.id not in lost]
        opened = [(row, deks.unwrapped(keyring, row)) for row in rows]
        lost.update(row.id for row, dek in opened if dek is None)
        again = [_again(keyring, row, dek, newest) for row, dek in opened if dek is not None]
        if again:
            _write(again, newest)
    return len(again) if len(lost) < _MOST_LOST else 0


def _again(keyring: Keyring, row: Any, dek: Dek, newest: int) -> dict[str, bytes]:
    """One data key under the newest version. It seals nothing any more, whoever made it: its epoch is over."""
    context = dek_context(
        keyring.agency, row.subject_kind, row.subject_id, row.compartment_id, row.id, newest, public=False
    )
    return {"row": row.id, "again": deks.wrapper(keyring, row.compartment_id, newest).seal(context, dek.key)}


def _write(again: list[dict[str, bytes]], newest: int) -> None:
    statement = update(Base.metadata.tables["key_dek"]).where(column("id") == bindparam("row"))
    db.session.connection().execute(statement.values(sealed=bindparam("again"), wrap="ck", ck_version=newest), again)


def _retire(actor: Actor, compartment: bytes, version: int) -> None:
    """Retires a version in the transaction that finds no data key naming it.

    Whoever has the newest key loses the old one with it; a colleague who has still to take it in does so then.
    """
    if _is_named(compartment, version):
        return
    with recorded(actor, "key-version-retired") as unit:
        row = db.session.get_one(KeyVersion, (compartment, version), populate_existing=True, with_for_update=True)
        if _is_named(compartment, version):  # made by somebody who had begun before the renewal
            unit.act = "key-version-still-named"
            return
        row.retired = True
        _forget(compartment, version)
        unit.detail["version"] = version


def _forget(compartment: bytes, version: int) -> None:
    newer = aliased(KeyGrant)
    has_newer = select(newer.id).where(
        newer.compartment_id == compartment,
        newer.version > version,
        newer.member_id == KeyGrant.member_id,
        (newer.wrap == "uk") | (newer.member_kind == "kit"),
    )
    old = (KeyGrant.compartment_id == compartment) & (KeyGrant.version == version) & has_newer.exists()
    db.session.execute(delete(KeyGrant).where(old).execution_options(synchronize_session=False))


def _is_named(compartment: bytes, version: int) -> bool:
    named = select(KeyDek.id).where(KeyDek.compartment_id == compartment, KeyDek.ck_version == version)
    return db.session.scalar(named.limit(1)) is not None
