"""What twenty people who sign in at once cost those who are at work, under the server that `make run` starts."""

from __future__ import annotations

import statistics
import threading
import time
from pathlib import Path

import pytest

from tests.bench.ledger import Ledger, Row
from tests.support.command import Running, Visitor, running

pytestmark = pytest.mark.bench
AT_ONCE = 20
QUIET_REQUESTS = 120
TRIES = 60
MOST_WAIT = 60.0  # seconds until the last of them is in


class Burst:
    """Twenty people, each trying again a second after a 503, as the answer asks."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.known = list(server.accounts().items())
        self.signed_in, self.turned_away, self.failed = 0, 0, 0
        self._count = threading.Lock()

    def run(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._one, args=(number,)) for number in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        return threads

    def _one(self, number: int) -> None:
        name, passphrase = self.known[number % len(self.known)]
        visitor = Visitor(self.server.url)
        for _ in range(TRIES):
            status, _page = visitor.sign_in(name, passphrase)
            if status != 503:
                break
            with self._count:
                self.turned_away += 1
            time.sleep(1)
        with self._count:
            if status == 200 and visitor.get("/sessions")[0] == 200:
                self.signed_in += 1
            else:
                self.failed += 1


def ask(visitor: Visitor, times: list[float]) -> None:
    start = time.perf_counter()
    assert visitor.get("/people")[0] == 200
    times.append((time.perf_counter() - start) * 1e3)


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[94]


def peak_mib(server: Running) -> float:
    """The most that any worker ever held in memory."""
    found = []
    for pid in server.workers():
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found.append(int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024)
    return max(found)


@pytest.mark.timeout(900)
def test_who_is_at_work_hardly_notices_twenty_who_sign_in(tmp_path: Path, ledger: Ledger) -> None:
    with running(tmp_path / "data") as server:
        at_work, who = Visitor(server.url), server.who_is("caseworker")
        assert at_work.sign_in(who, server.accounts()[who])[0] == 200
        quiet: list[float] = []
        for _ in range(QUIET_REQUESTS):
            ask(at_work, quiet)
        burst, during = Burst(server), list[float]()
        threads, end = burst.run(), time.monotonic() + MOST_WAIT
        while any(thread.is_alive() for thread in threads) and time.monotonic() < end:
            ask(at_work, during)
        for thread in threads:
            thread.join(timeout=30)
        memory = peak_mib(server)
    assert (burst.signed_in, burst.failed) == (AT_ONCE, 0)
    note = f"clock; {burst.turned_away} asked to come back; a worker held {memory:.0f} MiB at most"
    ours, peer = p95(during), p95(quiet)
    name = f"p95 of pages while {AT_ONCE} sign in / without them"
    row = ledger.add(Row(name, ours, peer, ours / peer, 5.0, "lower", "ms", len(during), note))
    assert row.passes
