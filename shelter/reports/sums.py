"""What a report counts, kept between counts, so that one more fact recounts one person.

Counts are sealed under the data key of facts and kept in this worker's memory only: neither on the disk nor open. They
stand for segments as they were; what was folded since and what waits is laid over them person by person. Whatever
is more than a few people, joins two records or begins a new generation is counted whole.
"""

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

import msgspec
from sqlalchemy import select

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import Key
from shelter.crypto.plaintext import padded, unpadded
from shelter.db import db, deks
from shelter.db.inbox import GONE, SAME, Fact
from shelter.db.keyring import keyring_of
from shelter.db.packed import Segment
from shelter.db.segments import Shelf
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports import ledger
from shelter.reports.catalogue import Quarter, Report
from shelter.reports.columns import facts_in, part_of
from shelter.reports.counting import Row, rows_of
from shelter.reports.parts import newest, of_people, place_of
from shelter.reports.standing import Standing, standing
from shelter.reports.touching import touching
from shelter.rules.broken import Broken
from shelter.settings.servicelist import service_list

MOST = 24
"""Segments that are looked into for those of whom something new is told, before all is counted anew."""
KEPT = 1024


class _State(msgspec.Struct, array_like=True, frozen=True):
    """Segments of one source: how many are settled, a digest of which ones, and the number of the last young one.

    Whoever settles writes all of them; a new one in the place of one that was set aside has an id of its own.
    """

    count: int
    settled: bytes
    lowest: int

    def is_settled_otherwise(self, now: "_State") -> bool:
        return self.settled != now.settled or self.lowest < now.lowest


class _Sums(msgspec.Struct, array_like=True):
    of: dict[bytes, _State]
    generation: int
    same: dict[bytes, bytes]
    counts: list[tuple[str, str, int]]


_sums = msgspec.msgpack.Decoder(_Sums)


class _Kept:
    """Sealed sums by a digest of what they are of; the longest unused goes first."""

    def __init__(self) -> None:
        self._held: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, name: bytes) -> bytes | None:
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
            return self._held.get(name)

    def put(self, name: bytes, sealed: bytes) -> None:
        with self._lock:
            self._held[name] = sealed
            while len(self._held) > KEPT:
                self._held.popitem(last=False)


_kept = _Kept()


class Counting:
    """One count of one report, for whoever may open facts."""

    def __init__(self, actor: Actor, report: Report, quarter: Quarter, sites: Sequence[str]) -> None:
        self._actor, self._report, self._quarter, self._sites = actor, report, quarter, sites
        self._shelves: list[Shelf] = []
        self._of: dict[bytes, _State] = {}

    def counts(self) -> Counter[Row]:
        """How many stand in each row. Raises Broken where a segment does not open."""
        if ledger.lost(self._actor, Kind.FACTS):
            raise Broken("reports.ledger-broken")
        waiting = ledger.waiting_facts(self._actor)  # first: what is folded meanwhile is then met twice, not never
        self._shelves = ledger.shelves(self._actor, Kind.FACTS)
        self._of = _states(self._shelves)
        sums = self._known() or self._whole()
        found = self._later(sums, {}, waiting) if sums else None
        if sums is None or found is None or self._has_moved():
            return self._count(ledger.columns(self._actor))
        return +found

    def _has_moved(self) -> bool:
        """Whether somebody folded while this was counted."""
        return _states(ledger.shelves(self._actor, Kind.FACTS)) != self._of

    def _known(self) -> _Sums | None:
        """What was kept, carried on to the segments of now; None where it is of others."""
        sums = self._open()
        if sums is None or sums.of.keys() != self._of.keys():
            return None
        if any(one.is_settled_otherwise(self._of[scope]) for scope, one in sums.of.items()):
            return None
        since = [
            fact
            for shelf in self._shelves
            for fact in self._facts(shelf, range(self._of[shelf.scope].lowest, sums.of[shelf.scope].lowest))
        ]
        if not since:
            return sums
        later = self._later(sums, {scope: one.lowest for scope, one in sums.of.items()}, since)
        return None if later is None else self._keep(later, sums.generation, sums.same)

    def _whole(self) -> _Sums | None:
        """Everything counted; None where segments of the first format say nothing of whom they hold."""
        found = ledger.everything(self._actor)
        if found.broken:
            raise Broken("reports.ledger-broken")
        if found.loose:
            return None
        whole = ledger.standing_of(found)
        return self._keep(self._count(whole), whole.generation, whole.same)

    def _later(self, sums: _Sums, lowest: dict[bytes, int], told: list[Fact]) -> Counter[Row] | None:
        """The counts with what was told later; None where that changes more than a few people.

        `lowest` is where the young segments end that the sums are of, where that is not the end.
        """
        found = Counter({(category, site): count for category, site, count in sums.counts})
        if not told:
            return found
        if any(fact.what in (SAME, GONE) or fact.generation != sums.generation for fact in told):
            return None
        counted_as = {sums.same.get(fact.person, fact.person) for fact in told}
        people = counted_as | {person for person, other in sums.same.items() if other in counted_as}
        before = self._told_of(people, lowest)
        if before is None or any(fact.generation != sums.generation for fact in before):
            return None
        found.subtract(self._count(_standing(before)))
        found.update(self._count(_standing([*before, *told])))
        return found

    def _told_of(self, people: set[bytes], lowest: dict[bytes, int]) -> list[Fact] | None:
        """All that segments hold of these people; None where those are too many."""
        numbers = {one.scope: self._places(one, people) for one in self._shelves}
        if sum(map(len, numbers.values())) > MOST:
            return None
        found: list[Fact] = []
        for shelf in self._shelves:
            until = lowest.get(shelf.scope, self._of[shelf.scope].lowest)
            told = self._facts(shelf, numbers[shelf.scope] | set(range(until, 0)), people)
            found += told
        return found

    def _places(self, shelf: Shelf, people: Iterable[bytes]) -> set[int]:
        count = self._of[shelf.scope].count
        return {place_of(person, count) for person in people} if count else set()

    def _facts(self, shelf: Shelf, numbers: Iterable[int], people: set[bytes] | None = None) -> list[Fact]:
        wanted = frozenset(numbers)
        if not wanted:
            return []
        found = ledger.shelved(self._actor, shelf, Segment.no.in_(wanted))
        if found.broken:
            raise Broken("reports.ledger-broken")
        parts = [*found.settled, *found.young, part_of(found.loose)]
        return [fact for part in parts for fact in facts_in(of_people(part, people) if people else part)]

    def _count(self, found: Standing) -> Counter[Row]:
        facts = touching(self._report, found, self._quarter).facts()
        return Counter(rows_of(self._report, facts, self._quarter, self._sites))

    # -- sealed, in memory ------------------------------------------------------

    def _keep(self, counts: Counter[Row], generation: int, same: dict[bytes, bytes]) -> _Sums:
        told = [(category, site, count) for (category, site), count in sorted(counts.items()) if count]
        sums = _Sums(self._of, generation, same, told)
        if self._shelves and not self._has_moved():
            keyring, shelf = keyring_of(self._actor), self._shelves[0]
            found = deks.standing(keyring, [shelf.subject], shelf.compartment).get(shelf.scope)
            if found is not None:
                raw = padded(msgspec.msgpack.encode(sums))
                _kept.put(self._name(), Key(found.key, found.id).seal(self._context(shelf), raw))
        return sums

    def _open(self) -> _Sums | None:
        sealed = _kept.get(self._name())
        if sealed is None or not self._shelves:
            return None
        keyring, shelf = keyring_of(self._actor), self._shelves[0]
        try:
            dek = deks.to_open(keyring, shelf.subject, shelf.compartment, sealed)
            return _sums.decode(unpadded(Key(dek.key, dek.id).unseal(self._context(shelf), sealed)))
        except Unopenable:
            return None

    def _name(self) -> bytes:
        areas = {code: one.area for code, one in service_list().services.items()}
        named = (keyring_of(self._actor).agency, self._report.code, str(self._quarter), list(self._sites), areas)
        return hashlib.sha256(msgspec.msgpack.encode(named)).digest()[:16]

    def _context(self, shelf: Shelf) -> Context:
        return Context(
            label=Label.SEGMENT,
            agency=keyring_of(self._actor).agency,
            table="sums",
            row=self._name(),
            section=shelf.store,
            subject_kind=shelf.kind,
            subject=shelf.scope,
            compartment=shelf.compartment,
            version=1,
        )


def _standing(facts: Sequence[Fact]) -> Standing:
    return standing([], newest(part_of(facts)))


def _states(shelves: Sequence[Shelf]) -> dict[bytes, _State]:
    """How the segments of each shelf stand."""
    query = (
        select(Segment.scope_id, Segment.no, Segment.id, Segment.version)
        .where(Segment.store == Kind.FACTS.value, Segment.scope_id.in_([shelf.scope for shelf in shelves]))
        .order_by(Segment.no)
    )
    found: dict[bytes, list[tuple[int, bytes, int]]] = {}
    for scope, no, segment, version in db.session.execute(query):
        found.setdefault(scope, []).append((no, segment, version))
    return {scope: _state(segments) for scope, segments in found.items()}


def _state(segments: Sequence[tuple[int, bytes, int]]) -> _State:
    settled = [one for one in segments if one[0] >= 0]
    digest = hashlib.sha256(msgspec.msgpack.encode(settled)).digest()
    return _State(len(settled), digest, min(0, segments[0][0]))
