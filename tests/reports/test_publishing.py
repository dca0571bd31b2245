"""Releasing a table, attacked: by subtraction from totals, siblings and earlier releases, by a race, and by time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from threading import Barrier, Thread
from typing import Any

import highspy
import pytest
from flask import Flask
from sqlalchemy import func, select

from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing, NoKey
from shelter.policy.errors import Denied
from shelter.reports import actions, queries
from shelter.reports.catalogue import PEOPLE_SERVED, Quarter
from shelter.reports.models import ReportRelease
from shelter.reports.ways import WAYS
from shelter.rules.broken import Broken
from shelter.rules.disclosure.primary import DEFAULT_K
from shelter.rules.disclosure.release import Release
from shelter.rules.disclosure.spec import Key, TableSpec
from shelter.rules.disclosure.table import HIDDEN
from tests.factories.agency import World
from tests.factories.reports import Q3, Someone, Stayed, crowd, mixed, publish, released, tell

Cell = tuple[str, str]


def true_counts(world: World) -> dict[Cell, int]:
    """What nobody is shown: everybody by age and site."""
    table, _ = queries.counted(world.actor("director"), PEOPLE_SERVED, Q3)
    return {(age, site): table[(age, site)] for age, site in table.spec.inner_keys()}


def releases(world: World) -> list[Release]:
    return [release for _, release in queries.earlier_releases(world.actor("director"))]


# -- an attacker of our own: one linear program over everything released of a quarter ------------------


def behind(spec: TableSpec, key: Key, cells: list[Cell]) -> list[Cell]:
    """The finest cells that one number counts."""
    covered = {dimension.code: dimension.coverage()[node] for dimension, node in zip(spec.dimensions, key, strict=True)}
    finest = {"age": 0, "site": 1}
    fine = {dimension.code: _fine(dimension.code, covered[dimension.code], cells) for dimension in spec.dimensions}
    return [cell for cell in cells if all(cell[finest[code]] in fine[code] for code in fine)]


def _fine(code: str, covered: frozenset[str], cells: list[Cell]) -> set[str]:
    """Merged bands are written as their first and last age."""
    place = {"age": 0, "site": 1}[code]
    found = set()
    for name in {cell[place] for cell in cells}:
        inside = any(name == one or _within(name, one) for one in covered)
        found |= {name} if inside else set()
    return found


def _within(band: str, wider: str) -> bool:
    if "-" not in band or not wider[0].isdigit() or not band[0].isdigit():
        return False
    (first, last), (low, high) = band.split("-"), wider.split("-")
    return int(low) <= int(first) and (high == "up" or (last != "up" and int(last) <= int(high)))


def ranges(published: list[Release], cells: list[Cell]) -> Iterator[tuple[Key, float, float]]:
    """Least and most of every hidden number, from all that is printed and from the zeros."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for _ in cells:
        solver.addVar(0, 100_000)
    place = {cell: number for number, cell in enumerate(cells)}
    hidden = []
    for release in published:
        for key, printed in release.protected.rows():
            columns = [place[cell] for cell in behind(release.spec, key, cells)]
            low, high = (printed, printed) if isinstance(printed, int) else (1, 100_000)
            solver.addRow(low, high, len(columns), columns, [1.0] * len(columns))
            if printed is HIDDEN:
                hidden.append((key, columns))
    for key, columns in hidden:
        yield key, _reach(solver, columns, least=True), _reach(solver, columns, least=False)


def _reach(solver: Any, columns: list[int], *, least: bool) -> float:
    for column in range(solver.getNumCol()):
        solver.changeColCost(column, 1.0 if column in columns else 0.0)
    solver.changeObjectiveSense(highspy.ObjSense.kMinimize if least else highspy.ObjSense.kMaximize)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getObjectiveValue())


def test_all_versions_of_a_quarter_together_narrow_no_hidden_number(world: World) -> None:
    tell(world, *mixed(150))
    told = {}
    for way in WAYS:
        try:
            told[way] = publish(world, way)
        except Broken:
            continue
    assert len(told) > 1, "nothing was there to subtract"
    wide = {key: most - least for key, least, most in ranges(releases(world), list(true_counts(world)))}
    assert wide
    assert min(wide.values()) >= DEFAULT_K - 1 - 1e-6, wide


def test_the_attacker_finds_what_a_careless_release_would_tell(world: World) -> None:
    """The attacker above is sharp: with one small number hidden by itself it is found by subtraction."""
    tell(world, *crowd({(21, "north"): 7, (29, "north"): 40, (21, "south"): 33, (29, "south"): 52}))
    publish(world)
    (release,) = releases(world)
    truth = true_counts(world)
    small = ("18-24", world.sites["north"].hex())
    table, _ = queries.counted(world.actor("director"), PEOPLE_SERVED, Q3)
    careless = type(release.protected).of(table, frozenset({small}), DEFAULT_K)
    found = {key: (least, most) for key, least, most in ranges([replace(release, protected=careless)], list(truth))}
    assert found == {small: (7.0, 7.0)}


def test_a_correction_by_one_person_is_refused_where_subtracting_would_find_her(world: World) -> None:
    tell(world, *mixed(150))
    publish(world)
    tell(world, *crowd({(29, "north"): 1}))
    with pytest.raises(Broken) as refused:
        publish(world)
    assert refused.value.message_key in {"disclosure.refused.version", "disclosure.refused.earlier"}
    assert len(releases(world)) == 1


def test_what_is_published_never_changes_when_facts_do(world: World) -> None:
    tell(world, *mixed(150))
    number = publish(world)
    before = released(world)
    late = [Someone(born=1960, stays=(Stayed("east", Q3.first),)) for _ in range(30)]
    tell(world, *late)
    site = db.session.get_one(Site, world.sites["north"])
    site.code_name = "Renamed"
    db.session.commit()
    assert released(world, number) == before
    assert "Renamed" not in released(world, number).sites.values()


def test_a_table_that_still_prints_the_same_is_given_back_under_its_number(world: World) -> None:
    tell(world, *mixed(120))
    first = actions.publish(world.actor("director"), actions.Publish(PEOPLE_SERVED, Q3, "as-asked"))
    again = actions.publish(world.actor("director"), actions.Publish(PEOPLE_SERVED, Q3, "as-asked"))
    assert (first.new, again.new, first.number == again.number) == (True, False, True)
    assert len(releases(world)) == 1


def test_the_same_counts_before_and_after_folding(world: World) -> None:
    tell(world, *mixed(90))
    before = true_counts(world)
    while actions.fold_inbox(world.actor("director")):
        pass
    assert true_counts(world) == before
    assert sum(before.values()) == 90


def test_too_few_people_are_refused_in_a_plain_sentence_and_nothing_is_released(world: World) -> None:
    tell(world, *mixed(6))
    seen = queries.preview(world.actor("director"), PEOPLE_SERVED, Q3)
    assert seen.refused == "disclosure.refused.too_few"
    for way in WAYS:
        with pytest.raises(Broken):
            publish(world, way)
    assert releases(world) == []


def test_a_preview_says_how_many_numbers_and_none_of_them(world: World) -> None:
    tell(world, *mixed(150))
    seen = queries.preview(world.actor("director"), PEOPLE_SERVED, Q3)
    assert len(seen.ways) > 1
    for way in seen.ways:
        number = publish_alone(world, way.key)
        table = released(world, number).table
        assert (way.shown, way.hidden) == (table.cell_count - table.hidden_count, table.hidden_count)


def publish_alone(world: World, way: str) -> int:
    """As if nothing had been released before: the preview looks at each version by itself."""
    db.session.query(ReportRelease).delete()
    db.session.commit()
    return publish(world, way)


@pytest.mark.parametrize("quarter", [Quarter(2026, 4), Quarter(2027, 1), Quarter(2019, 1)])
def test_only_a_quarter_that_is_over_and_not_long_past_is_published(world: World, quarter: Quarter) -> None:
    tell(world, *mixed(60))
    with pytest.raises(Missing):
        publish(world, quarter=quarter)


@pytest.mark.parametrize("way", ["", "merge/site/all-sites", "as-asked/", "../as-asked"])
def test_nobody_composes_a_version_of_her_own(world: World, way: str) -> None:
    tell(world, *mixed(60))
    with pytest.raises(Missing):
        publish(world, way)


@pytest.mark.parametrize("who", ["preparer", "caseworker", "supervisor", "auditor", "administrator", "steward"])
def test_nobody_but_a_director_publishes_or_looks(world: World, who: str) -> None:
    tell(world, *mixed(60))
    actor = world.actor(who)
    for attempt in (
        lambda: actions.publish(actor, actions.Publish(PEOPLE_SERVED, Q3, "as-asked")),
        lambda: actions.fold_inbox(actor),
        lambda: queries.gallery(actor),
        lambda: queries.preview(actor, PEOPLE_SERVED, Q3),
        lambda: queries.published(actor, PEOPLE_SERVED, Q3),
    ):
        with pytest.raises((Denied, NoKey)):
            attempt()
    assert db.session.scalar(select(func.count()).select_from(ReportRelease)) == 0


# -- two directors at once ------------------------------------------------------------------------------


def race(app: Flask, world: World, *ways: str) -> list[str | int]:
    """Each way published in a thread of its own at the same moment; the numbers, or why not."""
    gate, told = Barrier(len(ways)), list[str | int](ways)

    def run(place: int, way: str) -> None:
        with app.app_context():
            try:
                gate.wait(timeout=30)
                told[place] = publish(world, way)
            except Broken as broken:
                told[place] = broken.message_key

    threads = [Thread(target=run, args=one) for one in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    return told


def test_two_directors_who_publish_one_table_at_once_get_one_release(app: Flask, world: World) -> None:
    tell(world, *mixed(120))
    db.session.commit()
    assert race(app, world, "as-asked", "as-asked") == [1, 1]
    assert len(releases(world)) == 1


def test_two_directors_at_once_are_judged_one_after_the_other(
    app: Flask, world: World, rounds: Callable[[int, int], int]
) -> None:
    """Whoever comes second is audited with the first one's table, whichever way it falls."""
    for number in range(rounds(2, 20)):
        db.session.query(ReportRelease).delete()
        tell(world, *mixed(20, seed=number))
        db.session.commit()
        told = race(app, world, "as-asked", "ages-five", "all-sites")
        numbers = [one for one in told if isinstance(one, int)]
        assert numbers
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert all(isinstance(one, int) or one.startswith("disclosure.refused.") for one in told), told
        found = list(ranges(releases(world), list(true_counts(world))))
        assert all(most - least >= DEFAULT_K - 1 - 1e-6 for _, least, most in found)


def test_the_ledger_numbers_releases_of_all_quarters_in_one_row(world: World) -> None:
    quarters = [Q3, Q3.before(), Q3.before().before()]
    for quarter, seed in product(quarters, [3]):
        tell(world, *mixed(120, quarter, seed))
    assert [publish(world, quarter=quarter) for quarter in quarters] == [1, 2, 3]
    shown = queries.gallery(world.actor("director"))
    assert [card.number for card in shown.in_state("published")] == [1, 2, 3]
    assert shown.cards[0].state == "running"
