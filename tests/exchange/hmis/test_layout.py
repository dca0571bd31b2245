"""The layouts are facts: they agree with each other, with the pick lists, and with what real files and lists hold."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from shelter.exchange.hmis.layout import YEARS, Kind, Nights, layout_of, nights_of, year_stated


@pytest.mark.parametrize("year", YEARS)
def test_a_layout_knows_its_keys_and_places_parents_first(year: str) -> None:
    layout = layout_of(year)
    placed: set[str] = set()
    for file in layout.files.values():
        assert {file.key, *file.parents} <= file.columns.keys()
        assert set(file.parents) <= placed
        placed.add(file.key)
        assert all(column.codes for column in file.columns.values() if column.kind is Kind.CODE)
        commons = [column.common for column in file.columns.values()]
        assert len(commons) == len(set(commons))
    assert layout.source
    assert set(layout.says) <= layout.files["Client"].columns.keys()
    assert {name for name, file in layout.files.items() if file.is_required} == {
        *("Export", "Organization", "Project", "Client", "Enrollment")
    }


def test_every_year_can_be_read_as_todays_names() -> None:
    today = layout_of("FY2026")
    for year in YEARS:
        client = {column.common for column in layout_of(year).files["Client"].columns.values()}
        assert "HispanicLatinao" in client
        assert set(today.races) - client <= {"MidEastNAfrican"}
        health = {column.common for column in layout_of(year).files["HealthAndDV"].columns.values()}
        assert "DomesticViolenceSurvivor" in health


def test_every_old_housing_code_has_a_code_of_today() -> None:
    today = layout_of("FY2026")
    allowed: set[int] = set()
    for file, name in (
        ("Enrollment", "LivingSituation"),
        ("Exit", "Destination"),
        ("CurrentLivingSituation", "CurrentLivingSituation"),
    ):
        allowed |= today.files[file].columns[name].codes
        recode = layout_of("FY2022").files[file].columns[name].recode
        assert all(codes[0] == 435 for codes in recode.values() if len(codes) > 1)
        subsidies = today.files["Exit"].columns["DestinationSubsidyType"].codes
        assert {codes[1] for codes in recode.values() if len(codes) > 1} <= subsidies
    assert {codes[0] for codes in recode.values()} == allowed


def test_every_project_type_says_how_nights_follow() -> None:
    types = layout_of("FY2026").files["Project"].columns["ProjectType"].codes
    assert {code for code in types if nights_of(code) is not Nights.NONE} == {0, 1, 2, 3, 8, 9, 10}
    assert nights_of(None) is nights_of(5) is Nights.NONE


@pytest.mark.parametrize(
    ("stated", "year"),
    [("2026 v1", "FY2026"), ("FY2022", "FY2022"), ("2024 v1.5", "FY2024"), ("FY2020", None), ("", None)],
)
def test_the_year_is_read_from_the_version(stated: str, year: str | None) -> None:
    assert year_stated(stated) == year


def test_the_fy2026_layout_has_every_column_of_the_published_list(shared_data: Path) -> None:
    with (shared_data / "hmis_demo_2026" / "columns.csv").open(newline="") as file:
        published: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            published.setdefault(row["File"], []).append(row["Column"].strip())
    ours = {name: list(file.columns) for name, file in layout_of("FY2026").files.items()}
    assert ours == published


def test_the_fy2022_layout_has_every_column_of_the_kit(shared_data: Path) -> None:
    layout = layout_of("FY2022")
    for path in (shared_data / "hmis_caper_fy2021" / "input").glob("*.csv"):
        with path.open(newline="", encoding="utf-8-sig") as file:
            assert set(next(csv.reader(file))) == layout.files[path.stem].columns.keys()


def test_the_fy2024_layout_has_every_column_of_the_dictionary(shared_data: Path) -> None:
    published: dict[str, set[str]] = {}
    with (shared_data / "hmis_dictionary" / "hmis_data_dictionary.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            name = row["name"].strip().removesuffix("[1]")
            published.setdefault(row["csv"].strip(), set()).add(name)
    ours = {name: set(file.columns) for name, file in layout_of("FY2024").files.items()}
    assert ours == published


def test_the_codes_are_those_of_the_published_lists(shared_data: Path) -> None:
    lists = json.loads((shared_data / "hmis_dictionary" / "2026_hud_lists.json").read_text())
    published = {one["name"]: {value["key"] for value in one["values"]} for one in lists}
    files = layout_of("FY2026").files
    for file, column, name in (
        ("Enrollment", "LivingSituation", "PriorLivingSituation"),
        ("Exit", "Destination", "Destination"),
        ("CurrentLivingSituation", "CurrentLivingSituation", "CurrentLivingSituation"),
        ("Client", "Sex", "Sex"),
        ("Project", "ProjectType", "ProjectType"),
        ("Services", "RecordType", "RecordType"),
        ("Funder", "Funder", "FundingSource"),
    ):
        assert files[file].columns[column].codes == published[name]
