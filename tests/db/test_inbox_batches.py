"""However many and however long exact records are, each batch fits into one sealed message and all of them arrive."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from shelter.db import db, new_id
from shelter.db.inbox import RECORD, Coded, emit
from shelter.db.packed import Inbox
from shelter.policy.kinds import Kind
from shelter.reports.folding import fold
from shelter.reports.ledger import current
from shelter.trail.record import recorded
from tests.factories.agency import World


@pytest.mark.parametrize(("count", "length"), [(2500, 500), (12, 200_000), (5000, 0)])
def test_many_long_records_arrive_in_batches_that_fit(world: World, count: int, length: int) -> None:
    supervisor, preparer = world.actor("supervisor"), world.actor("preparer")
    coded = [
        Coded(
            client=new_id(),
            table="imported_rows",
            row=new_id(),
            section="person",
            origin=Kind.ADVOCACY,
            version=1,
            what="person",
            values={RECORD: "x" * length},
        )
        for _ in range(count)
    ]
    with recorded(supervisor, "told"):
        emit(supervisor, coded, into=Kind.EXACT)
    assert (db.session.scalar(select(func.count()).select_from(Inbox)) or 0) > 1
    assert len(current(preparer, Kind.EXACT)) == count
    with recorded(preparer, "folded"):
        while fold(preparer, Kind.EXACT):
            pass
    assert len(current(preparer, Kind.EXACT)) == count
