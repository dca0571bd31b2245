"""Files as agencies really write them: any order of columns, any encoding, and nothing lost of what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from shelter.exchange.hmis import Export, Limits, Problems, Reason, open_export
from shelter.rules.broken import Broken
from tests.exchange.hmis.sample import as_csv, as_zip, members, tables


def opened(tmp_path: Path, **changed: bytes) -> Export:
    files = members(tables()) | {f"{name}.csv": content for name, content in changed.items()}
    return open_export(as_zip(tmp_path / f"{len(list(tmp_path.iterdir()))}.zip", files))


def refusal(tmp_path: Path, **changed: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(Broken) as broken:
        opened(tmp_path, **changed)
    return broken.value.message_key, broken.value.values


def noted(export: Export) -> set[tuple[str, str | None]]:
    return {(note.message_key, note.file) for note in export.notes}


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_change_nothing(tmp_path: Path, end: str, mark: bytes) -> None:
    text = mark + as_csv(tables()["Client"], end).encode()
    with opened(tmp_path) as plain, opened(tmp_path, Client=text) as other:
        assert [row.kept for row in plain.rows("Client")] == [row.kept for row in other.rows("Client")]


@pytest.mark.parametrize(
    ("encoding", "name", "note"),
    [("utf-8", "Zoë Łukasz", None), ("cp1252", "Zoë’s", "cp1252"), ("latin-1", "Zoë \x81", "latin1")],
)
def test_each_file_is_read_in_its_own_encoding(tmp_path: Path, encoding: str, name: str, note: str | None) -> None:
    clients = [row | {"FirstName": name} for row in tables()["Client"]]
    with opened(tmp_path, Client=as_csv(clients).encode(encoding)) as export:
        assert {row.kept.raw["FirstName"] for row in export.rows("Client")} == {name}
        given = {key for key, file in noted(export) if file == "Client" and "column" not in key}
        assert given == ({f"import.note.{note}"} if note else set())


def test_utf16_is_refused_with_its_name(tmp_path: Path) -> None:
    assert refusal(tmp_path, Client=as_csv(tables()["Client"]).encode("utf-16"))[0] == "import.utf16"


def test_formulas_quotes_and_line_breaks_are_kept_as_written(tmp_path: Path) -> None:
    hostile = ['=HYPERLINK("http://x","y")', "@SUM(1)", "+1", "-1", 'a "b" c', "two\r\nlines", "a,b", "\tx "]
    clients = [row | {"LastName": text} for row, text in zip(tables()["Client"] * 3, hostile, strict=False)]
    for number, row in enumerate(clients):
        row["PersonalID"] = f"c{number}"
    with opened(tmp_path, Client=as_csv(clients).encode()) as export:
        rows = list(export.rows("Client"))
    assert [row.kept.raw["LastName"] for row in rows] == hostile
    assert [row.kept.line for row in rows] == [2, 3, 4, 5, 6, 7, 9, 10]


def test_extra_columns_stay_under_their_own_name_and_order_is_free(tmp_path: Path) -> None:
    clients = [dict(reversed((row | {"Apodo": "Nana", "Sex ": "0"}).items())) for row in tables()["Client"]]
    for row in clients:
        del row["Sex"]
    with opened(tmp_path, Client=as_csv(clients).encode()) as export:
        rows = list(export.rows("Client"))
        assert {row.kept.raw["Apodo"] for row in rows} == {"Nana"}
        assert {row.values["Sex"] for row in rows} == {0}
        assert ("import.note.extra_columns", "Client") in noted(export)
        missing = {n.file: n.values for n in export.notes if n.message_key == "import.note.missing_columns"}
    assert "VeteranStatus" in str(missing["Client"]["columns"])


def test_a_column_spelled_in_other_capitals_is_read_and_noted(tmp_path: Path) -> None:
    text = as_csv(tables()["Client"]).replace("PersonalID", "personalid").encode()
    with opened(tmp_path, Client=text) as export:
        assert [row.kept.key for row in export.rows("Client")] == ["c1", "c2", "c3"]
        assert ("import.note.column_spelled", "Client") in noted(export)


def test_a_doubled_column_is_kept_under_a_number_but_a_doubled_key_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, Client=b"PersonalID,SSN,SSN,,SSN (2),Sex\n1,a,b,c,d,0\n") as export:
        raw = next(export.rows("Client")).kept.raw
    assert raw == {"PersonalID": "1", "SSN": "a", "SSN (3)": "b", "column 4": "c", "SSN (2)": "d", "Sex": "0"}
    assert refusal(tmp_path, Client=b"PersonalID,PersonalID,Sex\n1,2,0\n")[0] == "import.key_column_twice"


@pytest.mark.parametrize(
    ("file", "column"),
    [("Client", "PersonalID"), ("Enrollment", "ProjectID"), ("Exit", "EnrollmentID"), ("Services", "ServicesID")],
)
def test_a_missing_key_column_is_refused_by_name(tmp_path: Path, file: str, column: str) -> None:
    rows = [{k: v for k, v in row.items() if k != column} for row in tables()[file]]
    key, values = refusal(tmp_path, **{file: as_csv(rows).encode()})
    assert (key, values) == ("import.missing_key_column", {"file": file, "column": column})


def test_empty_files_and_empty_headers(tmp_path: Path) -> None:
    assert refusal(tmp_path, Client=b"")[0] == "import.empty_file"
    assert refusal(tmp_path, Export=b"")[0] == "import.export_rows"
    assert refusal(tmp_path, Client=b"\n\n")[0] == "import.empty_file"
    with opened(tmp_path, Event=b"", Client=b"PersonalID,Sex\n") as export:
        assert ("import.note.empty_file", "Event") in noted(export)
        assert list(export.rows("Client")) == []


@pytest.mark.parametrize(
    ("version", "columns", "year"),
    [
        ("2026 v1", "PersonalID,Sex", "FY2026"),
        ("FY2024", "PersonalID,Woman,NonBinary", "FY2024"),
        ("2024 v1.3", "PersonalID", "FY2024"),
        ("", "PersonalID,Ethnicity,NoSingleGender", "FY2022"),
        ("FY2020", "PersonalID,Sex", "FY2026"),
        ("FY2026", "PersonalID,Woman,NonBinary", "FY2024"),
        ("FY2020", "PersonalID", None),
        ("FY2020", "PersonalID,Sex,Woman,NonBinary", None),
    ],
)
def test_the_version_and_the_columns_decide_the_year(
    tmp_path: Path, version: str, columns: str, year: str | None
) -> None:
    export_row = as_csv([tables()["Export"][0] | {"CSVVersion": version}]).encode()
    client = f"{columns}\n".encode()
    if year is None:
        assert refusal(tmp_path, Export=export_row, Client=client)[0] == "import.unknown_version"
        return
    with opened(tmp_path, Export=export_row, Client=client) as export:
        assert export.layout.year == year


@pytest.mark.parametrize("rows", [0, 2])
def test_an_export_has_one_row_about_itself(tmp_path: Path, rows: int) -> None:
    row = tables()["Export"][0]
    text = as_csv([row | {"ExportID": f"e{n}"} for n in range(rows)], columns=list(row)).encode()
    assert refusal(tmp_path, Export=text)[0] == "import.export_rows"


def test_rows_of_the_wrong_width_are_listed_and_only_surplus_cells_lose_one(tmp_path: Path) -> None:
    text = b"PersonalID,FirstName,Sex\n1,Ana\n2,Smith, Jr,0\n3,Eva,0,,\n4,Zoe,1\n"
    problems = Problems()
    with opened(tmp_path, Client=text) as export:
        assert [row.kept.key for row in export.rows("Client", problems)] == ["1", "3", "4"]
    assert [(p.line, p.reason) for p in problems] == [(2, Reason.TOO_FEW_CELLS), (3, Reason.TOO_MANY_CELLS)]


def test_an_open_quotation_loses_what_it_swallows_and_no_more(tmp_path: Path) -> None:
    lines = ["PersonalID,FirstName,Sex", '"1","Ana","0"', '"2","Eva,"0"', '"3","Zoe","1"', '"4","Mia","0"']
    problems = Problems()
    with opened(tmp_path, Client="\n".join(lines).encode()) as export:
        assert [row.kept.key for row in export.rows("Client", problems)] == ["1", "3", "4"]
    assert [(p.line, p.reason) for p in problems] == [(3, Reason.UNREADABLE_ROW)]
    swallowing = [*lines[:2], '"2","Eva,0', *lines[3:], '"5","Lu']
    problems = Problems()
    with opened(tmp_path, Client="\n".join(swallowing).encode()) as export:
        assert [row.kept.key for row in export.rows("Client", problems)] == ["1", "4"]
    assert [(p.line, p.reason) for p in problems] == [(3, Reason.UNREADABLE_ROW), (6, Reason.UNREADABLE_ROW)]


def test_nul_bytes_are_listed_and_stay_out_of_values(tmp_path: Path) -> None:
    problems = Problems()
    with opened(tmp_path, Client=b"PersonalID,FirstName,Sex\n1,An\0a,0\n") as export:
        row = next(export.rows("Client", problems))
    assert (row.values["FirstName"], row.kept.raw["FirstName"]) == ("Ana", "An\0a")
    assert [p.reason for p in problems] == [Reason.NUL_BYTE]


def test_a_line_or_a_row_without_end_is_refused(tmp_path: Path) -> None:
    for text in (b"PersonalID,Sex\n1," + b"x" * 5000, b'PersonalID,Sex\n1,"' + b'"",""\n' * 5000 + b'"'):
        path = as_zip(tmp_path / "a.zip", members(tables()) | {"Client.csv": text})
        with open_export(path, limits=Limits(line=1000)) as export, pytest.raises(Broken) as broken:
            list(export.rows("Client"))
        assert broken.value.message_key == "import.line_too_long"


def test_a_cell_longer_than_any_column_loses_its_row_only(tmp_path: Path) -> None:
    problems = Problems()
    text = b"PersonalID,FirstName,Sex\n1," + b"x" * 200_000 + b",0\n2,Ana,0\n"
    with opened(tmp_path, Client=text) as export:
        assert [row.kept.key for row in export.rows("Client", problems)] == ["2"]
    assert [(p.line, p.reason) for p in problems] == [(2, Reason.UNREADABLE_ROW)]


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    header = ",".join(["PersonalID", "Sex", *(f"x{number}" for number in range(2000))])
    assert refusal(tmp_path, Client=header.encode())[0] == "import.too_many_columns"
