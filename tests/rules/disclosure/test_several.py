"""Categories of which several may hold of one person: no total, no wider version, and no subtraction from everybody."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from shelter.rules.broken import Broken
from shelter.rules.disclosure.attack import possible_ranges
from shelter.rules.disclosure.coarsen import offers
from shelter.rules.disclosure.links import link
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.release import Refused, Release, protect_and_audit
from shelter.rules.disclosure.spec import TOTAL, Dimension, Group, TableSpec
from shelter.rules.disclosure.table import HIDDEN, CountTable
from tests.rules.disclosure.tables import QUARTERS

SITES = ("hill", "river", "park")
MEANS = ("debt", "threats", "papers")
SITE = Dimension("site", SITES)
MEAN = Dimension("mean", MEANS, several=True)
AGE = Dimension("age", ("young", "old"))
People = list[tuple[str, str, tuple[str, ...]]]


def served_spec() -> TableSpec:
    return TableSpec("served", (AGE, SITE), "served", QUARTERS[0], "clients")


def means_spec() -> TableSpec:
    return TableSpec("means", (MEAN, SITE), "held", QUARTERS[0], "clients", part_of=("served",))


def crowd(seed: int, size: int) -> People:
    draw = Random(seed)
    chance = {one: draw.choice((0.1, 0.5, 0.93)) for one in MEANS}
    return [
        (
            draw.choice(("young", "old", "young")),
            draw.choices(SITES, (5, 3, 2))[0],
            tuple(one for one in MEANS if draw.random() < chance[one]),
        )
        for _ in range(size)
    ]


def tables_of(people: People) -> tuple[CountTable, CountTable]:
    served = CountTable.from_rows(served_spec(), ((age, site) for age, site, _ in people))
    means = CountTable.from_rows(means_spec(), ((one, site) for _, site, told in people for one in told))
    return served, means


def test_there_is_no_total_of_answers_and_nothing_is_added_up_over_them() -> None:
    spec = means_spec()
    assert (TOTAL, "hill") not in spec.all_keys()
    assert spec.grand_total() not in spec.positions()
    assert all(whole[0] != TOTAL for whole, _ in spec.sums())
    _, means = tables_of(crowd(1, 40))
    with pytest.raises(Broken):
        means.without("mean")
    with pytest.raises(Broken):
        Dimension("mean", MEANS, subtotals=(Group("any", MEANS[:2]),), several=True)
    assert {offer.dimension for offer in offers(means)} <= {"site"}


def test_each_category_alone_lies_inside_those_served() -> None:
    found = link(means_spec(), served_spec())
    assert found is not None
    assert found.relation == "within"
    assert {dict(shared.assignment)["mean"] for shared in found.sums} == set(MEANS)
    assert link(served_spec(), means_spec()) is None


@pytest.mark.parametrize("seed", range(12))
def test_neither_subtraction_nor_solver_finds_a_small_group(seed: int) -> None:
    served, means = tables_of(crowd(seed, 60 + 15 * seed))
    released: list[Release] = []
    for table in (served, means, means.without("site")):
        release = protect_and_audit(table, earlier=released)
        if not isinstance(release, Refused):
            released.append(release)
    _require_no_small_rest(released)
    for number, one in enumerate(released):
        others = [other.protected for place, other in enumerate(released) if place != number]
        for low, high in possible_ranges(one.protected, others).values():
            assert high - low >= DEFAULT_K - 1


def _require_no_small_rest(released: Sequence[Release]) -> None:
    """Everybody of a site less those who told of one means is nobody or many, where both are printed."""
    by_title = {one.spec.title: one for one in released if len(one.spec.dimensions) == 2}
    if len(by_title) < 2:
        return
    for site in SITES:
        whole = by_title["served"].protected[(TOTAL, site)]
        for mean in MEANS:
            part = by_title["means"].protected[(mean, site)]
            if isinstance(whole, int) and isinstance(part, int):
                assert not 0 < whole - part < DEFAULT_K


def test_nearly_everybody_of_a_site_is_hidden_where_everybody_is_printed() -> None:
    """Twenty of twenty-two told of debt: two did not, and printed beside twenty-two that would say it."""
    people: People = [("young", "hill", ("debt",) if place < 20 else ()) for place in range(22)]
    people += [("old", "river", ("debt",) if place < 15 else ()) for place in range(40)]
    served, means = tables_of(people)
    first = protect_and_audit(served)
    assert isinstance(first, Release)
    assert first.protected[(TOTAL, "hill")] == 22
    second = protect_and_audit(means, earlier=[first])
    assert isinstance(second, Refused) or second.protected[("debt", "hill")] is HIDDEN
