"""Whatever bytes come in: a plan that accounts for every row, or a refusal with a sentence. Never anything else."""

from __future__ import annotations

import csv
import io
import tempfile
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter.exchange.hmis import Problems, Reason, build_plan, open_export, summary
from shelter.exchange.hmis.plan import HELD_FILES
from shelter.exchange.hmis.sentences import REFUSALS
from shelter.rules.broken import Broken
from tests.exchange.hmis.sample import as_csv, as_folder, as_zip, bed_night, members, tables

TODAY = date(2026, 2, 1)
FILES = sorted(members(tables()))
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CSV_LIKE = st.text("\"',;\r\n\0=abc019 é\ufeff", max_size=200).map(str.encode)


def read_all(path: Path) -> None:
    """Read an export to the end and check that every row went somewhere, once."""
    with open_export(path) as export:
        plan = build_plan(export, today=TODAY)
        held = {
            "Organization": len(plan.organizations),
            "Project": len(plan.projects),
            "Client": len(plan.clients),
            "Enrollment": len(plan.enrollments),
            "Exit": sum(one.has_exit for one in plan.enrollments),
        }
        given_out = dict.fromkeys(export.files, 0) | held
        for row in [*plan.services(), *plan.health_answers(), *plan.other_rows()]:
            given_out[row.file] += 1
            assert list(row.row.raw) == list(row.row.columns)
        aside = dict.fromkeys(export.files, 0)
        for row in plan.aside_rows():
            aside[row.file] += 1
        for file, count in summary(plan).files.items():
            assert given_out[file] == count.placed, file
            assert aside[file] == count.aside, file
            assert count.read == count.placed + count.once + count.aside + count.left_out
        people = {client.key for client in plan.clients}
        assert {one.person_key for one in plan.enrollments} <= people
        assert all(stay.end is None or stay.start < stay.end for stay in plan.stays)


def read_or_refuse(path: Path) -> None:
    """Nothing but a refusal with a sentence that its values fill may be raised."""
    refusal: Broken | None = None
    try:
        read_all(path)
    except Broken as broken:
        refusal = broken
    if refusal is not None:
        assert _named(REFUSALS[refusal.message_key]) <= refusal.values.keys()


def try_files(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read_or_refuse(as_zip(Path(folder) / "a.zip", files))


def _named(sentence: str) -> set[str]:
    return {part.split(")s")[0] for part in sentence.split("%(")[1:]}


def test_the_held_files_are_those_whose_rows_are_counted_here() -> None:
    assert set(HELD_FILES) == {"Organization", "Project", "Client", "Enrollment", "Exit"}


@settings(max_examples=60)
@given(st.sampled_from(FILES), CSV_LIKE | st.binary(max_size=200))
def test_any_bytes_as_a_file(name: str, content: bytes) -> None:
    try_files(members(tables()) | {name: content})


@settings(max_examples=60)
@given(st.sampled_from(FILES), CSV_LIKE, st.booleans())
def test_any_rows_below_a_true_header(name: str, content: bytes, quoted: bool) -> None:
    whole = members(tables())
    header = whole[name].split(b"\r\n")[0]
    before = whole[name] if quoted else header + b"\r\n"
    try_files(whole | {name: before + content})


@settings(max_examples=60)
@given(st.data())
def test_any_cells_in_a_true_table(data: st.DataObject) -> None:
    world = tables()
    name = data.draw(st.sampled_from(sorted(set(world) - {"Export"})))
    columns = list(dict.fromkeys(column for row in world[name] for column in row))
    width = len(columns)
    cells = st.sampled_from(["", "c1", "n1", "p0", "1", "2025-10-01"]) | CELLS
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))
    world[name] += [dict(zip(columns, row, strict=True)) for row in rows]
    try_files(members(world))


@settings(max_examples=80)
@given(st.data())
def test_a_zip_with_bytes_changed(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = as_zip(Path(folder) / "a.zip", members(tables()))
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 6))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        read_or_refuse(path)


def test_an_offset_that_leads_before_the_first_byte_is_a_broken_zip(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", members(tables()))
    content = bytearray(path.read_bytes())
    where = content.rindex(b"PK\x05\x06") + 16  # where the directory begins, as the end of the archive tells it
    content[where : where + 4] = (int.from_bytes(content[where : where + 4], "little") + 1).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(Broken) as refused, open_export(path) as export:
        list(export.rows("Client"))
    assert refused.value.message_key == "import.broken_zip"


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_wrote_is_kept_to_the_letter(rows: list[list[str]], end: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["PersonalID", "FirstName", "Sex"], *rows])
    files = members(tables()) | {"Client.csv": text.getvalue().encode()}
    with tempfile.TemporaryDirectory() as folder, open_export(as_folder(Path(folder) / "a", files)) as export:
        kept = [list(row.kept.raw.values()) for row in export.rows("Client")]
    assert kept == rows


def test_the_list_of_problems_is_bounded_and_the_counts_are_not() -> None:
    problems = Problems(limit=10)
    for line in range(25):
        problems.add("Client", line, None, Reason.NUL_BYTE)
    assert (len(list(problems)), len(problems), problems.is_cut) == (10, 25, True)


def test_rows_about_people_are_handed_on_without_being_held(tmp_path: Path) -> None:
    world = tables()
    world["Services"] = [
        bed_night(f"s{number}", "n3", "c3", "2025-11-01") | {"OtherTypeProvided": "x" * 400} for number in range(10_000)
    ]
    path = as_zip(tmp_path / "a.zip", members(world) | {"Services.csv": as_csv(world["Services"]).encode()})
    with open_export(path) as export:
        plan = build_plan(export, today=TODAY)
        tracemalloc.start()
        assert sum(1 for _ in plan.services()) == 10_000
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 1_000_000
