"""Counts that are kept say what a whole count says, whatever is told, folded, settled, joined or deleted between."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from shelter.db.inbox import Coded, emit, say_same
from shelter.db.packed import Segment
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.reports import anew, folding, ledger, parts, sums
from shelter.reports.catalogue import REPORTS, Quarter, Report
from shelter.reports.counting import Row, rows_of
from shelter.reports.folding import fold
from shelter.reports.sums import Counting
from shelter.reports.touching import touching
from shelter.rules.services import service_book
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.stays import make_beds, resident

Q3 = Quarter(2026, 3)
ASKED = [REPORTS[code] for code in ("people-served", "people-new", "services", "programmes", "language")]


def drawn(world: World, luck: Random) -> Coded:
    """Something about one of forty people: of a new row, or of one that was told before."""
    client, row = bytes([luck.randrange(1, 41)]) * 16, luck.randrange(3)
    site, version = luck.choice([*world.sites.values()]).hex(), luck.randrange(1, 50)
    month = f"2026-{luck.randrange(5, 11):02d}"
    service = luck.choice([*service_book().services])
    what, values = luck.choice(
        [
            ("person", {"born": luck.randrange(1950, 2020), "language": luck.choice(["english", "spanish"])}),
            ("stay", {"site": site, "from": month, "until": luck.choice(["", month])}),
            ("service", {"site": site, "from": month, "until": month, "service": service}),
        ]
    )  # fmt: skip
    deleted = what != "person" and luck.random() < 0.1
    return Coded(
        client=client,
        table=what,
        row=client[:15] + bytes([row if what != "person" else 0]),
        section="text",
        origin=Kind.IDENTITY if what == "person" else Kind.SHELTER if what == "stay" else Kind.ADVOCACY,
        version=version,
        what=what,
        values={} if deleted else values,
        deleted=deleted,
    )


def told(world: World, facts: list[Coded]) -> None:
    with recorded(world.actor("supervisor"), "told"):
        emit(world.actor("supervisor"), facts)


def folded(world: World) -> None:
    with recorded(world.actor("director"), Act.REPORTS_SEE):
        while fold(world.actor("director")):
            pass


def kept(world: World, report: Report, quarter: Quarter = Q3) -> Counter[Row]:
    return Counting(world.actor("director"), report, quarter, sites(world)).counts()


def whole(world: World, report: Report, quarter: Quarter = Q3) -> Counter[Row]:
    found = touching(report, ledger.columns(world.actor("director")), quarter)
    return Counter(rows_of(report, found.facts(), quarter, sites(world)))


def sites(world: World) -> list[str]:
    return sorted(site.hex() for site in world.sites.values())


@pytest.mark.parametrize("seed", range(3))
def test_counts_that_are_kept_are_those_of_a_whole_count(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(folding, "LATELY", 60)
    monkeypatch.setattr(parts, "ENTRIES", 8)
    luck = Random(seed)
    told(world, [drawn(world, luck) for _ in range(150)])
    for step in range(14):
        told(world, [drawn(world, luck) for _ in range(luck.randrange(1, 4))])
        if luck.random() < 0.5:
            folded(world)
        if step == 6:
            with recorded(world.actor("supervisor"), Act.CLIENTS_UPDATE):
                say_same(world.actor("supervisor"), b"\x01" * 16, b"\x02" * 16, (b"m" * 16, 1))
        if step == 11:
            with recorded(world.actor("supervisor"), Act.CLIENTS_UPDATE):
                say_same(world.actor("supervisor"), b"\x01" * 16, b"\x02" * 16, (b"m" * 16, 2), undone=True)
        for report in ASKED:
            assert kept(world, report) == whole(world, report), (step, report.code)


def test_one_more_fact_opens_a_few_segments(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ENTRIES", 4)
    monkeypatch.setattr(folding, "LATELY", 10)
    luck = Random(5)
    told(world, [drawn(world, luck) for _ in range(300)])
    folded(world)
    kept(world, ASKED[2])
    told(world, [drawn(world, luck)])
    opened: list[int] = []
    shelved = ledger.shelved

    def noted(*args: object) -> ledger.Shelved:
        found = shelved(*args)  # type: ignore[arg-type]
        opened.append(len(found.settled) + len(found.young))
        return found

    monkeypatch.setattr(sums.ledger, "shelved", noted)
    kept(world, ASKED[2])
    assert sum(opened) <= 3, "one of each source"


def test_what_was_told_anew_is_counted_anew(world: World, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A segment that was set aside leaves its number to a new one, of the first version like itself."""
    beds, now = make_beds(world), Quarter(2026, 4)
    resident(world, beds["A"])
    with monkeypatch.context() as at_once:
        at_once.setattr(folding, "MOST_YOUNG", 1)
        folded(world)
    assert kept(world, ASKED[0], now) == whole(world, ASKED[0], now)
    shelf = ledger.shelf_of(world.actor("director"), Kind.SHELTER.value)
    hurt = update(Segment).where(Segment.store == "facts", Segment.scope_id == shelf.scope)
    db.session.execute(hurt.values(sealed=bytes(500), version=Segment.version + 1))
    db.session.commit()
    resident(world, beds["B"], called="Sol")
    anew.tell(world.actor("supervisor"), Kind.SHELTER)
    folded(world)
    assert kept(world, ASKED[0], now).total() == 2
    assert kept(world, ASKED[0], now) == whole(world, ASKED[0], now)


def test_what_is_kept_is_sealed(world: World) -> None:
    told(world, [drawn(world, Random(no)) for no in range(60)])
    folded(world)
    sums._kept._held.clear()
    counted = kept(world, ASKED[1])
    (sealed,) = sums._kept._held.values()
    site = sites(world)[0].encode()
    assert counted
    assert site not in sealed
    assert b"generation" not in sealed
    other = Counting(world.actor("director"), ASKED[0], Q3, sites(world))
    other._shelves = ledger.shelves(world.actor("director"), Kind.FACTS)
    sums._kept.put(other._name(), sealed)
    assert other._open() is None, "counts of one report do not open as those of another"
