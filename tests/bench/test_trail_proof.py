"""Proving the whole trail, beside reading the same rows and hashing their bytes: the least that any proof costs."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shelter.db.bulk import insert_many
from shelter.db.sections import Write
from shelter.db.transaction import write_transaction
from shelter.rules.clock import now
from shelter.trail.chain import Link
from shelter.trail.proof import head, prove
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row
from tests.factories.agency import World

pytestmark = pytest.mark.bench
LINK = ("seq", "prev", "hash", "at", "actor_id", "act", "clause", "detail_hash")
SUBJECT = ("seq", "client_id")
WRITE = ("seq", "no", "table_name", "row_id", "section", "version", "digest")
TABLES = {"trail": LINK, "trail_subject": SUBJECT, "trail_write": WRITE}


def lay_down(world: World, number: int) -> None:
    """As many links as are asked for: each about somebody, every fifth writes a section."""
    last = head()
    assert last is not None
    seq, prev, at, who = last.seq, last.hash, now() - timedelta(days=1), world.members["caseworker"].id
    rows: dict[str, list[Any]] = {name: [] for name in TABLES}
    for place in range(number):
        seq += 1
        client = os.urandom(16)
        written = [Write("client", os.urandom(16), "identity", 1, os.urandom(32))] if place % 5 == 4 else []
        link = Link(seq, prev, at, who, "clients:read", "caseworker:assigned", None, [client], written)
        digest = link.hash()
        rows["trail"].append((seq, prev, digest, at, who, link.act, link.clause, None))
        rows["trail_subject"].append((seq, client))
        rows["trail_write"] += [(seq, 0, w.table, w.row_id, w.section, w.version, w.digest) for w in written]
        prev = digest
    with write_transaction() as session:
        for name, columns in TABLES.items():
            found = rows[name]
            if session.get_bind().dialect.name == "sqlite":
                found = [tuple(f"{one:%Y-%m-%d %H:%M:%S.%f}" if one is at else one for one in row) for row in found]
            insert_many(name, columns, found)


def bare(db: Any) -> int:
    """The peer: the same rows from the same database, their bytes through one SHA-256."""
    digest, count = hashlib.sha256(), 0
    for name, columns in TABLES.items():
        order = "seq, client_id" if name == "trail_subject" else ", ".join(columns[:1])
        found = db.session.execute(text(f"select {', '.join(columns)} from {name} order by {order}"))
        for row in found.yield_per(2000):
            digest.update(b"".join(one if isinstance(one, bytes) else str(one).encode() for one in row))
            count += name == "trail"
    return count


def test_the_whole_trail_is_proved(world: World, ledger: Ledger, database_kind: str, full: bool, db: Any) -> None:
    number = 1_000_000 if full else 20_000
    lay_down(world, number)
    clock, ours, peer = Cpu(db.engine), [], []
    for _ in range(1 if full else 3):
        start = clock()
        assert prove().links >= number
        ours.append(clock() - start)
        start = clock()
        assert bare(db) >= number
        peer.append(clock() - start)
    ratio = sorted(a / b for a, b in zip(ours, peer, strict=True))[len(ours) // 2]
    note = f"{number / min(ours):,.0f} links a second; {clock.note}"
    name = f"proof of the trail / reading and hashing the same rows ({database_kind})"
    assert ledger.add(Row(name, min(ours), min(peer), ratio, 5.0, "lower", "s", number, note)).passes
