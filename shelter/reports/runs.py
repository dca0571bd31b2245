"""What sources told anew and nobody has folded yet: whether all of it is there, and whether it may replace anything.

Of some kinds the count outlives its record: a request that was turned away goes by the clock, a goal with her words.
Where a part that may have held such counts is lost, nobody can tell them again; that is given up by a person, not
by a fold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from shelter.db import db
from shelter.db.inbox import ANEW, FIRST, GIVES_UP, LAID_OVER, Fact
from shelter.erasing.models import Erasure
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports.ledger import Batch, lost, opened, shelf_of, shelved
from shelter.rules.clock import now
from shelter.trail.models import Trail

OUTLIVE = frozenset({"turned_away", "goal"})
"""Kinds whose records may go before the count: what stands of them stays, whatever is told anew."""
_YOUNGEST = timedelta(days=365)
"""The least that an agency may set for requests that were turned away (limits.toml, `request_years`)."""


@dataclass(frozen=True, slots=True)
class Run:
    """One telling, by its origin: its facts, and the rows of the inbox they came in.

    `expected` is the number that closes it, -1 where that is missing.
    """

    origin: str
    facts: Sequence[Fact]
    rows: Sequence[bytes]
    kinds: frozenset[str]
    told_at: int
    expected: int
    gives_up: bool

    @property
    def is_whole(self) -> bool:
        return self.expected == len(self.facts) and all(fact.origin == self.origin for fact in self.facts)


def runs(actor: Actor, kind: Kind) -> list[Run]:
    """Those whose batches open, in the order in which they were told."""
    found: dict[bytes, list[Batch]] = {}
    for batch in opened(actor, kind=kind, anew=True):
        found.setdefault(batch.row[: len(FIRST) + 8], []).append(batch)
    return sorted((run for batches in found.values() for run in _run_of(batches)), key=lambda run: run.told_at)


def _run_of(batches: Sequence[Batch]) -> Iterator[Run]:
    told = [fact for batch in batches for fact in batch.facts]
    closing = [fact for fact in told if fact.what == ANEW]
    facts = [fact for fact in told if fact.what != ANEW]
    if told:
        values = closing[0].values if len(closing) == 1 else {}
        yield Run(
            origin=(closing or facts)[0].origin,
            facts=facts,
            rows=[batch.row for batch in batches],
            kinds=frozenset(f"{values.get('kinds', '')} {values.get(LAID_OVER, '')}".split()),
            told_at=closing[0].version if closing else 0,
            expected=int(values.get("count", -1)),
            gives_up=values.get(GIVES_UP) == 1,
        )


def may_replace(actor: Actor, run: Run, kind: Kind) -> bool:
    """Whether nothing that can be told by nobody is dropped by it, or somebody has given that up."""
    if run.gives_up or not _may_be_gone(run.kinds & OUTLIVE):
        return True
    broken = shelved(actor, shelf_of(actor, run.origin, kind)).broken
    return not broken and run.origin not in lost(actor, kind)


def _may_be_gone(kinds: frozenset[str]) -> bool:
    return ("turned_away" in kinds and _purged()) or ("goal" in kinds and _words_erased())


def _purged() -> bool:
    """Whether the clock has purged anything, in an agency that is old enough for a request to be over."""
    purged = db.session.scalar(select(Trail.seq).where(Trail.act == "purged").limit(1))
    first = db.session.scalar(select(Trail.at).order_by(Trail.seq).limit(1))
    return purged is not None and first is not None and first < now() - _YOUNGEST


def _words_erased() -> bool:
    done = select(Erasure.id).where(Erasure.scope == "narrative", Erasure.state == "done").limit(1)
    return db.session.scalar(done) is not None
