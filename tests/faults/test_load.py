"""Two hundred people at two hosts, each a request every ten seconds, a fifth of them writing, for ten minutes.

What was answered as written down is there afterwards, once, and opens. A sample of it runs in `make test`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from shelter.db.sections import open_rows, row_of
from shelter.desk.models import HOUSE_NOTE, HandOver
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.bench.test_at_work import WHO, Shift, quantile
from tests.factories.agency import World
from tests.factories.clients import named
from tests.hosts.conftest import Hosts, database_url, environment, hosts
from tests.support.command import Visitor

__all__ = ["database_url", "environment", "hosts"]
pytestmark = [pytest.mark.postgres, pytest.mark.timeout(1800)]
PEOPLE = 200


@dataclass
class Handing(Shift):
    """Who writes leaves a note for the next shift; `kept` are those that were answered as written."""

    site: str = ""
    kept: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def write(self, visitor: Visitor, token: str, words: str) -> int:
        words = f"{words} {next(self._numbers)}"
        status = visitor.post("/hand-over/new", token, site=self.site, house=words)[0]
        if status == 200:
            self.kept.append(words)
        return status


def notes(world: World, db: Any) -> list[str]:
    """What every note says, opened with a caseworker's keys."""
    rows = [row_of(one, HOUSE_NOTE) for one in db.session.scalars(select(HandOver))]
    opened = [note.words for note in open_rows(world.actor("caseworker"), rows, HOUSE_NOTE) if note is not None]
    assert len(opened) == len(rows)
    return opened


def resident(process: int) -> int:
    """Kilobytes of a server and the processes it began."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    found = 0
    for pid in (str(process), *children):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found += next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return found


def test_two_hundred_people_at_work(hosts: Hosts, db: Any, rounds: Callable[[int, int], int]) -> None:
    code = named(hosts.world, "Oksana Melnyk", called="Oksana")
    db.session.remove()
    visitors = [hosts.sign_in(who) for who in WHO]
    both = [Visitor(hosts.urls[at % 2], one.opener) for at, one in enumerate([*visitors] * 2)]
    shift = Handing(both, code, site=hosts.world.sites["north"].hex())
    shift.work(PEOPLE, rounds(2, 60), 10.0)
    before, written = [resident(one.pid) for one in hosts.processes], shift.written
    seconds = rounds(10, 600)
    times = shift.work(PEOPLE, seconds, 10.0)
    after = [resident(one.pid) for one in hosts.processes]
    assert shift.errors == []
    assert shift.written - written > seconds
    found = Counter(notes(hosts.world, db))
    assert set(shift.kept) <= set(found), "what was answered as written is there"
    assert set(found.values()) == {1}, "and once"
    if seconds > 60:
        assert all(then < earlier * 1.15 for then, earlier in zip(after, before, strict=True)), (before, after)
    assert prove().holds
    assert wrong_rows() == []
    print(f"{len(times)} requests, {len(shift.kept)} notes, p99 {quantile(times, 99):.0f} ms")
