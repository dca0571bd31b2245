"""An advocate's day, every open date after a rule changed, a calendar of five hundred entries: each beside its peer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import msgspec
import pytest
from flask import Flask

from shelter.calendars import ics
from shelter.calendars import queries as calendars
from shelter.calendars.actions import make_address
from shelter.calendars.sealing import Entry, Marked
from shelter.clients.models import Assignment
from shelter.db import db, new_id
from shelter.db.batch import Opened
from shelter.db.sections import fill
from shelter.legal import reckoning
from shelter.legal.models import DATES, Dates, Due, Matter
from shelter.legal.queries import dates as date_queries
from shelter.legal.reckoning import Stamp
from shelter.rules.clock import now
from shelter.rules.deadlines import Facts, Rule, shipped_rules
from shelter.rules.holidays_federal import is_working_day
from shelter.trail.record import recorded
from tests.bench import crowd
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World
from tests.factories.clients import Desk

pytestmark = pytest.mark.bench
MATTERS, TODAY = 150, date(2026, 11, 27)
RULES = ("address.dhs", "asylum.filing", "t_visa.adjustment_closes", "board.appeal", "foia.answer", "sij.filing_age")
BORN = frozenset({"sij.filing_age"})


def open_date(draw: random.Random, by: bytes) -> Due:
    """A date that some rule counts to within the next year or so."""
    rule = draw.choice(RULES)
    trigger = TODAY - timedelta(days=draw.randrange(300))
    if rule in BORN:
        trigger = date(2006, 1, 1) + timedelta(days=draw.randrange(700))
    return reckoning.of_rule(rule, trigger, Facts(), Stamp(by, now(), TODAY), shipped_rules())


@pytest.fixture
def plain(world: World, full: bool) -> dict[bytes, bytes]:
    """The advocate's matters among many clients; their dates by matter as plain msgpack, for the twin."""
    people, draw = list(crowd.invented(100_000 if full else 3_000)), random.Random(5)
    actor, advocate = world.actor("legal_supervisor"), world.members["advocate"].id
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], people)
    kept = {}
    with recorded(actor, "laid-down"):
        for one in people[:MATTERS]:
            dates = Dates(type="t_visa", dates=[open_date(draw, advocate) for _ in range(4)])
            matter = Matter(client_id=one.id)
            fill(actor, matter, DATES, dates)
            db.session.add_all([matter, Assignment(client_id=one.id, staff_id=advocate, kind="legal")])
            kept[matter.id] = msgspec.msgpack.encode(dates)
    db.session.remove()
    return kept


@contextmanager
def reading(kept: dict[bytes, bytes]) -> Iterator[None]:
    """Inside, the page of the day reads the same structs from plain msgpack."""
    decode = msgspec.msgpack.Decoder(Dates, strict=False).decode

    def read(actor: object, rows: Any, section: object) -> Opened[Dates]:
        return Opened([decode(kept[row.row_id]) for row in rows], [])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(date_queries, "open_each", read)
        yield


def test_the_day_of_an_advocate_costs_little_more_than_over_plaintext(
    app: Flask, world: World, plain: dict[bytes, bytes], ledger: Ledger, database_kind: str
) -> None:
    desk = Desk(app, world, "advocate")

    def day() -> None:
        answer = Context().run(desk.browser.get, "/matters")
        assert answer.status_code == 200
        assert answer.text.count("<time") >= MATTERS

    def twin() -> None:
        with reading(plain):
            day()

    day()
    cpu = Cpu(db.engine)
    pair = paired(day, twin, rounds=5, clock=cpu)
    name = f"day of 150 matters, {database_kind}: sealed / plaintext"
    row = Row(name, pair.ours * 1e3, pair.peer * 1e3, pair.ratio, 1.3, "lower", "ms", pair.rounds, cpu.note)
    assert ledger.add(row).passes


def by_hand(rule: Rule, trigger: date) -> date:
    """The same count as a programmer would write it who needs no working, no facts and no version."""
    if rule.unit == "working_days":
        day, left = trigger, rule.count
        while left:
            day += timedelta(days=1)
            left -= is_working_day(day)
    elif rule.unit == "calendar_days":
        day = trigger + timedelta(days=rule.count)
    else:
        months = trigger.month - 1 + rule.count * (12 if rule.unit == "years" else 1)
        day = trigger.replace(year=trigger.year + months // 12, month=months % 12 + 1, day=min(trigger.day, 28))
    if rule.last_day != "anniversary":
        day -= timedelta(days=1)
    step = timedelta(days=1 if rule.roll == "forward" else -1)
    while rule.roll != "none" and not is_working_day(day):
        day += step
    return day


def test_every_open_date_after_a_rule_changed_against_date_arithmetic(ledger: Ledger, full: bool) -> None:
    draw, matters = random.Random(9), 10_000 if full else 2_000
    dues = [open_date(draw, bytes(16)) for _ in range(matters)]
    latest = {rule: shipped_rules().versions(rule)[-1] for rule in RULES}
    changed = [msgspec.structs.replace(rule, version=rule.version + 1) for rule in latest.values()]
    book = shipped_rules().overlaid(changed)

    def ours() -> None:
        assert sum(reckoning.asked_about(due, book) is not None for due in dues) == 0

    def peer() -> None:
        for due in dues:
            by_hand(latest[due.rule], due.trigger_date)

    pair = paired(ours, peer, rounds=7)
    name = f"{matters} open dates recounted / plain date arithmetic"
    row = Row(name, pair.ours * 1e3, pair.peer * 1e3, pair.ratio, 3.0, "lower", "ms", pair.rounds, "one date a matter")
    assert ledger.add(row).passes


def test_a_calendar_of_five_hundred_entries_against_icalendar_from_memory(
    world: World, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [TODAY + timedelta(days=number % 300) for number in range(500)]
    entries = [Marked(new_id(), Entry(day, f"K7-{number:03d}-X")) for number, day in enumerate(days)]
    address = make_address(world.actor("advocate"), entries)
    monkeypatch.setattr(calendars, "_hers", lambda staff, codes: dict.fromkeys(codes, staff))
    words = ics.Words("Deadline", "Appointment")

    def ours() -> str:
        text = calendars.fetched(address, words)
        assert text is not None
        return text

    def peer() -> bytes:
        calendar = icalendar.Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", "-//Peer//EN")
        for marked in entries:
            event = icalendar.Event()
            event.add("uid", marked.due.hex())
            event.add("dtstamp", datetime(2026, 11, 27, tzinfo=UTC))
            event.add("dtstart", marked.entry.day)
            event.add("dtend", marked.entry.day + timedelta(days=1))
            event.add("summary", f"Deadline, {marked.entry.code}")
            calendar.add_component(event)
        return calendar.to_ical()

    assert ours().count("BEGIN:VEVENT") == peer().count(b"BEGIN:VEVENT") == 500
    pair = paired(ours, peer, rounds=5)
    row = Row(
        "calendar of 500 entries / icalendar from memory",
        pair.ours * 1e3,
        pair.peer * 1e3,
        pair.ratio,
        1.5,
        "lower",
        "ms",
        pair.rounds,
        "fetch with look-up, 500 openings and its trail row",
    )
    assert ledger.add(row).passes
