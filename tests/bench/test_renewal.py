"""Renewing a compartment's key: all its data keys, against bare AES-GCM of as many messages in the same rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, column, func, select, update

from shelter.accounts import actions as accounts
from shelter.crypto.compartments import dek_context, new_dek
from shelter.db import Base, db
from shelter.db.bulk import insert_many
from shelter.db.deks import wrapper
from shelter.db.keyring import keyring_of
from shelter.db.keystore import Compartment, KeyDek
from shelter.db.transaction import write_transaction
from shelter.policy.kinds import Kind
from shelter.stewards import actions, renewing
from shelter.trail.record import recorded
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row
from tests.factories.agency import World

pytestmark = pytest.mark.bench
COLUMNS = ("id", "subject_kind", "subject_id", "compartment_id", "epoch", "wrap", "ck_version", "sealed")


def lay_down(world: World, where: bytes, number: int) -> None:
    """Data keys of as many subjects, wrapped by the compartment's first key."""
    keyring = keyring_of(world.actor("supervisor"))
    under, rows = wrapper(keyring, where, 1), []
    for _ in range(number):
        subject, dek_id = os.urandom(16), os.urandom(16)
        context = dek_context(keyring.agency, "client", subject, where, dek_id, 1, public=False)
        rows.append((dek_id, "client", subject, where, 1, "ck", 1, under.seal(context, new_dek())))
    with recorded(None, "laid-down"):
        insert_many("key_dek", COLUMNS, rows)


def bare(where: bytes, nonces: Iterator[int]) -> int:
    """The peer: each row's 32 bytes sealed by one AES-GCM object, committed in portions of the same size."""
    cipher, after, done = AESGCM(os.urandom(32)), b"", 0
    statement = update(Base.metadata.tables["key_dek"]).where(column("id") == bindparam("row"))
    while True:
        with write_transaction():
            named = (KeyDek.compartment_id == where) & (KeyDek.id > after)
            rows = db.session.scalars(select(KeyDek.id).where(named).order_by(KeyDek.id).limit(renewing.PORTION)).all()
            if not rows:
                return done
            again = [
                {"row": row, "again": cipher.encrypt(next(nonces).to_bytes(12, "big"), bytes(32), None)} for row in rows
            ]
            db.session.connection().execute(statement.values(sealed=bindparam("again")), again)
            after, done = rows[-1], done + len(rows)


def test_all_data_keys_of_a_compartment(world: World, ledger: Ledger, database_kind: str, full: bool, db: Any) -> None:
    number, nonces = 1_000_000 if full else 20_000, count(1)
    where = db.session.scalar(select(Compartment.id).where(Compartment.kind == Kind.ADVOCACY))
    lay_down(world, where, number)
    accounts.dismiss(world.actor("administrator"), world.members["caseworker_two"].id)
    actions.unbind_colleague(world.actor("steward"), world.members["caseworker_two"].id)
    renewing.begin(world.actor("supervisor"))
    clock = Cpu(db.engine)
    start = clock()
    moved = renewing.go_on(world.actor("supervisor"), None)
    ours = clock() - start
    assert moved >= number
    left = select(func.count()).select_from(KeyDek).where(KeyDek.compartment_id == where, KeyDek.ck_version == 1)
    assert db.session.scalar(left) == 0
    start = clock()
    assert bare(where, nonces) >= number
    peer = clock() - start
    ledger.add(
        Row(
            name=f"renewing a compartment's key ({database_kind})",
            ours=ours,
            peer=peer,
            ratio=ours / peer,
            limit=2.0,
            better="lower",
            unit="s",
            n=number,
            note=f"{number / ours:,.0f} data keys a second; {clock.note}",
        )
    )
