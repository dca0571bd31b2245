"""An HMIS export of many enrollments, against writing the same rows from plaintext with csv alone."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from typing import IO

import pytest
from sqlalchemy import text

from shelter.db import db
from shelter.exchange.out import export_hmis
from shelter.exchange.out.formats import columns_of
from tests.bench import crowd
from tests.bench.clocks import Cpu
from tests.bench.houses import beds_of, night, years_behind
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World

pytestmark = pytest.mark.bench
DATABASES = ("sqlite",)
BEDS = 250


def test_an_export_costs_little_more_than_writing_its_rows(world: World, ledger: Ledger, full: bool) -> None:
    count, today = (100_000 if full else 5_000), night(world)
    people = list(crowd.invented(count // 2))
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], people)
    years_behind(world.sites["north"], people, beds_of(world, "north", BEDS), count, today)
    db.session.remove()

    def ours() -> None:
        export_hmis(world.actor("supervisor"), io.BytesIO())

    _lay_plain(world)
    cpu = Cpu(db.engine)
    pair = paired(ours, lambda: _plainly(io.BytesIO()), rounds=3, clock=cpu)
    told = f"{len(people):,} people; the peer reads its rows from one plain table; {cpu.note}"
    row = Row(
        f"HMIS export of {count:,} enrollments / csv alone",
        pair.ours,
        pair.peer,
        pair.ratio,
        3.0,
        "lower",
        "s",
        pair.rounds,
        told,
    )
    ledger.add(row)
    small = _peak(world, people[: len(people) // 4])
    ledger.add(_memory(count, _peak(world, people), small))
    assert row.passes, row


def _lay_plain(world: World) -> None:
    """The rows of an export as somebody would have them who seals nothing."""
    target = io.BytesIO()
    export_hmis(world.actor("supervisor"), target)
    db.session.execute(text("create table if not exists bench_plain_rows (file text, cells text)"))
    with zipfile.ZipFile(target) as archive:
        for name in archive.namelist():
            rows = list(csv.reader(io.StringIO(archive.read(name).decode(), newline="")))[1:]
            cells = [{"file": name[:-4], "cells": json.dumps(row)} for row in rows]
            if cells:
                db.session.execute(text("insert into bench_plain_rows values (:file, :cells)"), cells)
    db.session.commit()


def _plainly(target: IO[bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for (name,) in db.session.execute(text("select distinct file from bench_plain_rows")).all():
            held = io.StringIO(newline="")
            writer = csv.writer(held)
            writer.writerow(columns_of(name))
            query = text("select cells from bench_plain_rows where file = :file")
            for (cells,) in db.session.execute(query, {"file": name}):
                writer.writerow(json.loads(cells))
            archive.writestr(f"{name}.csv", held.getvalue())
    db.session.rollback()


class _Nowhere(io.RawIOBase):
    """A target that keeps nothing, so that only the export's own memory is seen."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]


def _peak(world: World, people: list[crowd.Invented]) -> float:
    """MiB at the height of an export; with fewer people where their clients are set aside."""
    others = len(people)
    db.session.execute(text("update client set site_id = :south"), {"south": world.sites["south"]})
    for start in range(0, others, 500):
        ids = [one.id for one in people[start : start + 500]]
        marks = ", ".join(f":i{n}" for n in range(len(ids)))
        values = {f"i{n}": one for n, one in enumerate(ids)} | {"north": world.sites["north"]}
        db.session.execute(text(f"update client set site_id = :north where id in ({marks})"), values)
    db.session.commit()
    tracemalloc.start()
    export_hmis(world.actor("supervisor"), _Nowhere())  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


def _memory(count: int, large: float, small: float) -> Row:
    name = f"memory of an export, {count:,} enrollments / a quarter"
    return Row(
        name, large, small, large / small, None, "lower", "MiB", 1, "traced peak; ids and days grow, rows do not"
    )
