"""Kits of other project types, made of the published one: counted without a stumble, all sums hold, nothing stays."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from shelter.exchange.hmis import open_export
from shelter.exchange.hmis.counting import records_of
from shelter.rules.apr import Period, ReportKind, compute, rule_set
from shelter.rules.apr.balance import imbalances
from shelter.rules.apr.writing import csv_text
from tests.exchange.hmis.conftest import shared_data
from tests.exchange.test_report_compare import run

__all__ = ["shared_data"]
YEAR = Period(date(2020, 10, 1), date(2021, 9, 30))
Rows = list[dict[str, str]]
KITS: dict[str, tuple[str, str, ReportKind]] = {
    "night-by-night shelter": ("1", "3", "caper"),
    "transitional housing": ("2", "", "apr"),
    "permanent supportive housing": ("3", "", "apr"),
    "street outreach": ("4", "", "caper"),
    "services only": ("6", "", "apr"),
    "prevention": ("12", "", "caper"),
    "rapid re-housing": ("13", "", "apr"),
    "coordinated entry": ("14", "", "apr"),
}
"""HUD's type, how nights are tracked, and the report."""


class Kit:
    """A copy of the published input, whose files are changed row by row."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for path in source.glob("*.csv"):
            (folder / path.name).write_bytes(path.read_bytes())

    def change(self, name: str, edit: Callable[[Rows, list[str]], Rows]) -> None:
        path = self.folder / f"{name}.csv"
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            columns = list(reader.fieldnames or ())
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(edit(rows, columns))


class Luck:
    """Dates and answers of the rows that a kit of another type needs; the same ones each time."""

    def __init__(self, kind: str) -> None:
        self._draw, self.stays = random.Random(int(kind)), Rows()
        self._kind = kind

    def enrolled(self, rows: Rows, _: list[str]) -> Rows:
        for row in rows:
            entry = date.fromisoformat(row["EntryDate"])
            for column, kinds in (("MoveInDate", ("3", "13")), ("DateOfEngagement", ("1", "4"))):
                if self._kind in kinds and self._draw.random() < 0.7:
                    row[column] = (entry + timedelta(days=self._draw.randrange(40))).isoformat()
        self.stays = rows
        return rows

    def nights(self, rows: Rows, columns: list[str]) -> Rows:
        return rows + self._some(columns, "ServicesID", RecordType="200", TypeProvided="200")

    def contacts(self, rows: Rows, columns: list[str]) -> Rows:
        place = self._draw.choice(("16", "1", "18", "302", "8"))
        return rows + self._some(columns, "CurrentLivingSitID", CurrentLivingSituation=place)

    def _some(self, columns: list[str], key: str, **values: str) -> Rows:
        found = Rows()
        for stay in self.stays:
            for _ in range(self._draw.randrange(12)):
                day = date.fromisoformat(stay["EntryDate"]) + timedelta(days=self._draw.randrange(90))
                row = stay | dict.fromkeys(("DateProvided", "InformationDate"), day.isoformat()) | values
                row[key] = f"{key}{len(found)}"
                found.append({name: value for name, value in row.items() if name in columns})
        return found


@pytest.fixture
def kit(request: pytest.FixtureRequest, shared_data: Path, tmp_path: Path) -> Kit:
    kind, tracking, _ = KITS[request.param]
    kit, luck = Kit(shared_data / "hmis_caper_fy2021" / "input", tmp_path / "input"), Luck(kind)
    kit.change("Project", lambda rows, _: [row | {"ProjectType": kind, "TrackingMethod": tracking} for row in rows])
    kit.change("Enrollment", luck.enrolled)
    if kind == "1":
        kit.change("Services", luck.nights)
    if kind in ("1", "4", "14"):
        kit.change("CurrentLivingSituation", luck.contacts)
    return kit


def everything_under(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("kit", "kind"), [(name, name) for name in KITS], indirect=["kit"], ids=list(KITS))
def test_a_kit_of_another_project_type_is_counted_and_leaves_nothing(
    app: Flask, kit: Kit, kind: str, tmp_path: Path
) -> None:
    report = KITS[kind][2]
    with open_export(kit.folder) as export:
        tables = compute(records_of(export), YEAR, "fy2022", report)
    theirs = tmp_path / "expected"
    theirs.mkdir()
    for table in tables:
        (theirs / f"{table.name}.csv").write_text(csv_text(table))
    before = everything_under(tmp_path)
    said = run(app, kit.folder, theirs, "--report", report)
    assert said.exit_code == 0, said.output
    agree = re.fullmatch(r"(\d+) of (\d+) cells agree", said.output.splitlines()[-1])
    assert agree is not None
    assert agree[1] == agree[2]
    assert int(agree[2]) > 1000
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("rules", ["fy2022", "fy2026"])
@pytest.mark.parametrize("kit", list(KITS), indirect=True, ids=list(KITS))
def test_every_sum_of_both_reports_holds_for_every_project_type(kit: Kit, rules: str) -> None:
    with open_export(kit.folder) as export:
        records = records_of(export)
    for report in ("caper", "apr"):
        assert imbalances(compute(records, YEAR, rules, report), rule_set(rules)) == []
