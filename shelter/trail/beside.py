"""What stands beside links of the trail: whom they are about, and which of them told somebody outside."""

from collections.abc import Collection, Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from shelter.db import db
from shelter.rules.oddities import TELLS
from shelter.trail.models import TrailSubject, TrailWrite

_FEW = 500


def people_of(seqs: Collection[int]) -> dict[int, set[bytes]]:
    """Whom each of these links is about; those about nobody are not in it."""
    people: dict[int, set[bytes]] = {}
    for seq, client in _of(seqs, select(TrailSubject.seq, TrailSubject.client_id), TrailSubject.seq):
        people.setdefault(seq, set()).add(client)
    return people


def told_by(seqs: Collection[int]) -> set[int]:
    """Those of these links that wrote down a disclosure."""
    query = select(TrailWrite.seq, TrailWrite.row_id).where(TrailWrite.table_name == TELLS)
    return {seq for seq, _ in _of(seqs, query, TrailWrite.seq)}


def _of(
    seqs: Collection[int], query: Select[int, bytes], column: InstrumentedAttribute[int]
) -> Iterator[tuple[int, bytes]]:
    """Few links are asked for by name, many by the stretch that they lie in."""
    wanted = frozenset(seqs)
    if not wanted:
        return
    condition = column.in_(wanted) if len(wanted) <= _FEW else column.between(min(wanted), max(wanted))
    for seq, value in db.session.execute(query.where(condition)):
        if seq in wanted:
            yield seq, value
