"""A spreadsheet brought in and taken back: a wrong row is shown with its reason, the right file comes in as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.factories.clients import named
from tests.factories.sheets import as_csv, as_xlsx
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
SECRETS = ("Quilvana", "Ostrowanda")
HEADINGS = ["Client ID", "First name", "Last name", "DOB"]
SOUND = [["7", "Quilvana", "Prueba", "1990-02-03"], ["8", "Ostrowanda", "Muestra", "1985"]]
WRONG = [["7", "Quilvana", "Prueba", "1990-02-03"], ["8", "Ostrowanda", "Muestra", "31/31/1985"]]


def send(hand: Hand, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    hand.go("/sheets/")
    hand.press("Send a spreadsheet")
    hand.fill(what="clients")
    hand.page.locator("main [name=file]").set_input_files(path)
    hand.press("Send it")


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_a_spreadsheet_is_brought_in_and_taken_back(house: House, view: View, tmp_path: Path) -> None:
    named(house.world, "Quilvana Pruebas")
    with house.hand("supervisor", view, *SECRETS) as dolores:
        dolores.go("/sheets/")
        dolores.sound("empty")
        send(dolores, tmp_path / "wrong.csv", as_csv([HEADINGS, *WRONG]).getvalue())
        dolores.sound("columns")
        dolores.press("Look at what would come in")
        dolores.sound("wrong")
        dolores.reads("this is no day that can be read", "Rows that look like a repetition")
        with dolores.page.expect_download() as waiting:
            dolores.press("Take these rows with the reasons (XLSX)")
        waiting.value.save_as(tmp_path / "rows.xlsx")
        book = CalamineWorkbook.from_path(str(tmp_path / "rows.xlsx"))
        assert [row[1] for row in book.get_sheet_by_index(0).to_python()[1:]] == ["Quilvana", "Ostrowanda"]
        dolores.press("Throw this file away")
        send(dolores, tmp_path / "right.xlsx", as_xlsx(People=[HEADINGS, *SOUND]).getvalue())
        dolores.reads("A file with these headings came in before. The columns stand as they were matched then.")
        dolores.press("Look at what would come in")
        dolores.press("Go on to bring them in")
        dolores.sound("bring")
        dolores.fill(twins="bring", sure="1")
        dolores.press("Bring it in")
        dolores.sound("in")
        dolores.reads("All of it is in.")
        dolores.press("Take back")
        dolores.sound("back")
        dolores.fill(sure="1")
        dolores.press("Take it back")
        dolores.reads("The whole sheet was taken back.", "taken back")
        dolores.nothing_leaked()
