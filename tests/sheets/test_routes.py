"""The way of a sheet through the pages: sent, matched, looked at, brought in, taken back; nothing of it in clear."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.sheets.models import SheetImport, SheetRows
from shelter.trail.models import Trail, TrailSubject
from tests.factories.agency import World
from tests.factories.clients import Desk, client_id, named
from tests.factories.sheets import as_csv, as_xlsx

GOOD = [["First name", "Last name", "DOB"], ["Ana", "Prueba", "1990-02-03"], ["Luz", "Muestra", "1985"]]
BAD = [["First name", "Last name", "DOB"], ["Ana", "Prueba", "31/31/1990"], ["=cmd|x", "Muestra", "1985"]]


def send(desk: Desk, file: io.BytesIO, name: str = "people.csv", what: str = "clients") -> Any:
    return desk.post("/sheets/new", what=what, file=(file, name))  # type: ignore[arg-type]


def step(answer: Any) -> str:
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def as_guessed(desk: Desk, at: str, **more: str) -> Any:
    """The columns as the page suggests them."""
    page = desk.get(at).text
    fields = {}
    for name, options in re.findall(r'<select[^>]*name="(column_\d+)"(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options)
        fields[name] = chosen[1] if chosen else ""
    site = re.search(r'name="site"[^>]*value="([0-9a-f]{32})"', page)
    fields |= {"site": site[1]} if site else {}
    return desk.post(at, **(fields | {"days": "month"} | more))


def test_a_sheet_comes_in_and_goes_back_by_the_pages_alone(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    columns = step(send(desk, as_csv(GOOD)))
    check = step(as_guessed(desk, columns))
    assert "All 2 rows are in order." in desk.get(check).text
    bring = check.replace("/check", "/bring")
    assert "Look at the rows first" in desk.post(bring, twins="leave").text
    shown = step(desk.post(bring, twins="leave", sure="y"))
    assert "Brought in: 2 people." in desk.get(shown).text
    assert len(db.session.scalars(select(Client)).all()) == 2
    assert "2 people" in desk.get("/sheets/").text
    step(desk.post(f"{shown}/back", sure="y"))
    assert db.session.scalars(select(Client)).all() == []
    assert "taken back" in desk.get("/sheets/").text


def test_rows_that_cannot_come_in_are_shown_and_given_back_with_the_reason(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    check = step(as_guessed(desk, step(send(desk, as_csv(BAD)))))
    page = desk.get(check).text
    assert "1 row cannot come in as it is" in page
    assert "this is no day that can be read" in page
    assert desk.get(check.replace("/check", "/bring")).status_code == 302
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.get(check.replace("/check", "/wrong")).data))
    assert book.get_sheet_by_index(0).to_python() == [
        ["First name", "Last name", "DOB", "Row", "Why"],
        ["Ana", "Prueba", "31/31/1990", 2.0, "Birth date: this is no day that can be read"],
    ]


def test_a_workbook_with_several_sheets_asks_which(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    which = step(send(desk, as_xlsx(Notes=[["nothing"]], People=GOOD), "people.xlsx"))
    assert which.endswith("/sheet")
    assert "Choose a sheet that has rows" in desk.post(which, sheet="0").text
    check = step(as_guessed(desk, step(desk.post(which, sheet="1"))))
    assert "All 2 rows are in order." in desk.get(check).text


def test_what_is_no_spreadsheet_is_said_beside_the_file_and_leaves_nothing(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    answer = send(desk, io.BytesIO(b"%PDF-1.7 x"), "people.csv")
    assert answer.status_code == 422
    assert "This is no spreadsheet." in answer.text
    assert db.session.scalars(select(SheetImport)).all() == []
    assert db.session.scalars(select(SheetRows)).all() == []


ROWS = {
    "households": (["Code", "Family"], ["f1"]),
    "stays": (["Code", "Arrived"], ["2025-03-01"]),
    "services": (["Code", "Service", "Date"], ["Transport", "2050-01-01"]),
    "papers": (["Code", "Document"], ["foreign_passport"]),
    "matters": (["Code", "Matter", "Opened"], ["T visa", "2026-01-01"]),
    "deadlines": (["Code", "Rule", "Counted from"], ["address.dhs", "2026-01-01"]),
}


def test_each_kind_has_its_way_through_the_pages(app: Flask, world: World) -> None:
    code = named(world, "Ana Pruebas")
    for who, kinds in (("supervisor", list(ROWS)[:4]), ("legal_supervisor", list(ROWS)[2:])):
        desk = Desk(app, world, who)
        for what in kinds:
            headings, cells = ROWS[what]
            check = step(as_guessed(desk, step(send(desk, as_csv([headings, [code, *cells]]), what=what))))
            page = desk.get(check)
            assert page.status_code == 200
            wrong = {"services": "this day has not come yet", "deadlines": "she has no such matter"}
            assert wrong.get(what, "1 row is in order.") in page.text


def test_twenty_sheets_of_long_headings_are_refused_and_leave_nothing(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    pages = {f"S{number}": [["h" * 90] * 150, ["x"]] for number in range(20)}
    answer = send(desk, as_xlsx(**pages), "people.xlsx")
    assert answer.status_code == 422
    assert "There is more in this workbook than can be read." in answer.text
    assert db.session.scalars(select(SheetRows)).all() == []


def test_what_is_read_of_a_record_for_a_comparison_is_written_down(app: Flask, world: World) -> None:
    code = named(world, "Ana Pruebas")
    desk = Desk(app, world, "supervisor")
    desk.get(step(as_guessed(desk, step(send(desk, as_csv(GOOD))))))
    read = (
        select(TrailSubject.client_id).join(Trail, Trail.seq == TrailSubject.seq).where(Trail.act == "sheets:prepare")
    )
    assert set(db.session.scalars(read)) == {client_id(code)}


def test_two_columns_for_one_place_are_refused_beside_the_second(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    columns = step(send(desk, as_csv(GOOD)))
    answer = as_guessed(desk, columns, column_1="first_name")
    assert answer.status_code == 422
    assert "Another column goes there already" in answer.text


def test_what_waits_can_be_thrown_away(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    columns = step(send(desk, as_csv(GOOD)))
    step(desk.post(columns.replace("/columns", "/away"), page="/sheets/"))
    assert db.session.scalars(select(SheetImport)).all() == []
    assert desk.get(columns).status_code == 404


def test_a_template_is_understood_as_it_is_given_out(app: Flask, world: World) -> None:
    desk = Desk(app, world, "supervisor")
    for language in ("en", "es"):
        desk.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        given = desk.get("/sheets/templates/clients").data
        book = CalamineWorkbook.from_filelike(io.BytesIO(given))
        headings = [str(cell) for cell in book.get_sheet_by_index(0).to_python()[0]]
        page = desk.get(step(send(desk, as_csv([headings, ["7"] * len(headings)])))).text
        assert page.count(" selected") >= len(headings)
