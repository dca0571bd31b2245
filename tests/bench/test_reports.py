"""Reports: what sealing costs a funder's file, the catalogue in its time, and an attacker who finds nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import msgspec
import pytest

from shelter.db import new_id
from shelter.db.inbox import RECORD, Coded, emit
from shelter.funders.records import assembled
from shelter.policy.kinds import Kind
from shelter.reports import actions
from shelter.reports import ledger as facts
from shelter.reports.actions import Publish, publish
from shelter.reports.catalogue import REPORTS
from shelter.rules.apr import Period, Records, compute
from shelter.rules.apr.records import Enrollment, Income, Leaving, Person, Project
from shelter.rules.broken import Broken
from shelter.rules.disclosure.attack import possible_ranges
from shelter.rules.disclosure.protect import protect
from shelter.rules.disclosure.table import ProtectedTable
from shelter.trail.record import recorded
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World
from tests.factories.reports import Q3, mixed, tell
from tests.rules.disclosure.attackers import next_lowest
from tests.rules.disclosure.tables import drawn, plain

pytestmark = pytest.mark.bench
YEAR = Period(date(2024, 10, 1), date(2025, 9, 30))
K = 11
NO_PEER = "its peer is not installed"


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


def test_a_caper_from_sealed_records_against_the_same_in_memory(world: World, ledger: Ledger, full: bool) -> None:
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
    found = paired(
        lambda: compute(assembled(preparer), YEAR, "fy2026", "caper"),
        lambda: compute(plain_records, YEAR, "fy2026", "caper"),
        rounds=3,
    )
    note = f"peer: the same rules over records in memory; pandas: {NO_PEER}"
    name = f"CAPER of {count:,} enrollments from the sealed ledger"
    ledger.add(Row(name, found.ours, found.peer, found.ratio, None, "lower", "s", 3, note))


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
        while facts.fold(world.actor("preparer"), Kind.EXACT):
            pass


def test_the_whole_quarterly_catalogue_is_protected_within_two_minutes(world: World, ledger: Ledger) -> None:
    tell(world, *mixed(3_000))
    director = world.actor("director")
    while actions.fold_inbox(director):
        pass
    start, released = time.process_time(), 0
    for report in REPORTS.values():
        try:
            publish(director, Publish(report.code, Q3, "as-asked"))
            released += 1
        except Broken:
            continue
    took = time.process_time() - start
    note = f"{released} of {len(REPORTS)} tables, linked; peer: two minutes; pytauargus: {NO_PEER}"
    ledger.add(Row("quarterly catalogue for 3,000 people", took, 120.0, took / 120, 1.0, "lower", "s", released, note))
    assert took < 120


def test_no_hidden_cell_is_narrowed_below_k(ledger: Ledger, full: bool) -> None:
    families = 1_000 if full else 60
    ours = theirs = 0
    for seed in range(families):
        table = drawn(plain(4, 4), 120 + 10 * (seed % 20), seed)
        ours += _narrow(protect(table, K).protected)
        theirs += _narrow(ProtectedTable.of(table, next_lowest(table, K), K))
    note = "peer: the next-lowest rule"
    ledger.add(Row("hidden cells narrowed below k", ours, theirs, ours / theirs, 0.0, "lower", "cells", families, note))
    assert ours == 0
    assert theirs > 0


def _narrow(table: ProtectedTable) -> int:
    return sum(high - low < K - 1 for low, high in possible_ranges(table).values())
