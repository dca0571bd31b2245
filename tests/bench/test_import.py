"""Bringing in many clients of twenty sealed fields and a directory, and the room they take, against plaintext."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from shelter.db import db
from shelter.db.sections import Write, note_writes
from shelter.trail.record import recorded
from tests.bench import crowd, plain_tables
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row
from tests.factories.agency import World

pytestmark = pytest.mark.bench


@pytest.fixture
def count(full: bool) -> int:
    return 100_000 if full else 10_000


def _timed(call: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    call()
    return clock() - start


def _need_trigrams(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        query = text("select count(*) from pg_available_extensions where name = 'pg_trgm'")
        if not connection.execute(query).scalar_one():
            pytest.skip("this PostgreSQL comes without pg_trgm; Debian's has it")


def test_bringing_in_many_clients_and_the_room_they_take(
    world: World, ledger: Ledger, database_kind: str, count: int
) -> None:
    _need_trigrams(db.engine)
    site, actor = world.sites["north"], world.actor("caseworker")
    people = list(crowd.invented(count))
    db.session.execute(text("select 1"))
    clock = Cpu(db.engine)
    clock = clock if clock.counts_the_database else time.perf_counter
    room = _room(db.engine)
    ours = _timed(lambda: crowd.lay_down(actor, site, people, search=True), clock)
    our_room = _room(db.engine) - room
    core = _timed(lambda: _core(people, site), clock)
    _trail(people)
    peer_room = _room(db.engine) - room - our_room
    _gone()
    orm = _timed(lambda: _orm(people, site), clock)
    name = f"import of {count:,} clients, {database_kind}"
    how = "19 sealed fields (14 filled), desk card, directory and trail"
    told = f"{how}; one round after another; {_note(clock)}"
    core_limit, orm_limit = (None, None) if _is_sqlite() else (1.5, 0.8)  # the peer is pg_trgm
    rows = (
        Row(f"{name}: / Core insert and trigram index", ours, core, ours / core, core_limit, "lower", "s", 1, told),
        Row(f"{name}: / ORM add_all", ours, orm, ours / orm, orm_limit, "lower", "s", 1, told),
        Row(
            f"database size of {count:,} clients, {database_kind}",
            our_room / 2**20,
            peer_room / 2**20,
            our_room / peer_room,
            1.6,
            "lower",
            "MiB",
            1,
            f"{how}, against columns, their trigram index and the same trail",
        ),
    )
    for row in rows:
        ledger.add(row)
    assert [row.name for row in rows if not row.passes] == []


def _note(clock: object) -> str:
    return clock.note if isinstance(clock, Cpu) else "wall"


def _core(people: list[crowd.Invented], site: bytes) -> None:
    plain_tables.PlainBase.metadata.create_all(db.engine)
    with db.engine.begin() as connection:
        for start in range(0, len(people), crowd.PORTION):
            rows = [plain_tables.values(one, site) for one in people[start : start + crowd.PORTION]]
            connection.execute(insert(plain_tables.table()), rows)
    plain_tables.index(db.engine)


def _trail(people: list[crowd.Invented]) -> None:
    """What the trail keeps of the same writes: the twin has one too."""
    for start in range(0, len(people), crowd.PORTION):
        part = people[start : start + crowd.PORTION]
        with recorded(None, "laid-down"):
            note_writes([Write("client", one.id, name, 1, bytes(32)) for one in part for name in ("identity", "card")])


def _orm(people: list[crowd.Invented], site: bytes) -> None:
    plain_tables.PlainBase.metadata.create_all(db.engine)
    with Session(db.engine) as session:
        for start in range(0, len(people), crowd.PORTION):
            part = people[start : start + crowd.PORTION]
            session.add_all(plain_tables.PlainClient(**plain_tables.values(one, site)) for one in part)
            session.flush()
            session.expunge_all()
        session.commit()
    plain_tables.index(db.engine)


def _gone() -> None:
    with db.engine.begin() as connection:
        connection.execute(text("drop table if exists bench_trgm" if _is_sqlite() else "select 1"))
        plain_tables.PlainBase.metadata.drop_all(connection)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _room(engine: Engine) -> int:
    """Bytes of the database's pages, indexes and all."""
    db.session.remove()
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            return int(connection.execute(text("select pg_database_size(current_database())")).scalar_one())
        pages = int(connection.execute(text("pragma page_count")).scalar_one())
        free = int(connection.execute(text("pragma freelist_count")).scalar_one())
        return (pages - free) * int(connection.execute(text("pragma page_size")).scalar_one())
