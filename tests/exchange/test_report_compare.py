"""`report-compare`: our tables against a published kit's, and what it says where they differ."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from click.testing import Result
from flask import Flask

from shelter.cli.report_command import report_compare
from shelter.exchange.hmis import open_export
from shelter.exchange.hmis.counting import records_of
from shelter.rules.apr import Period, compute
from shelter.rules.apr.writing import csv_text
from tests.exchange.hmis.conftest import shared_data

__all__ = ["shared_data"]


def run(app: Flask, *arguments: object, **environment: str) -> Result:
    env = {"LANG": "en_US.UTF-8", "LC_ALL": "", **environment}
    return app.test_cli_runner().invoke(report_compare, [str(one) for one in arguments], env=env)


def test_every_cell_of_the_kit_but_its_misprint(app: Flask, shared_data: Path) -> None:
    kit = shared_data / "hmis_caper_fy2021"
    result = run(app, kit / "input", kit / "expected", "--report", "caper")
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[-1] == "1807 of 1808 cells agree"
    assert [line.split(" ", 1)[0] for line in lines[1:-1]] == ["Q4a"]
    assert "contradicts its own input" in lines[1]


def test_the_files_are_the_kits_to_the_letter(shared_data: Path) -> None:
    kit = shared_data / "hmis_caper_fy2021"
    with open_export(kit / "input") as export:
        about = export.about.row.values
        period = Period(about["ExportStartDate"], about["ExportEndDate"])  # type: ignore[arg-type]
        ours = {table.name: csv_text(table) for table in compute(records_of(export), period, "fy2022", "caper")}
    theirs = {path.stem: path.read_bytes().decode() for path in (kit / "expected").glob("*.csv")}
    assert ours.keys() == theirs.keys()
    assert [name for name in theirs if ours[name] != theirs[name]] == ["Q4a"]


def test_a_changed_number_is_named_and_a_changed_order_is_not(app: Flask, shared_data: Path, tmp_path: Path) -> None:
    kit = shared_data / "hmis_caper_fy2021"
    theirs = tmp_path / "expected"
    theirs.mkdir()
    lines = (kit / "expected" / "Q11.csv").read_text().splitlines()
    (theirs / "Q11.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]))
    shutil.copy(kit / "expected" / "Q5a.csv", theirs)
    (theirs / "Q5a.csv").write_text((theirs / "Q5a.csv").read_text().replace(",26", ",27"))
    result = run(app, kit / "input", theirs, "--report", "caper", LANG="es_MX.UTF-8")
    said = result.output.splitlines()
    assert said[-1] == "75 of 76 cells agree"
    assert re.match(r"Q5a 2 \[2\. Number of adults.*26.*27", said[1])


def test_spelling_of_files_and_an_extra_header_are_forgiven(app: Flask, shared_data: Path, tmp_path: Path) -> None:
    kit, theirs = shared_data / "hmis_caper_fy2021", tmp_path / "expected"
    theirs.mkdir()
    (theirs / "notes.csv").write_text("not,a,table")
    (theirs / "q5a.csv").write_text('"Category","Count"\n' + (kit / "expected" / "Q5a.csv").read_text())
    (theirs / "Q15.csv").write_bytes((kit / "expected" / "Q15.csv").read_text().encode("cp1252"))
    assert run(app, kit / "input", theirs).output.splitlines()[1:] == ["186 of 186 cells agree"]


def test_a_folder_without_tables_is_told(app: Flask, shared_data: Path, tmp_path: Path) -> None:
    result = run(app, shared_data / "hmis_caper_fy2021" / "input", tmp_path)
    assert result.exit_code == 1
    assert "no table" in result.output
