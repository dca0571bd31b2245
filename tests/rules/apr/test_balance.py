"""Whatever the records say, the tables of one report add up; and a table that does not is named."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from shelter.rules.apr import YEARS, Records, compute, rule_set
from shelter.rules.apr.balance import imbalances
from shelter.rules.apr.book import RuleSet
from shelter.rules.apr.records import Disability, Enrollment, Income, Leaving, Person, Project, Violence
from shelter.rules.apr.staged import STAGED
from shelter.rules.apr.tabulate import _MAKERS, _MEASURES, _SPREADS
from shelter.rules.apr.who import COLUMNS, WHO
from tests.rules.apr.world import YEAR

CODES = (0, 1, 8, 9, 99, None)
PLACES = (101, 116, 118, 204, 302, 332, 336, 410, 431, 435, 30, 17, 24, 8, 99, None)
RACES = ("AmIndAKNative", "Asian", "BlackAfAmerican", "NativeHIPacific", "White")


def anybody(draw: Random, key: str) -> Person:
    return Person(
        id=key,
        born=draw.choice((None, date(draw.randrange(1940, 2021), draw.randrange(1, 13), 28))),
        born_quality=draw.choice((1, 2, 8, 9, 99, None)),
        race=frozenset(draw.sample(RACES, draw.randrange(3))),
        race_none=draw.choice((None, None, 8, 99)),
        sex=draw.choice(CODES),
        ethnicity=draw.choice(CODES),
        veteran=draw.choice(CODES),
        gender=frozenset(draw.sample(("Woman", "Man", "Questioning"), draw.randrange(2))),
    )


def any_stay(draw: Random, key: str, person: str, projects: list[str]) -> Enrollment:
    entry = date(2019, 6, 1) + timedelta(days=draw.randrange(850))
    left = entry + timedelta(days=draw.randrange(500))
    asked = Income(day=entry, stage=1, any_income=draw.choice(CODES), total=draw.choice((None, 0, 20_000)))
    return Enrollment(
        id=key,
        person=person,
        project=draw.choice(projects),
        household=f"h{draw.randrange(25)}",
        entry=entry,
        relationship=draw.choice((1, 1, 2, 3, 99, None)),
        situation=draw.choice(PLACES),
        disabling=draw.choice(CODES),
        times=draw.choice((1, 4, 8, None)),
        street_since=draw.choice((None, entry - timedelta(days=draw.randrange(-5, 800)))),
        moved_in=draw.choice((None, entry + timedelta(days=draw.randrange(-5, 300)))),
        leaving=draw.choice((None, Leaving(day=left, destination=draw.choice(PLACES)))),
        income=(asked,),
        disabilities=(Disability(day=entry, stage=1, kind=5, response=1, lasting=1),),
        violence=(Violence(day=entry, survivor=draw.choice(CODES), occurred=1),),
        nights=(entry, left),
    )


def any_records(seed: int) -> Records:
    draw = Random(seed)
    projects = {str(at): Project(id=str(at), name=f"P{at}", kind=kind) for at, kind in enumerate((0, 1, 2, 3, 13, 4))}
    people = {f"p{at}": anybody(draw, f"p{at}") for at in range(40)}
    stays = [any_stay(draw, f"e{at}", f"p{draw.randrange(40)}", list(projects)) for at in range(60)]
    return Records(people=people, enrollments=tuple(stays), projects=projects)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("seed", range(12))
def test_every_report_adds_up(year: str, seed: int) -> None:
    tables = compute(any_records(seed), YEAR, year)
    assert imbalances(tables, rule_set(year)) == []


@pytest.mark.parametrize("year", YEARS)
def test_one_wrong_number_is_found_and_named(year: str) -> None:
    tables = compute(any_records(1), YEAR, year)
    label, cells = next(table for table in tables if table.name == "Q11").rows[-1]
    cells[0] = int(str(cells[0])) + 1
    assert {(one.table, one.row) for one in imbalances(tables, rule_set(year))} >= {("Q11", label)}


def test_the_order_of_rows_changes_nothing() -> None:
    held = any_records(2)
    turned = Records(people=held.people, enrollments=held.enrollments[::-1], projects=held.projects)
    for year in YEARS:
        assert compute(held, YEAR, year) == compute(turned, YEAR, year)


@pytest.mark.parametrize("year", YEARS)
def test_the_data_names_only_what_the_code_knows(year: str) -> None:
    book = rule_set(year)
    for name, table in book.tables.items():
        assert set(table.who) <= WHO.keys(), name
        assert not table.maker or table.maker in {*_MAKERS, "projects"}, name
        _columns_are_known(book, name)
        measured = {row.average or row.median for row in book.rows(name)} - {""}
        assert measured <= _MEASURES.keys(), name


def _columns_are_known(book: RuleSet, name: str) -> None:
    table = book.tables[name]
    if not table.columns:
        return
    columns = book.columns[table.columns]
    assert len(columns.keys) == len(columns.headings)
    if not table.maker:
        assert table.by in (STAGED if columns.by == "stage" else _SPREADS), name
        assert columns.by == "stage" or columns.by in COLUMNS, name
