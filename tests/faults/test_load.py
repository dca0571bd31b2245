"""Two hundred people at two hosts, each a request every ten seconds, a fifth of them writing, for ten minutes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.bench.test_at_work import WHO, Shift, quantile
from tests.factories.clients import named
from tests.hosts.conftest import Hosts, database_url, hosts
from tests.support.command import Visitor

__all__ = ["database_url", "hosts"]
pytestmark = [pytest.mark.drill, pytest.mark.postgres, pytest.mark.timeout(1800)]
SECONDS, PEOPLE = 600.0, 200


def resident(process: int) -> int:
    """Kilobytes of a server and the processes it began."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    found = 0
    for pid in (str(process), *children):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found += next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
    return found


def test_ten_minutes_of_two_hundred_people(hosts: Hosts, db: Any) -> None:
    code = named(hosts.world, "Oksana Melnyk", called="Oksana")
    db.session.remove()
    visitors = [hosts.sign_in(who) for who in WHO]
    shift = Shift([Visitor(hosts.urls[at % 2], one.opener) for at, one in enumerate([*visitors] * 2)], code)
    shift.work(PEOPLE, 60.0, 10.0)
    before = [resident(one.pid) for one in hosts.processes]
    times = shift.work(PEOPLE, SECONDS, 10.0)
    after = [resident(one.pid) for one in hosts.processes]
    assert shift.errors == []
    assert shift.written > SECONDS
    assert all(then < earlier * 1.15 for then, earlier in zip(after, before, strict=True)), (before, after)
    assert prove().holds
    assert wrong_rows() == []
    print(f"{len(times)} requests, p99 {quantile(times, 99):.0f} ms")
