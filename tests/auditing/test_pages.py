"""However long a list is, a page of it is short, and walked from one end to the other it holds every link once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from importlib import import_module
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from shelter.auditing import queries
from shelter.auditing.queries import Links, Place, days, reading
from shelter.auditing.queries.counting import counted, people_met
from shelter.clients.queries import agency_today
from shelter.db.agency import the_agency
from shelter.policy.acts import Act
from shelter.rules.oddities import TELLS, Oddity, oddities_of, oddities_of_one
from shelter.trail.beside import people_of, told_by
from shelter.trail.models import Trail, TrailSubject, TrailWrite
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id

Sit = Callable[[str], Desk]
WHO = ("caseworker", "supervisor", "desk", None)
ACTS = (Act.CLIENTS_READ, Act.CLIENTS_PRINT, Act.NOTES_READ, Act.GLASS_BREAK, "refused:clients.show", "sign-in")
CLAUSES = (
    "caseworker + assigned + not-denied", "supervisor + at-my-site + not-denied",
    "shelter_staff + resident-here + not-denied", "caseworker + broke-glass + not-denied", "",
)  # fmt: skip


def written(world: World, db: Any, seed: int, number: int, within: timedelta) -> None:
    """Links at random moments before now, none of them in the chain: these pages read, and prove nothing."""
    luck, zone = Random(seed), "America/Los_Angeles"
    agency = the_agency()
    assert agency is not None
    agency.zone = zone
    seq, at = (db.session.scalar(select(func.max(Trail.seq))) or 0) + 1, datetime.now(UTC)
    for moment in sorted(at - within * luck.random() for _ in range(number)):
        who = luck.choice(WHO)
        link = {
            "seq": seq, "prev": bytes(32), "hash": os.urandom(32), "at": moment,
            "actor_id": world.members[who].id if who else None,
            "act": str(luck.choice(ACTS)), "clause": luck.choice(CLAUSES),
        }  # fmt: skip
        db.session.add(Trail(**link))
        for client in {luck.randbytes(1) * 16 for _ in range(luck.choice((0, 1, 1, 3)))}:
            db.session.add(TrailSubject(seq=seq, client_id=client))
        if luck.random() < 0.1:
            write = {"table_name": TELLS, "row_id": bytes(16), "section": "x", "version": 1, "digest": bytes(32)}
            db.session.add(TrailWrite(seq=seq, no=0, **write))
        seq += 1
    db.session.commit()


def expected(db: Any, *which: Any) -> list[int]:
    return list(db.session.scalars(select(Trail.seq).where(*which).order_by(Trail.seq)))


def walked(read: Callable[[Place], Links], *, up: bool = False, at: Place = reading.FIRST) -> Iterator[list[int]]:
    """The links page by page, each as the chain has them, onwards to one end."""
    place: Place | None = at
    while place is not None:
        page = read(place)
        yield sorted(link.seq for link in page.shown)
        place = page.newer if up else page.older


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LINES", 7), ("STRETCH", 5), ("MOST_READ", 20)):
        monkeypatch.setattr(reading, name, value)


def both_ways(read: Callable[[Place], Links]) -> list[int]:
    """Walked to the oldest and back again: the same links each time, and no page longer than a page."""
    pages = list(walked(read, at=Place(before=2**31 - 1)))
    assert all(len(page) <= 7 for page in pages)
    found = [seq for page in reversed(pages) for seq in page]
    assert len(found) == len(set(found))
    first = found[0] if found else 1
    back = [seq for page in walked(read, up=True, at=Place(after=first - 1)) for seq in page]
    assert back == found
    return found


@pytest.mark.parametrize("seed", range(2))
def test_no_link_is_lost_or_told_twice_whichever_way_a_list_is_walked(world: World, db: Any, seed: int) -> None:
    written(world, db, seed, 70, timedelta(days=4))
    auditor, today = world.actor("auditor"), agency_today()
    first = today - timedelta(days=6)
    for kind in queries.KINDS.values():
        found = both_ways(lambda place, kind=kind: queries.of_kind(auditor, kind, first, today, place))
        rows = everything(db, first, today)
        assert found == [row.seq for row, one in zip(rows, looks(rows), strict=True) if kind in oddities_of_one(one)]
    staff = world.members["caseworker"].id
    for day in (today, today - timedelta(days=2)):
        hers = [row.seq for row in everything(db, day, day) if row.actor == staff]
        assert both_ways(lambda place, day=day: queries.colleague(auditor, staff, day, place)[1]) == hers
        nobodys = [row.seq for row in everything(db, day, day) if not row.actor]
        assert both_ways(lambda place, day=day: queries.by_nobody(auditor, day, place)) == nobodys


def everything(db: Any, first: Any, last: Any) -> list[reading.Row]:
    links = db.session.scalars(select(Trail).where(reading.between(first, last)).order_by(Trail.seq))
    zone = reading.agency_zone()
    return [reading.Row(one.seq, one.at.astimezone(zone), one.actor_id or b"", one.act, one.clause) for one in links]


def looks(some: list[reading.Row]) -> list[Any]:
    people, told = people_of(reading.seqs(some)), told_by(reading.seqs(some))
    return [row.look(people, told) for row in some]


def test_everybody_who_looked_at_one_person_is_paged_too_and_what_is_written_meanwhile_moves_nothing(
    world: World, db: Any
) -> None:
    code = begin(world)
    her, auditor = client_id(code), world.actor("auditor")

    def more(times: int) -> None:
        seq = db.session.scalar(select(func.max(Trail.seq))) + 1
        for one in range(seq, seq + times):
            link = {"prev": bytes(32), "hash": os.urandom(32), "at": datetime.now(UTC), "act": "clients:read"}
            db.session.add(Trail(seq=one, **link))
            db.session.add(TrailSubject(seq=one, client_id=her))
        db.session.commit()

    more(30)
    before = expected(db, Trail.seq.in_(select(TrailSubject.seq).where(TrailSubject.client_id == her)))
    found: list[int] = []
    for page in walked(lambda place: queries.of_person(auditor, code, place)):
        found = [*page, *found]
        more(3)
    assert found == before


@pytest.mark.parametrize("seed", range(3))
def test_what_the_database_counts_is_what_the_rules_say_link_by_link(world: World, db: Any, seed: int) -> None:
    written(world, db, seed, 120, timedelta(days=2))
    day = agency_today() - timedelta(days=1)
    by: dict[tuple[bytes, str], list[reading.Row]] = {}
    for row in everything(db, day, day):
        by.setdefault((row.actor, row.act), []).append(row)
    found = {(one.actor, one.act): one for one in counted(day)}
    assert found.keys() == by.keys()
    for key, some in by.items():
        people = people_of([row.seq for row in some])
        met = set[bytes]().union(*people.values())
        one = found[key]
        assert (one.times, one.people, one.last) == (len(some), len(met), max(row.at for row in some))
        assert one.clauses == tuple(sorted({row.clause for row in some if row.clause}))
        odd = oddities_of(looks(some), len(met), 3)
        assert oddities_of(one.looks, one.people, 3) == odd


def test_days_are_paged_whole_and_no_odd_one_is_left_out(world: World, db: Any, monkeypatch: Any) -> None:
    written(world, db, 1, 150, timedelta(days=6))
    auditor, today = world.actor("auditor"), agency_today()
    first = today - timedelta(days=6)
    whole = queries.period(auditor, first, today)
    assert (whole.older, whole.newer, whole.begins, whole.ends) == (None, None, first, today)
    monkeypatch.setattr(days, "LINES", 40)
    pages = [queries.period(auditor, first, today)]
    while pages[-1].older:
        pages.append(queries.period(auditor, first, today, until=pages[-1].older))
    assert len(pages) > 2
    assert [one for page in pages for one in page.all][-len(whole.all) + 1 :] == whole.all[1:], (
        "today grew by these looks"
    )
    assert sum(len(page.odd) for page in pages) == len(whole.odd)
    back = queries.period(auditor, first, today, since=pages[-1].newer)
    assert back.begins == pages[-1].ends + timedelta(days=1)
    for bad in ({"until": first - timedelta(days=9)}, {"since": today + timedelta(days=9)}):
        assert len({day.day for day in queries.period(auditor, first, today, **bad).all}) <= 1


def test_volumes_and_emergencies_are_counted_by_the_database(world: World, db: Any) -> None:
    written(world, db, 2, 150, timedelta(days=6))
    auditor, today = world.actor("auditor"), agency_today()
    first = today - timedelta(days=6)
    rows = [row for row in everything(db, first, today) if row.actor]
    people = people_of([row.seq for row in rows])
    met: dict[bytes, set[bytes]] = {}
    for row in rows:
        met.setdefault(row.actor, set()).update(people.get(row.seq, ()))
    found = {one.staff: one.people for one in queries.volumes(auditor, first, today).all}
    assert found == {who: len(some) for who, some in met.items() if some}
    opened: list[int] = []
    place: Place | None = Place()
    while place is not None:
        page = queries.emergencies(auditor, first, today, place)
        opened, place = [*opened, *(one.seq for one in page.all)], page.older
    assert opened[::-1] == [row.seq for row in everything(db, first, today) if row.act == Act.GLASS_BREAK]


def test_whoever_begins_while_volumes_are_counted_is_there_or_not(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL each question sees what was committed before it."""
    written(world, db, 4, 150, timedelta(days=6))
    counting, asked = import_module("shelter.auditing.queries.volumes"), list[tuple[date, date]]()

    def one_less_at_first(first: date, last: date) -> dict[bytes, tuple[int, int]]:
        asked.append((first, last))
        found = people_met(first, last)
        return dict(sorted(found.items())[1:]) if len(asked) == 1 else found

    monkeypatch.setattr(counting, "people_met", one_less_at_first)
    assert queries.volumes(world.actor("auditor")).all
    assert asked[-1] == (asked[0][0], asked[-2][1]), "all days together are asked for last"


def test_the_pages_lead_to_each_other_and_keep_the_days_that_were_asked_for(world: World, db: Any, desk: Sit) -> None:
    written(world, db, 3, 60, timedelta(days=6))
    sits, today = desk("auditor"), agency_today()
    first = (today - timedelta(days=6)).isoformat()
    address, seen = f"/trail/kind/{Oddity.OUTSIDE.value}?first={first}&last={today}", 0
    while address:
        text = sits.get(address).text
        seen += text.count("<tr>") - text.count("<thead>")
        older = re.search(r'<a href="([^"]+)" rel="next">', text)
        address = unescape(older[1]) if older else ""
        assert not older or parse_qs(urlsplit(address).query)["first"] == [first]
    auditor = world.actor("auditor")
    assert seen == len(both_ways(lambda place: queries.of_kind(auditor, Oddity.OUTSIDE, None, None, place)))
    for nonsense in ("before=x", "before=-1", f"after={10**30}", "until=tomorrow", "since=0000"):
        assert sits.get(f"/trail/?{nonsense}").status_code == 200
        assert sits.get(f"/trail/kind/refused?{nonsense}").status_code == 200
