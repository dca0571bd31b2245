"""What those who are at work notice of a renewal of keys, of a backup, of a second host and of two hundred colleagues.

Under the server that `run-server` starts, by the clock, as it is waiting that people notice.
"""

from __future__ import annotations

import os
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from shelter.accounts import actions as accounts
from shelter.db.keyring import keyring_of
from shelter.policy.kinds import Kind
from shelter.rules import clock
from shelter.stewards import actions, backing_up, renewing
from tests.bench import crowd
from tests.bench.ledger import Ledger, Row
from tests.bench.test_renewal import lay_down
from tests.factories.agency import World
from tests.factories.clients import named
from tests.hosts.conftest import Hosts, database_url, environment, hosts
from tests.support.command import Visitor

__all__ = ["database_url", "environment", "hosts"]
pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]
WHO = ("caseworker", "caseworker_two", "supervisor", "desk")


def quantile(times: list[float], hundredth: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[hundredth - 1]


@dataclass
class Shift:
    """People at work: each asks, waits, asks again; every answer that is none is an error."""

    visitors: list[Visitor]
    code: str
    seed: int = 11
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    written: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, people: int, seconds: float, pause: float) -> list[float]:
        """Eighty of a hundred requests read; returns milliseconds."""
        self.times, end = [], time.monotonic() + seconds
        threads = [threading.Thread(target=self._one, args=(one, end, pause)) for one in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.times

    def _one(self, number: int, end: float, pause: float) -> None:
        luck = Random(self.seed * 1000 + number)
        mine = self.visitors[number % len(self.visitors)]
        visitor = Visitor(mine.url, mine.opener)
        time.sleep(luck.uniform(0, min(pause, 5)))
        while time.monotonic() < end:
            self._ask(visitor, luck)
            time.sleep(luck.uniform(0, 2 * pause))

    def _ask(self, visitor: Visitor, luck: Random) -> None:
        writes = luck.randrange(5) == 4
        began = time.perf_counter()
        try:
            if writes:
                token = visitor.token("/notices")
                began = time.perf_counter()
                status = self.write(visitor, token, str(luck.random()))
            else:
                status = visitor.get(luck.choice(["/people", f"/people/{self.code}", "/"]))[0]
        except (OSError, AssertionError) as error:
            status = 0
            self.errors.append(repr(error))
        took = (time.perf_counter() - began) * 1000
        with self._lock:
            self.times.append(took)
            self.written += writes
            if status not in (200, 204, 403, 404):
                self.errors.append(str(status))

    def write(self, visitor: Visitor, token: str, words: str) -> int:
        """What one who writes sends; the status of the answer."""
        return visitor.post("/drafts?page=/people/new", token, words=words)[0]


@contextmanager
def meanwhile(db: Any, job: Callable[[], object]) -> Iterator[None]:
    """The job again and again in a process of its own, until the block ends."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        os.setsid()
        try:
            while True:
                job()
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.fixture
def shift(hosts: Hosts, db: Any) -> Shift:
    code = named(hosts.world, "Oksana Melnyk", called="Oksana")
    db.session.remove()
    return Shift([hosts.sign_in(who) for who in WHO], code)


def test_while_keys_are_renewed_and_while_a_backup_is_made(
    shift: Shift, hosts: Hosts, world: World, ledger: Ledger, full: bool, db: Any, tmp_path: Path, database_kind: str
) -> None:
    people = 20_000 if full else 1_500
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], crowd.invented(people))
    (where,) = keyring_of(world.actor("supervisor")).held_of(Kind.ADVOCACY)
    lay_down(world, where, 200_000 if full else 8_000)

    def renew() -> None:
        renewing.begin(world.actor("supervisor"))
        renewing.go_on(world.actor("supervisor"), 0.5)
        time.sleep(0.2)

    def back_up() -> None:
        backing_up.back_up(tmp_path / "backups", clock.now(), {"pepper": "00"}, timedelta(days=1))

    seconds = 60.0 if full else 7.0
    quiet = shift.work(4, seconds, 0.1)
    for name, job in (("keys are renewed", renew), ("a backup is made", back_up)):
        if job is renew:
            somebody_leaves(world)
        with meanwhile(db, job):
            during = shift.work(4, seconds, 0.1)
        said = f"p95 of pages while {name} / without ({database_kind})"
        add(ledger, said, quantile(during, 95), quantile(quiet, 95), 1.5, len(during))
    assert not shift.errors


def somebody_leaves(world: World) -> None:
    accounts.dismiss(world.actor("administrator"), world.members["stranger"].id)
    actions.unbind_colleague(world.actor("steward"), world.members["stranger"].id)


def add(ledger: Ledger, name: str, ours: float, peer: float, limit: float | None, n: int, note: str = "clock") -> Row:
    better = "lower" if limit is None or limit < 10 else "higher"
    return ledger.add(Row(name, ours, peer, ours / peer, limit, better, "ms", n, note))


@pytest.mark.postgres
def test_two_hosts_beside_one(shift: Shift, hosts: Hosts, ledger: Ledger, full: bool) -> None:
    seconds = 60.0 if full else 6.0
    one = len(shift.work(8, seconds, 0.0)) / seconds
    shift.visitors = [Visitor(hosts.urls[at % 2], each.opener) for at, each in enumerate([*shift.visitors] * 2)]
    two = len(shift.work(8, seconds, 0.0)) / seconds
    cores = os.cpu_count() or 1
    note = f"requests/s by the clock; {cores} cores for both hosts, PostgreSQL and those who ask"
    limit = 1.8 if cores >= 8 else None
    ledger.add(Row("two web hosts / one, requests a second", two, one, two / one, limit, "higher", "1/s", 8, note))
    assert not shift.errors


@pytest.mark.postgres
def test_two_hundred_people_beside_twenty(shift: Shift, ledger: Ledger, full: bool) -> None:
    seconds = 600.0 if full else 12.0
    few = shift.work(20, seconds, 10.0 if full else 2.0)
    many = shift.work(200, seconds, 10.0)
    note = f"clock; {shift.written} of {len(few) + len(many)} requests write; {len(shift.errors)} errors"
    add(ledger, "p99 of 200 people at work / 20", quantile(many, 99), quantile(few, 99), 3.0, len(many), note)
    assert not shift.errors
