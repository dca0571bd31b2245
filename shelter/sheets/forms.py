"""The forms of a spreadsheet: what is sent, which sheet, where its columns go, and the last word."""

from typing import Any, BinaryIO, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.sheets.actions import BringIn, Match
from shelter.sheets.queries import Waiting
from shelter.sheets.words import Vocabulary, places, twin_choices
from shelter.web.fields import Choice, Purpose, Tick, Upload
from shelter.web.forms import Form

ACCEPTED = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHY = Purpose(
    _l("The file waits locked for a day at most, row by row. Nothing comes in before you have seen what would."),
    _l("Until you bring it in: you alone. Then everybody who works with the people it is about."),
)


class SendForm(Form):
    what = Choice(_l("What is in it?"), required=True)
    file = Upload(
        _l("The spreadsheet, as XLSX or CSV"),
        hint=_l("The first row holds the headings. Up to 30 MB and 100,000 rows."),
        purpose=WHY,
        accept=ACCEPTED,
        required=_l("Choose a file"),
    )

    def sent(self) -> BinaryIO:
        return cast(BinaryIO, self.file.data.stream)


class SheetForm(Form):
    sheet = Choice(_l("Which sheet do you mean?"), required=True)


class BringForm(Form):
    twins = Choice(_l("What becomes of the rows that look like a repetition?"), choices=twin_choices, required=True)
    sure = Tick(_l("I have looked at what comes in"), required=_l("Look at the rows first, then say so"))

    def command(self, import_id: bytes) -> BringIn:
        return BringIn(import_id, Vocabulary(), self.twins.data or "leave")


class BackForm(Form):
    sure = Tick(_l("Everything that this sheet brought in shall be gone again"), required=_l("Say that you mean it"))


class MatchForm(Form):
    """One question for each column of the file; made by `match_form`."""

    days = Choice(
        _l("How does this file write days?"),
        choices=[
            ("month", _l("Month first, such as 12/31/2025")),
            ("day", _l("Day first, such as 31/12/2025")),
        ],
        hint=_l("Days that begin with the year, and days of an XLSX, are always understood."),
        required=True,
    )
    site = Choice(_l("Where do these people belong?"), hint=_l("Where no column says it."))

    def command(self, import_id: bytes, columns: int) -> Match:
        targets = tuple(self[f"column_{place}"].data or "" for place in range(columns))
        site = bytes.fromhex(self.site.data) if "site" in self and self.site.data else b""
        return Match(import_id, targets, self.days.data == "day", site)


def match_form(one: Waiting, data: dict[str, Any]) -> MatchForm:
    """The form for the columns of this file, filled with what was guessed or remembered."""
    kind, table, questions = one.kind, one.table, dict[str, Any]()
    for place, heading in enumerate(table.headings):
        shown = [line[place] for line in table.examples if place < len(line) and line[place]]
        hint = _("For example: %(cells)s", cells=" · ".join(cell[:40] for cell in shown)) if shown else ""
        label = heading or _("Column %(number)s, without a heading", number=place + 1)
        questions[f"column_{place}"] = Choice(label, choices=places(kind), look="list", hint=hint)
    form: MatchForm = type("ColumnsForm", (MatchForm,), questions)(data=data)
    if not kind.at_a_site:
        del form.site
    return form
