"""How matters ended, by their kind: the same people as in the table of ways, and nobody to be found between the two."""

from __future__ import annotations

from random import Random

import pytest

from shelter.db import new_id
from shelter.db.inbox import Coded, emit
from shelter.policy.kinds import Kind
from shelter.reports import queries
from shelter.reports.actions import Publish, publish
from shelter.reports.catalogue import REPORTS, SITE, spec_of
from shelter.reports.dimensions import ENDS, MATTER_KINDS, ended_as
from shelter.reports.ways import ways_of
from shelter.rules.broken import Broken
from shelter.rules.disclosure.links import link
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.spec import TOTAL
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.reports import Q3, Someone, tell
from tests.reports.reader import Reader

BOTH = ("outcomes", "matters-outcomes")


def ended(one: Someone, site: bytes, matter: str, outcome: str) -> Coded:
    values: dict[str, str | int] = {"site": site.hex(), "from": "2026-02", "until": "2026-08"}
    values |= {"matter": matter, "outcome": outcome}
    return Coded(
        client=one.id, table="matter", row=new_id(), section="text", origin=Kind.LEGAL, version=1, what="matter",
        values=values,
    )  # fmt: skip


def told(world: World, seed: int, how_many: int = 150) -> None:
    draw, boss = Random(seed), world.actor("legal_supervisor")
    people = [Someone(born=1985) for _ in range(how_many)]
    tell(world, *people)
    kinds, ways = (
        draw.choices(MATTER_KINDS, (9, 6, 3, 2, 1, 1), k=how_many),
        draw.choices(ENDS, (9, 4, 2, 1), k=how_many),
    )
    with recorded(boss, "told"):
        emit(boss, [ended(one, world.sites["north"], *pair) for one, *pair in zip(people, kinds, ways, strict=True)])


def published(world: World, code: str) -> int:
    for way in ways_of(REPORTS[code]):
        try:
            return publish(world.actor("director"), Publish(code, Q3, way)).number
        except Broken:
            continue
    return 0


def narrowest(world: World) -> float:
    releases = [release for _, release in queries.earlier_releases(world.actor("director"))]
    return min((most - least for _, _, least, most in Reader(releases).ranges()), default=float(DEFAULT_K))


def test_both_tables_count_the_same_people_way_by_way() -> None:
    by_way, by_kind = (spec_of(REPORTS[code], Q3, ["aa"]) for code in BOTH)
    found = link(by_way, by_kind)
    assert found is not None
    assert found.relation == "same"
    named = {node for one in found.sums for code, node in one.assignment if code == "outcome"}
    assert {*ENDS, "unknown", "not-granted"} <= named
    assert ended_as("granted", "something new") == "granted.other"
    assert ended_as("lost", "t-visa") == "unknown"


@pytest.mark.parametrize("order", [BOTH, BOTH[::-1]])
@pytest.mark.parametrize("seed", [3, 8])
def test_a_reader_of_both_narrows_no_group(world: World, order: tuple[str, ...], seed: int) -> None:
    told(world, seed)
    numbers = [published(world, code) for code in order]
    assert any(numbers)
    assert narrowest(world) >= DEFAULT_K - 1 - 1e-6
    for code in BOTH:
        truth, _ = queries.counted(world.actor("director"), code, Q3)
        assert truth[(TOTAL,) * len(truth.spec.dimensions)] == 150
    assert [d.code for d in spec_of(REPORTS[BOTH[1]], Q3, ["aa"]).dimensions] == ["outcome", SITE]


def test_one_matter_more_is_not_told_by_asking_for_either_table_again(world: World) -> None:
    told(world, 3)
    assert published(world, "matters-outcomes")
    one, boss = Someone(born=1985), world.actor("legal_supervisor")
    tell(world, one)
    with recorded(boss, "told"):
        emit(boss, [ended(one, world.sites["north"], "vawa", "denied")])
    for code in (*BOTH, "matters"):
        published(world, code)
    assert narrowest(world) >= DEFAULT_K - 1 - 1e-6
