"""Folding what waits in the inbox into segments, in two levels; what counts never changes by it.

What was taken in lately lies in small segments that are written once, numbered down from -1. When much lies there, all
of a source is settled: of each source the newest fact, a person's facts whole in one segment, which follows from her
pseudonym and from how many segments there are. So that a fact is written again a few times in its life, however
many there are. A segment that does not open is set aside and stops nothing.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

import msgspec
from sqlalchemy import delete, func, select

from shelter.db import db
from shelter.db.inbox import GONE, Fact
from shelter.db.packed import Inbox, Segment
from shelter.db.segments import Shelf, change, drop, lowest_no, next_no, put_new, set_aside
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports.columns import YOUNG, Part, facts_in, part_of, written
from shelter.reports.ledger import AT_ONCE, Batch, Shelved, aside, opened, shelf_of, shelved, shelves, waiting_facts
from shelter.reports.parts import ENTRIES, but_kinds, divided, enough, joined, newest, of_people
from shelter.reports.runs import OUTLIVE, Run, may_replace, runs

LATELY = 2048
"""Facts that lie in young segments before they are settled; in a large ledger one in SHARE of it, about."""
SHARE = 64
MOST_YOUNG = 48
"""Young segments of one source that are settled however little lies in them."""
PIECE = 4096
"""Facts in one young segment."""
SLICE = 0.8
"""Seconds of opening inside one slice of folding."""
WHERE_SHE_WAS = frozenset({"service", "goal", "closing", "money", "matter", "paper", "opening"})
"""Facts whose site is hers when they were told; those of a house have a site of their own."""
_PG_LOCK = 0x464C44


def fold(actor: Actor, kind: Kind = Kind.FACTS) -> int:
    """Moves what waits in the inbox into segments, in the caller's transaction, for a slice of time.

    Returns how many batches were folded; a later call goes on where this one stopped.
    """
    one_at_a_time()
    anew = _told_anew(actor, kind)
    taken = _taken(actor, kind)
    facts = [fact for batch in taken for fact in batch.facts]
    for origin in sorted({fact.origin for fact in facts}):
        shelf = shelf_of(actor, origin, kind)
        _put_young(actor, shelf, [fact for fact in facts if fact.origin == origin])
        _settle_if_much(actor, shelf)
    db.session.execute(delete(Inbox).where(Inbox.id.in_([batch.row for batch in taken])))
    return len(taken) + anew


def one_at_a_time() -> None:
    """Two at once would number alike. SQLite's write lock is held already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_PG_LOCK)))


def _taken(actor: Actor, kind: Kind) -> list[Batch]:
    """A slice of what waits.

    What says that somebody was erased waits until the whole inbox holds nothing else, so that nothing of hers is
    folded after it: a slice ends with something else, or with the inbox.
    """
    until = time.monotonic() + SLICE
    erasing, others = list[Batch](), list[Batch]()
    for batch in opened(actor, kind=kind):
        (erasing if _gone(batch.facts) else others).append(batch)
        if others and (len(others) == AT_ONCE or time.monotonic() > until):
            break
    return others or _erased(actor, erasing, kind)


def _erased(actor: Actor, erasing: list[Batch], kind: Kind) -> list[Batch]:
    """Takes out whom these tell of; nothing of them is left to fold. What waits of a telling and names them goes as a
    whole: a part of it would never count, and the source tells it again.
    """
    if not erasing:
        return []
    gone = frozenset.union(*(_gone(batch.facts) for batch in erasing))
    for shelf in shelves(actor, kind):
        _take_out(actor, shelf, gone)
    waits = (run.rows for run in runs(actor, kind) if any(fact.person in gone for fact in run.facts))
    return [Batch(row, []) for row in chain((batch.row for batch in erasing), *waits)]


def _told_anew(actor: Actor, kind: Kind) -> int:
    """Replaces what sources told by what they told anew, where all of it is here; how many batches that took.

    It goes before all else, and whoever tells anew keeps others from folding: what came meanwhile still waits. A
    telling of the same source of which something is missing is over with it.
    """
    told = runs(actor, kind)
    whole = [run for run in told if run.is_whole and may_replace(actor, run, kind)]
    for run in whole:
        _replace(actor, shelf_of(actor, run.origin, kind), run, kind)
    over = {run.origin for run in whole}
    done = [row for run in told if run.origin in over for row in run.rows]
    db.session.execute(delete(Inbox).where(Inbox.id.in_(done)))
    return len(done)


def _replace(actor: Actor, shelf: Shelf, run: Run, kind: Kind) -> None:
    """Its kinds as they were told anew; what else opens stays, and what says that something was deleted."""
    found = shelved(actor, shelf)
    set_aside(shelf, found.broken, aside(shelf.store))
    old = newest(joined([*found.settled, *found.young, part_of(found.loose)]))
    told = _where_she_was(run.facts, newest(joined([old, part_of(waiting_facts(actor, kind))])))
    _write_all(actor, shelf, newest(joined([but_kinds(old, run.kinds - OUTLIVE), part_of(told)])))
    drop(replace(shelf, store=aside(shelf.store)))


def _where_she_was(told: Iterable[Fact], before: Part) -> list[Fact]:
    """What was told before keeps its site: whoever tells anew knows only where she is today."""
    hung = (fact for fact in facts_in(before) if fact.what in WHERE_SHE_WAS)
    sites = {fact.source: fact.values["site"] for fact in hung if "site" in fact.values}
    return [
        msgspec.structs.replace(fact, values=fact.values | {"site": sites[fact.source]})
        if fact.source in sites and fact.values
        else fact
        for fact in told
    ]


def _gone(facts: Iterable[Fact]) -> frozenset[bytes]:
    """Pseudonyms of those who were erased."""
    return frozenset(fact.person for fact in facts if fact.what == GONE)


def _take_out(actor: Actor, shelf: Shelf, gone: frozenset[bytes]) -> None:
    """Everything is looked through: what is erased must not hang on where it should lie."""
    found = shelved(actor, shelf)
    parts = [*found.settled, *found.young, part_of(found.loose)]
    if found.broken or any(_tells_of(part, gone) for part in parts):
        _settle(actor, shelf, found, gone)


def _tells_of(part: Part, people: frozenset[bytes]) -> bool:
    return len(of_people(part, people).persons) > 0


def _put_young(actor: Actor, shelf: Shelf, facts: Sequence[Fact]) -> None:
    """Written once, below all that are there."""
    lowest = lowest_no(shelf)
    for start in range(0, len(facts), PIECE):
        lowest -= 1
        put_new(actor, shelf, lowest, written(part_of(facts[start : start + PIECE]), YOUNG))


def _settle_if_much(actor: Actor, shelf: Shelf) -> None:
    lately = shelved(actor, shelf, Segment.no < 0)
    much = max(LATELY, next_no(shelf) * ENTRIES // (2 * SHARE))
    if sum(len(part.persons) for part in lately.young) >= much or len(lately.young) >= MOST_YOUNG or lately.broken:
        _settle(actor, shelf, shelved(actor, shelf))


def _settle(actor: Actor, shelf: Shelf, found: Shelved, gone: frozenset[bytes] = frozenset()) -> None:
    """Everything of a shelf resolved, divided anew and written, but what is gone."""
    set_aside(shelf, found.broken, aside(shelf.store))
    whole = newest(joined([*found.settled, *found.young, part_of(found.loose)]))
    if gone:
        whole = of_people(whole, gone, others=True)
    _write_all(actor, shelf, whole)


def _write_all(actor: Actor, shelf: Shelf, whole: Part) -> None:
    stored = next_no(shelf)
    for no, part in divided(whole, enough(whole, stored)):
        _write(actor, shelf, no, written(part))
    drop(shelf, Segment.no < 0)


def _write(actor: Actor, shelf: Shelf, no: int, content: bytes) -> None:
    if not change(actor, shelf, no, lambda _: content):
        put_new(actor, shelf, no, content)
