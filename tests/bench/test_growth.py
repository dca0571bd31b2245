"""Lists do not get slower with the agency: a page among a hundred times as many clients, the first and deep."""

from __future__ import annotations

from contextvars import Context
from dataclasses import dataclass
from itertools import islice

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.agency import Site
from tests.bench import crowd
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World
from tests.factories.clients import Desk

pytestmark = pytest.mark.bench
AT_ONCE = 8
DATABASES = ("sqlite",)


@dataclass
class Walk:
    """One caseworker's list: its first page, and one that begins in the middle of all her clients."""

    desk: Desk
    middle: str

    def __call__(self) -> None:
        for _ in range(AT_ONCE // 2):
            for url in ("/people", f"/people?after={self.middle}"):
                assert Context().run(self.desk.browser.get, url).status_code == 200


def test_a_page_among_many_costs_what_it_costs_among_few(app: Flask, world: World, ledger: Ledger, full: bool) -> None:
    few, many = (10_000, 1_000_000) if full else (1_000, 100_000)
    db.session.execute(update(Site).values(open_to_caseworkers=True))
    db.session.commit()
    people = crowd.invented(few + many)
    crowd.lay_down(world.actor("stranger"), world.sites["south"], islice(people, few))
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], people)
    middle = {name: _middle(world.sites[name]) for name in ("north", "south")}
    db.session.remove()
    ours = Walk(Desk(app, world, "caseworker"), middle["north"])
    peer = Walk(Desk(app, world, "stranger"), middle["south"])
    cpu = Cpu(db.engine)
    pair = paired(ours, peer, rounds=9, clock=cpu)
    milli = 1e3 / AT_ONCE
    row = Row(
        f"list page at {many:,} clients / at {few:,}",
        pair.ours * milli,
        pair.peer * milli,
        pair.ratio,
        1.2,
        "lower",
        "ms",
        pair.rounds,
        f"first and middle page in one database of {few + many:,}; {cpu.note}",
    )
    assert ledger.add(row).passes


def _middle(site: bytes) -> str:
    """The code in the middle of a site's clients."""
    count = db.session.scalar(select(func.count()).where(Client.site_id == site)) or 0
    query = select(Client.code).where(Client.site_id == site).order_by(Client.code).offset(count // 2).limit(1)
    return db.session.scalars(query).one()
