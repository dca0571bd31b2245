"""Finding somebody by name in the sealed directory, against pg_trgm over plaintext and against opening row by row."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice

import pytest
from sqlalchemy import select

from shelter.clients import directory
from shelter.clients.models import IDENTITY, Client, Identity, client_subject
from shelter.db import db, new_id
from shelter.db.batch import open_each
from shelter.db.sections import SealedRow
from shelter.policy.actor import Actor
from shelter.rules.names import read_name
from shelter.trail.record import recorded
from tests.bench import crowd, names
from tests.bench.clocks import of_process
from tests.bench.ledger import Ledger, Row
from tests.bench.trigrams import MOST, Trigrams
from tests.factories.agency import World
from tests.support.postgres import Server

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not names.LISTS.is_dir(), reason="the lists of popular names are not here (SHELTER_SHARED)"),
]
DATABASES = ("sqlite",)
ROWS = 1_000


class Sealed:
    """Our side: names in the sealed directory of a real agency, found as a search does."""

    def __init__(self, world: World, people: list[tuple[str, ...]]) -> None:
        self.world = world
        self.places: dict[bytes, int] = {}
        with recorded(None, "laid-down"):
            directory.keep_many(world.actor("supervisor"), self._identities(people))

    def _identities(self, people: list[tuple[str, ...]]) -> Iterator[tuple[bytes, Identity]]:
        for place, spoken in enumerate(people):
            client = new_id()
            self.places[client] = place
            yield client, Identity(legal_name=spoken[0], aliases=list(spoken[1:]))

    def searcher(self) -> Callable[[str], list[int]]:
        """One person's search, with her keys unwrapped afresh."""
        actor = self.world.actor("supervisor")
        return lambda words: [self.places[hit.client_id] for hit in directory.by_name(actor, words)[:MOST]]


class Tally:
    """Times and finds of one side."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.meant = self.found = 0

    def ask(self, find: Callable[[str], list[int]], asked: names.Asked, clock: Callable[[], float]) -> list[int]:
        start = clock()
        found = find(asked.words)
        self.times.append((clock() - start) * 1e3)
        return found

    def judge(self, people: list[tuple[str, ...]], asked: names.Asked, found: list[int]) -> None:
        """Found where she, or somebody of the very same name, is among the first twenty."""
        if asked.target is None:
            return
        hers = {names.same_name(name) for name in people[asked.target]}
        self.meant += 1
        self.found += any(names.same_name(name) in hers for place in found for name in people[place])

    @property
    def recall(self) -> float:
        return self.found / self.meant

    def at(self, percent: int) -> float:
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1]


def test_a_name_is_found_in_the_sealed_directory(
    world: World, ledger: Ledger, full: bool, postgres_server: Server
) -> None:
    count, of_each = (1_000_000, 100) if full else (100_000, 15)
    people = names.people(count)
    asked = names.queries(people, of_each)
    sealed, peer = Sealed(world, people), Trigrams(postgres_server, people, asked[:20])
    mine, theirs = _ask_both(sealed, peer, people, asked)
    note = f"CPU; recall {mine.recall:.3f} against {theirs.recall:.3f}; pg_trgm's {peer.index} index"
    rows = [
        Row(f"name search of {count:,}: p{percent} / pg_trgm", a, b, a / b, limit, "lower", "ms", len(asked), note)
        # The targets are of a million people; fewer are only reported, as the fixed cost of ranking weighs more then.
        for percent, limit in ((50, 1.0 if full else None), (95, 0.5 if full else None))
        for a, b in ((mine.at(percent), theirs.at(percent)),)
    ]
    recall = mine.recall / theirs.recall
    name = f"name search of {count:,}: recall / pg_trgm"
    rows.append(Row(name, mine.recall, theirs.recall, recall, 1.0, "higher", "share", mine.meant, "first twenty"))
    one_by_one = _row_by_row(world) * count * 1e3
    name, ratio = f"name search of {count:,}: p50 / row by row", mine.at(50) / one_by_one
    note = f"CPU; every identity opened and compared, scaled from {ROWS:,}"
    rows.append(Row(name, mine.at(50), one_by_one, ratio, 0.05, "lower", "ms", len(asked), note))
    peer.close()
    for row in rows:
        ledger.add(row)
    assert [row.name for row in rows if not row.passes] == []


def _ask_both(
    sealed: Sealed, peer: Trigrams, people: list[tuple[str, ...]], asked: list[names.Asked]
) -> tuple[Tally, Tally]:
    """Each query on both sides, the first one alternating; the CPU time of everybody who works for an answer."""
    ours, clock = sealed.searcher(), of_process(peer.backend)
    for one in asked[:5]:
        ours(one.words), peer(one.words)
    mine, theirs = Tally(), Tally()
    for number, one in enumerate(asked):
        sides = ((ours, mine), (peer, theirs))
        for find, tally in sides if number % 2 else sides[::-1]:
            tally.judge(people, one, tally.ask(find, one, clock))
    return mine, theirs


def _row_by_row(world: World) -> float:
    """Seconds for each client when every identity is opened and its names compared."""
    actor = world.actor("supervisor")
    crowd.lay_down(actor, world.sites["north"], islice(crowd.invented(ROWS), ROWS))
    wanted = frozenset(read_name("Xiaoling Zhang").tokens)
    start = time.process_time()
    _compare_all(actor, wanted)
    return (time.process_time() - start) / ROWS


def _compare_all(actor: Actor, wanted: frozenset[str]) -> int:
    query = select(Client.id, Client.identity, Client.identity_version)
    rows = [
        SealedRow(row.id, client_subject(row.id), row.identity_version, row.identity)
        for row in db.session.execute(query)
    ]
    opened = open_each(actor, rows, IDENTITY).values
    return sum(
        wanted <= frozenset(read_name(name).tokens)
        for identity in opened
        if identity is not None
        for name in directory.names_of(identity)
    )
