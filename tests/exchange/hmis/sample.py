"""A small invented export, built anew for each test: three people, two projects, and a way to spoil it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

Row = dict[str, str]
Tables = dict[str, list[Row]]

TODAY_YEAR = 2026


def tables() -> Tables:
    """An FY2026 export: a shelter (0), a night-by-night shelter (1) and rapid re-housing (13)."""
    return {
        "Export": [{"ExportID": "e1", "CSVVersion": "2026 v1", "HashStatus": "1", "ExportDate": "2026-01-31 08:00:00"}],
        "Organization": [{"OrganizationID": "o1", "OrganizationName": "Casa Alba", "VictimServiceProvider": "1"}],
        "Project": [
            {"ProjectID": "p0", "OrganizationID": "o1", "ProjectName": "Alba house", "ProjectType": "0"},
            {"ProjectID": "p1", "OrganizationID": "o1", "ProjectName": "Alba nights", "ProjectType": "1"},
            {"ProjectID": "p13", "OrganizationID": "o1", "ProjectName": "Alba homes", "ProjectType": "13"},
        ],
        "Client": [
            person("c1", FirstName="Ana", LastName="Prueba", DOB="1990-02-03", DOBDataQuality="1", Sex="0"),
            person("c2", FirstName="Bo", LastName="Prueba", DOB="2015-02-03", DOBDataQuality="2", Sex="1"),
            person("c3", FirstName="Dee", LastName="Ejemplo", DOBDataQuality="9", Sex="9"),
        ],
        "Enrollment": [
            enrollment("n1", "c1", "p0", "2025-10-01", "h1", "1"),
            enrollment("n2", "c2", "p0", "2025-10-01", "h1", "2"),
            enrollment("n3", "c3", "p1", "2025-11-01", "h3", "1"),
        ],
        "Exit": [child("ExitID", "x1", "n1", "c1", ExitDate="2025-10-08", Destination="410")],
        "Services": [bed_night(f"s{day}", "n3", "c3", f"2025-11-{day:02}") for day in (1, 2, 3, 7)],
        "HealthAndDV": [
            child(
                *("HealthAndDVID", "d1", "n1", "c1"),
                InformationDate="2025-10-01",
                DomesticViolenceSurvivor="1",
                DataCollectionStage="1",
            )
        ],
    }


def person(key: str, **more: str) -> Row:
    return {"PersonalID": key, "FirstName": "", "LastName": "", "SSN": "", "DOB": "", "DOBDataQuality": ""} | more


def enrollment(key: str, who: str, project: str, entry: str, household: str, relation: str, **more: str) -> Row:
    row = {"EnrollmentID": key, "PersonalID": who, "ProjectID": project, "EntryDate": entry}
    return row | {"HouseholdID": household, "RelationshipToHoH": relation, "MoveInDate": ""} | more


def child(column: str, key: str, enrolled: str, who: str, **more: str) -> Row:
    return {column: key, "EnrollmentID": enrolled, "PersonalID": who} | more


def bed_night(key: str, enrolled: str, who: str, day: str) -> Row:
    return child(
        "ServicesID", key, enrolled, who, DateProvided=day, RecordType="200", TypeProvided="200", DateDeleted=""
    )


def leave(key: str, enrolled: str, who: str, day: str) -> Row:
    return child("ExitID", key, enrolled, who, ExitDate=day, Destination="410")


def as_csv(rows: Sequence[Mapping[str, str]], end: str = "\r\n", columns: Sequence[str] = ()) -> str:
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def members(of: Tables) -> dict[str, bytes]:
    return {f"{name}.csv": as_csv(rows).encode() for name, rows in of.items()}


def as_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def as_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    path.mkdir()
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path
