"""Disclosure control: the catalogue in its time, an attacker who finds nothing, and how much stays visible."""

from __future__ import annotations

import time

import pytest

from shelter.reports import actions, queries
from shelter.reports.actions import Publish, publish
from shelter.reports.catalogue import REPORTS
from shelter.reports.ways import ALL_SITES, AS_ASKED, ways_of
from shelter.rules.broken import Broken
from shelter.rules.disclosure.attack import possible_ranges
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.protect import protect
from shelter.rules.disclosure.table import ProtectedTable
from tests.bench.ledger import Ledger, Row
from tests.bench.taus import hidden_by_it, rows_of
from tests.factories.agency import World
from tests.factories.reports import Q3
from tests.reports.test_catalogue import told
from tests.rules.disclosure.attackers import next_lowest
from tests.rules.disclosure.tables import drawn, plain

pytestmark = pytest.mark.bench
MOST = 120.0
"""Seconds that a director may wait for a whole quarter."""


def test_the_whole_quarterly_catalogue(world: World, ledger: Ledger) -> None:
    """Every table by site and with all sites together, each protected and audited with all before."""
    told(world, 3_000)
    director = world.actor("director")
    while actions.fold_inbox(director):
        pass
    tables = [
        (report, way, ways_of(report)[way](queries.counted(director, report.code, Q3)[0]))
        for way in (AS_ASKED, ALL_SITES)
        for report in REPORTS.values()
        if way in ways_of(report)
    ]
    start, released = time.process_time(), 0
    for report, way, _ in tables:
        try:
            publish(director, Publish(report.code, Q3, way))
            released += 1
        except Broken:
            continue
    ours = time.process_time() - start
    frames = [rows_of(table) for _, _, table in tables]
    start = time.process_time()
    for frame in frames:
        if len(frame):
            hidden_by_it(frame, DEFAULT_K)
    theirs = time.process_time() - start
    name = f"quarterly catalogue for 3,000 people, {len(tables)} tables"
    note = f"{released} released, linked, audited and sealed; peer: pytauargus, each table alone, no audit"
    ledger.add(Row(name, ours, theirs, ours / theirs, 1.0, "lower", "s", len(tables), note))
    ledger.add(Row(name, ours, MOST, ours / MOST, 1.0, "lower", "s", len(tables), "peer: two minutes"))
    assert ours < MOST


def test_no_hidden_cell_is_narrowed_and_as_many_stay_visible(ledger: Ledger, full: bool) -> None:
    families = 1_000 if full else 60
    narrowed = theirs = unaudited = visible = peer = 0
    for seed in range(families):
        table = drawn(plain(4, 4), 120 + 10 * (seed % 20), seed)
        ours = protect(table, DEFAULT_K).protected
        narrowed += _narrow(ours)
        theirs += _narrow(ProtectedTable.of(table, next_lowest(table, DEFAULT_K), DEFAULT_K))
        pattern = hidden_by_it(rows_of(table), DEFAULT_K)
        unaudited += _narrow(ProtectedTable.of(table, pattern, DEFAULT_K))
        visible += ours.cell_count - ours.hidden_count
        # At equal safety: what the audit objects to in its pattern is hidden as well.
        mended = protect(table, DEFAULT_K, forced=pattern).protected
        peer += mended.cell_count - mended.hidden_count
    name, cells = "hidden cells narrowed below k", "cells"
    ledger.add(Row(name, narrowed, theirs, narrowed / theirs, 0.0, "lower", cells, families, "peer: next-lowest rule"))
    ratio = narrowed / unaudited if unaudited else 0.0
    ledger.add(Row(name, narrowed, unaudited, ratio, 0.0, "lower", cells, families, "peer: pytauargus, not audited"))
    note = "peer: pytauargus after the same audit"
    row = ledger.add(Row("cells kept visible", visible, peer, visible / peer, 0.95, "higher", cells, families, note))
    assert narrowed == 0
    assert theirs > 0
    assert row.passes, row


def _narrow(table: ProtectedTable) -> int:
    return sum(high - low < DEFAULT_K - 1 for low, high in possible_ranges(table).values())
