"""What sealing costs a funder's file: beside the same rules in memory, and beside pandas over plaintext."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from shelter.db import new_id
from shelter.db.inbox import RECORD, Coded, emit
from shelter.funders.records import assembled
from shelter.policy.kinds import Kind
from shelter.reports.folding import fold
from shelter.rules.apr import Period, Records, compute
from shelter.rules.apr.records import Enrollment, Income, Leaving, Person, Project
from shelter.trail.record import recorded
from tests.bench import pandas_caper
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World

pytestmark = pytest.mark.bench
YEAR = Period(date(2024, 10, 1), date(2025, 9, 30))


def enrolled(count: int) -> Iterator[tuple[bytes, Person, Enrollment]]:
    draw = Random(5)
    for at in range(count):
        entry = YEAR.first + timedelta(days=draw.randrange(330))
        asked = Income(day=entry, stage=1, any_income=1, total=draw.randrange(200_000), sources=frozenset({"Earned"}))
        left = Leaving(day=entry + timedelta(days=draw.randrange(200)), destination=draw.choice((410, 101, 312, 8)))
        person = Person(id=str(at), born=date(draw.randrange(1950, 2020), 5, 1), born_quality=1, veteran=0)
        stay = Enrollment(
            id=str(at), person=str(at), project="p", household=str(at), entry=entry, relationship=1,
            leaving=draw.choice((left, None)), income=(asked,),
        )  # fmt: skip
        yield new_id(), person, stay


def test_a_caper_from_sealed_records(world: World, ledger: Ledger, full: bool, tmp_path: Path) -> None:
    count = 100_000 if full else 5_000
    people = list(enrolled(count))
    _seal(world, people)
    plain_records = Records(
        people={person.id: person for _, person, _ in people},
        enrollments=tuple(stay for _, _, stay in people),
        projects={"p": Project(id="p", name="P", kind=0)},
    )
    preparer = world.actor("preparer")
    assert len(assembled(preparer).enrollments) == count
    name, rules = f"CAPER of {count:,} enrollments from the sealed ledger", "the same rules over records in memory"
    csv = pandas_caper.written(tmp_path, plain_records)
    peers: list[tuple[str, Callable[[], object]]] = [
        (rules, lambda: compute(plain_records, YEAR, "fy2026", "caper")),
        (pandas_caper.SAYS, lambda: pandas_caper.counted(csv, YEAR)),
    ]
    for note, peer in peers:
        found = paired(lambda: compute(assembled(preparer), YEAR, "fy2026", "caper"), peer, rounds=3)
        ledger.add(Row(name, found.ours, found.peer, found.ratio, None, "lower", "s", 3, f"peer: {note}"))


def _coded(client: bytes, what: str, record: msgspec.Struct, more: dict[str, str | int]) -> Coded:
    return Coded(
        client=client,
        table="imported_rows",
        row=client,
        section=what,
        origin=Kind.ADVOCACY,
        version=1,
        what=what,
        values={RECORD: msgspec.json.encode(record).decode(), **more},
    )


def _seal(world: World, people: list[tuple[bytes, Person, Enrollment]]) -> None:
    coded = [_coded(new_id(), "project", Project(id="p", name="P", kind=0), {"project": "p"})]
    for client, person, stay in people:
        coded.append(_coded(client, "person", person, {}))
        coded.append(_coded(client, "enrollment", msgspec.structs.replace(stay, id="", person=""), {}))
    with recorded(world.actor("supervisor"), "told"):
        emit(world.actor("supervisor"), coded, into=Kind.EXACT)
    with recorded(world.actor("preparer"), "folded"):
        while fold(world.actor("preparer"), Kind.EXACT):
            pass
