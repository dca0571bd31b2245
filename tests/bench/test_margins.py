"""The ledger of facts: unduplicated counts beside plaintext peers, one fact in a large ledger beside a small one."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

import polars as pl
import pytest

from shelter.db import db
from shelter.db.inbox import emit
from shelter.reports import ledger as facts
from shelter.reports import queries
from shelter.reports.folding import fold
from shelter.trail.record import recorded
from tests.bench import margins
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World
from tests.factories.reports import Q3
from tests.support.postgres import Server

pytestmark = pytest.mark.bench
ROUNDS = 9


def fill(world: World, count: int) -> list[margins.Coded]:
    """So many services in sealed segments."""
    services = margins.drawn(count, list(world.sites.values()))
    with recorded(world.actor("supervisor"), "told"):
        emit(world.actor("supervisor"), services)
    _fold(world)
    return services


def _fold(world: World) -> None:
    director = world.actor("director")
    with recorded(director, "folded"):
        while fold(director):
            pass


def test_seven_unduplicated_margins(world: World, ledger: Ledger, full: bool, postgres_server: Server) -> None:
    count = 1_000_000 if full else 10_000
    services = fill(world, count)
    with closing(margins.Postgres(postgres_server, services)) as server:
        _beside_peers(world, ledger, server, margins.in_polars(services), count)


def _beside_peers(world: World, ledger: Ledger, server: margins.Postgres, frame: pl.DataFrame, count: int) -> None:
    director = world.actor("director")
    ways = (server.distinct, server.distinct_first, server.sets)
    best = min(ways, key=_took)
    ours, theirs = margins.counted(facts.columns(director)), margins.counted_by_polars(frame)
    assert ours == [dict(one.iter_rows()) for one in theirs]
    cpu, note = (
        Cpu(db.engine, server.backend),
        f"PostgreSQL GROUP BY, best of three ways ({best.__name__}); CPU of both",
    )
    peers: list[tuple[str, Callable[[], object], float, Callable[[], float]]] = [
        (note, best, 0.4, cpu),
        # It counts on all cores at once, which is its merit.
        ("polars over plaintext Arrow in memory", lambda: margins.counted_by_polars(frame), 3.0, time.perf_counter),
    ]
    for note, peer, limit, clock in peers:
        found = paired(lambda: margins.counted(facts.columns(director)), peer, rounds=ROUNDS, clock=clock)
        name = f"seven unduplicated margins over {count:,} service facts"
        ledger.add(Row(name, found.ours, found.peer, found.ratio, limit, "lower", "s", ROUNDS, f"peer: {note}"))


def _took(call: Callable[[], object]) -> float:
    call()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def test_one_fact_written_and_counted(world: World, ledger: Ledger, full: bool) -> None:
    few, many = (10_000, 1_000_000) if full else (1_000, 10_000)
    fill(world, few)
    small = _one(world)
    fill(world, many - few)
    large = _one(world)
    name = f"one fact written and counted in a ledger of {many:,}"
    ledger.add(Row(name, large, small, large / small, 1.2, "lower", "s", 3, f"peer: in a ledger of {few:,}"))


def _one(world: World) -> float:
    supervisor, director, took = world.actor("supervisor"), world.actor("director"), []
    for _ in range(3):
        start = time.process_time()
        with recorded(supervisor, "told"):
            emit(supervisor, margins.drawn(1, list(world.sites.values())))
        queries.counted(director, "services", Q3)
        took.append(time.process_time() - start)
    return min(took)
