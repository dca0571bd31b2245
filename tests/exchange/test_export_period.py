"""HMIS out of a period: what HUD's rule takes along, file by file, and what it does not know yet."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

from flask import Flask

from shelter.answers import actions as answers
from shelter.answers.actions import Keep
from shelter.db import db
from shelter.exchange.hmis.layout import layout_of
from shelter.exchange.out.differences import Why
from shelter.rules.hmisperiod import period_rules
from shelter.rules.interview import Stage
from shelter.stays import actions as stays
from shelter.stays.actions import Leave, Leaving
from shelter.stays.models import Bed
from tests.exchange.hmis.sample import child, tables
from tests.exchange.test_export import imported, taken
from tests.factories.agency import World
from tests.factories.clients import Desk, named
from tests.factories.stays import DAY, make_beds, stay_of, tonight


def test_a_period_takes_the_enrollments_open_in_it_with_their_rows_up_to_its_last_day(
    app: Flask, world: World, tmp_path: Path
) -> None:
    imported(app, world, tmp_path, tables())

    def ids(first: date, last: date) -> dict[str, list[str]]:
        _, rows, _ = taken(world, first=first, last=last)
        (export,) = rows["Export"]
        assert (export["ExportStartDate"], export["ExportEndDate"]) == (str(first), str(last))
        assert export["ExportPeriodType"] == "3"
        keys = {"Client": "PersonalID", "Enrollment": "EnrollmentID", "Exit": "ExitID", "Services": "ServicesID"}
        return {file: sorted(row[key] for row in rows[file]) for file, key in keys.items()}

    assert ids(date(2025, 10, 8), date(2025, 10, 31)) == {  # n1 leaves on the first day of it: that day counts
        "Client": ["c1", "c2"],
        "Enrollment": ["n1", "n2"],
        "Exit": ["x1"],
        "Services": [],
    }
    assert ids(date(2025, 10, 1), date(2025, 10, 7)) == {  # what happened after the last day is not known yet
        "Client": ["c1", "c2"],
        "Enrollment": ["n1", "n2"],
        "Exit": [],
        "Services": [],
    }
    assert ids(date(2025, 10, 9), date(2025, 11, 2)) == {
        "Client": ["c2", "c3"],
        "Enrollment": ["n2", "n3"],
        "Exit": [],
        "Services": ["s1", "s2"],
    }
    assert ids(date(2025, 1, 1), date(2025, 9, 30)) == {
        file: [] for file in ("Client", "Enrollment", "Exit", "Services")
    }
    done, rows, _ = taken(world, first=date(2025, 10, 9), last=date(2025, 11, 2))
    left_out = {one.file: one.count for one in done.differences if one.why is Why.OUT_OF_PERIOD}
    assert left_out == {"Client": 1, "Enrollment": 1, "Exit": 1, "Services": 2, "HealthAndDV": 1}
    assert done.people == len(rows["Client"]) == 2


def test_a_deleted_exit_ended_nothing_and_parts_go_where_their_assessment_goes(
    app: Flask, world: World, tmp_path: Path
) -> None:
    made = tables()
    made["Exit"][0]["DateDeleted"] = "2025-10-09 08:00:00"
    days = {"a1": "2025-11-01", "a2": "2025-11-20"}
    made["Assessment"] = [child("AssessmentID", key, "n1", "c1", AssessmentDate=day) for key, day in days.items()]
    for file, key in (("AssessmentQuestions", "AssessmentQuestionID"), ("AssessmentResults", "AssessmentResultID")):
        made[file] = [child(key, f"of {one}", "n1", "c1", AssessmentID=one) for one in days]
    imported(app, world, tmp_path, made)
    done, rows, _ = taken(world, first=date(2025, 11, 1), last=date(2025, 11, 10))
    assert {row["EnrollmentID"] for row in rows["Enrollment"]} == {"n1", "n2", "n3"}
    parts = ("Assessment", "AssessmentQuestions", "AssessmentResults")
    assert {file: [row["AssessmentID"] for row in rows[file]] for file in parts} == {file: ["a1"] for file in parts}
    left_out = {one.file: one.count for one in done.differences if one.why is Why.OUT_OF_PERIOD}
    assert left_out == dict.fromkeys(parts, 1)


def test_what_begins_after_the_period_is_from_the_future_for_projects_and_single_cells_too(
    app: Flask, world: World, tmp_path: Path
) -> None:
    """HUD takes every project along, whatever its days; beds, money and moves that came later it does not know yet."""
    made = tables()
    days = {"f1": "2025-01-01", "f2": "2025-11-09"}
    made["Funder"] = [
        {"FunderID": key, "ProjectID": "p0", "Funder": "46", "StartDate": day} for key, day in days.items()
    ]
    made["Inventory"] = [
        {"InventoryID": f"i{key}", "ProjectID": "p0", "BedInventory": "4", "InventoryStartDate": day}
        for key, day in days.items()
    ]
    made["Enrollment"][1] |= {"MoveInDate": "2025-11-20", "DateOfPATHStatus": "2025-10-02", "ClientEnrolledInPATH": "1"}
    imported(app, world, tmp_path, made)
    done, rows, _ = taken(world, first=date(2025, 10, 1), last=date(2025, 11, 8))
    assert [row["FunderID"] for row in rows["Funder"]] == ["f1"]
    assert [row["InventoryID"] for row in rows["Inventory"]] == ["if1"]
    assert {"p0", "p1", "p13"} <= {row["ProjectID"] for row in rows["Project"]}
    (moved,) = [row for row in rows["Enrollment"] if row["EnrollmentID"] == "n2"]
    assert (moved["MoveInDate"], moved["DateOfPATHStatus"], moved["ClientEnrolledInPATH"]) == ("", "2025-10-02", "1")
    left_out = {(one.file, one.column): one.count for one in done.differences if one.why is Why.OUT_OF_PERIOD}
    assert left_out == {("Funder", ""): 1, ("Inventory", ""): 1, ("Enrollment", "MoveInDate"): 1}
    assert [row["MoveInDate"] for row in taken(world)[1]["Enrollment"] if row["EnrollmentID"] == "n2"] == ["2025-11-20"]


def test_own_beds_are_those_of_the_last_day_of_the_period(world: World) -> None:
    beds_of = make_beds(world)
    bed, day = db.session.get_one(Bed, beds_of["A"]), tonight() - 4 * DAY
    bed.from_day = day
    db.session.commit()

    def beds(last: date) -> list[str]:
        rows = taken(world, first=day - 9 * DAY, last=last)[1]
        return [row["BedInventory"] for row in rows["Inventory"]]

    assert (beds(day - DAY), beds(day)) == (["1"], ["2"])


def test_every_column_of_the_period_rules_is_a_column_of_its_file() -> None:
    rules, files = period_rules(), layout_of("FY2026").files
    named = [*rules.day.items(), *rules.part_of.items(), *rules.begins.items()]
    named += [(one.file, column) for one in rules.cells for column in (one.day, *one.along)]
    assert [(file, column) for file, column in named if file in files and column not in files[file].columns] == []
    assert [file for file, _ in named if file not in files] == ["EnrollmentCoC"]  # a file of earlier years
    dated = {name for name, file in files.items() if "EnrollmentID" in file.columns and name != "Enrollment"}
    assert dated == {*rules.day, *rules.part_of} - {"EnrollmentCoC"}


def test_stays_lived_here_belong_to_a_period_by_the_same_rule(world: World) -> None:
    beds, who = make_beds(world), world.actor("caseworker")
    code = named(world, "Ana María Prueba", called="Lin")
    first, left = tonight() - 20 * DAY, tonight() - 10 * DAY
    stays.admit(who, stays.Admit(code, beds["A"], first))
    for stage in (Stage.ENTRY, Stage.UPDATE, Stage.EXIT):  # all of them asked a day late
        day = left + DAY if stage is Stage.EXIT else first + DAY
        answers.keep(who, Keep(code, stay_of(code).id, stage, day, {"survivor": ["yes"]}, {}, {}))
    stays.leave(who, Leave(code, stay_of(code).id, left, 1, Leaving(destination="family_for_good")))

    def counts(start: date, end: date) -> tuple[int, ...]:
        rows = taken(world, first=start, last=end)[1]
        return tuple(len(rows[file]) for file in ("Client", "Enrollment", "Exit", "IncomeBenefits"))

    assert counts(left, left) == (1, 1, 1, 3)
    assert counts(first, left - DAY) == (1, 1, 0, 2)
    assert counts(first, first) == (1, 1, 0, 1)  # what is asked at entry is about that day, whenever it was said
    assert counts(left + DAY, tonight() - DAY) == (0, 0, 0, 0)
    assert counts(first - 9 * DAY, first - DAY) == (0, 0, 0, 0)
    told = [row["InformationDate"] for row in taken(world)[1]["IncomeBenefits"]]
    assert told == [str(first), str(first + DAY), str(left)]


def test_a_stay_that_is_only_planned_is_no_enrollment_yet(world: World) -> None:
    beds = make_beds(world)
    code = named(world, "Ana María Prueba", called="Lin")
    stays.admit(world.actor("caseworker"), stays.Admit(code, beds["A"], tonight() + 9 * DAY))
    assert taken(world)[1]["Enrollment"] == []


def test_the_page_says_beside_the_field_which_day_cannot_be_meant(app: Flask, world: World) -> None:
    boss = Desk(app, world, "supervisor")
    for days, field, said in (
        ({"first": "2026-02-01", "last": "2026-01-31"}, "last", "The period ends before it begins"),
        ({"first": "2026-01-01", "last": "2099-01-31"}, "last", "still to come"),
        ({"first": "1907-01-01", "last": "2026-01-31"}, "first", "before 1990"),
        ({"first": "2099-01-01"}, "first", "ends before it begins"),
        ({"first": "31 of never"}, "first", "date"),
    ):
        answer = boss.post("/exchange/hmis-out", for_us="1", **days)
        assert answer.status_code == 422, days
        assert f'id="{field}-error"' in answer.text
        assert said in answer.text
        assert all(f'value="{day}"' in answer.text for day in days.values())
    answer = boss.post("/exchange/hmis-out", for_us="1", first="2026-01-01", last="2026-01-31")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        (export,) = csv.DictReader(io.StringIO(archive.read("Export.csv").decode()))
    assert (export["ExportStartDate"], export["ExportEndDate"]) == ("2026-01-01", "2026-01-31")
