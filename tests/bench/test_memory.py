"""A worker does not grow: its memory after many requests against after a few."""

from __future__ import annotations

import gc
from contextvars import Context
from pathlib import Path

import pytest
from flask import Flask

from shelter.db import db
from tests.bench import crowd
from tests.bench.ledger import Ledger, Row
from tests.factories.agency import World
from tests.factories.clients import Desk

pytestmark = pytest.mark.bench
DATABASES = ("sqlite",)
SOME = 60


def _resident() -> float:
    """MiB that this process holds in memory now."""
    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kib) / 1024


def test_a_worker_does_not_grow(app: Flask, world: World, ledger: Ledger, full: bool) -> None:
    few, many = (1_000, 10_000) if full else (400, 2_000)
    people = list(crowd.invented(SOME))
    crowd.lay_down(world.actor("supervisor"), world.sites["north"], people, search=True)
    desk = Desk(app, world, "supervisor")
    db.session.remove()
    urls = ["/people", *(f"/people/{one.code}" for one in people)]

    def ask(count: int) -> None:
        for number in range(count):
            assert Context().run(desk.browser.get, urls[number % len(urls)]).status_code == 200

    ask(few)
    peer = _resident()
    ask(many - few)
    ours = _resident()
    name = f"memory of a worker after {many:,} requests / after {few:,}"
    note = "resident, lists and records in turn"
    assert ledger.add(Row(name, ours, peer, ours / peer, 1.1, "lower", "MiB", 1, note)).passes
