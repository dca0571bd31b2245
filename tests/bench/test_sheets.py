"""Bringing in services from a CSV through every step of the pages, against plaintext rows by the ORM."""

from __future__ import annotations

import csv
import io
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Date, Integer, LargeBinary, MetaData, String, select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db, new_id
from shelter.rules.services import service_book
from shelter.services.models import Service
from shelter.sheets import actions, queries
from shelter.sheets.actions import BRING_TOO, BringIn, Match
from shelter.sheets.kinds import KINDS
from tests.bench import crowd
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row
from tests.factories.agency import World
from tests.factories.sheets import English

pytestmark = pytest.mark.bench
PEOPLE = 1_000
PORTION = 4_096
HEADINGS = ["Code", "Service", "Date", "Minutes", "Times", "Note"]


class PlainBase(DeclarativeBase):
    """Tables of the peer, which no migration knows."""

    metadata = MetaData()


PlainService: Any = type(
    "PlainService",
    (PlainBase,),
    {
        "__tablename__": "bench_plain_service",
        "id": mapped_column(LargeBinary(16), primary_key=True),
        "client_id": mapped_column(LargeBinary(16), index=True),
        "what": mapped_column(String(40)),
        "on": mapped_column(Date),
        "by": mapped_column(LargeBinary(16)),
        "minutes": mapped_column(Integer, nullable=True),
        "times": mapped_column(Integer),
        "words": mapped_column(String(1000)),
    },
)


@pytest.fixture
def count(full: bool) -> int:
    return 100_000 if full else 10_000


def _file(codes: list[str], count: int) -> bytes:
    draw, known, today = random.Random(4), list(service_book().services), agency_today()
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    for _ in range(count):
        day = today - timedelta(days=draw.randrange(600))
        said = "Went along and waited with her" if draw.random() < 0.5 else ""
        rows.writerow([draw.choice(codes), draw.choice(known), day.isoformat(), draw.randrange(5, 180), 1, said])
    return text.getvalue().encode()


def test_bringing_in_services_from_a_csv(world: World, ledger: Ledger, database_kind: str, count: int) -> None:
    actor = world.actor("supervisor")
    crowd.lay_down(actor, world.sites["north"], list(crowd.invented(PEOPLE)))
    clients = {code: client for code, client in db.session.execute(select(Client.code, Client.id))}  # noqa: C416
    content = _file(sorted(clients), count)
    clock: Callable[[], float] = Cpu(db.engine)
    clock = clock if isinstance(clock, Cpu) and clock.counts_the_database else time.perf_counter
    ours = _timed(lambda: _ours(world, content), clock)
    assert db.session.query(Service).count() == count
    db.session.remove()
    peer = _timed(lambda: _peer(actor.id, clients, content), clock)
    name = f"import of {count:,} services from CSV, {database_kind}: / ORM add_all"
    how = "sent, staged sealed, matched, checked, brought in with facts and trail; against reading it and add_all"
    note = f"{how}; {clock.note if isinstance(clock, Cpu) else 'wall'}"
    row = ledger.add(Row(name, ours, peer, ours / peer, 1.0, "lower", "s", 1, note))
    assert row.passes


def _timed(call: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    call()
    return clock() - start


def _ours(world: World, content: bytes) -> None:
    actor = world.actor("supervisor")
    coming = actions.take_in(actor, "services", io.BytesIO(content))
    headings = queries.waiting(actor, coming).table.headings
    actions.match(actor, Match(coming, tuple(queries.guessed(KINDS["services"], headings, {}))))
    actions.bring_in(actor, BringIn(coming, English(), BRING_TOO))


def _peer(by: bytes, clients: dict[str, bytes], content: bytes) -> None:
    PlainBase.metadata.create_all(db.engine)
    with Session(db.engine) as session:
        part: list[Any] = []
        for line in csv.DictReader(io.StringIO(content.decode())):
            part.append(
                PlainService(
                    id=new_id(),
                    client_id=clients[line["Code"]],
                    what=line["Service"],
                    on=date.fromisoformat(line["Date"]),
                    by=by,
                    minutes=int(line["Minutes"]),
                    times=int(line["Times"]),
                    words=line["Note"],
                )
            )
            if len(part) == PORTION:
                _put(session, part)
                part = []
        _put(session, part)
        session.commit()


def _put(session: Session, part: list[Any]) -> None:
    session.add_all(part)
    session.flush()
    session.expunge_all()
