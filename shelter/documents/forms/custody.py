"""The form of one line of a ledger."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.documents.actions import AddLine
from shelter.releases.forms import strokes_of
from shelter.web.fields import Choice, Hidden, LongText, NearDate, Purpose, Secret, Text, Upload
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("So that anybody can prove later where the original was, and that nobody changed it."),
    _l("Her caseworkers, their supervisor and her legal team. Nothing in this ledger can be changed later."),
)


class LineForm(EditForm):
    """`version` is the number of lines that the page showed."""

    on = NearDate(_l("On which day?"), purpose=WHY, required=True)
    time = Text(_l("At what time?"), max_length=20)
    who = Text(_l("From whom, or to whom?"), max_length=200)
    condition = Text(_l("In what condition is it?"), hint=_l("Such as “cover torn, page 7 missing”."), max_length=300)
    bag = Text(_l("Number of the sealed bag"), max_length=60)
    shelf = Text(_l("Which shelf?"), max_length=60)
    signed = Text(_l("Signed by"), hint=_l("The name as it was signed, where it goes out."), max_length=120)
    drawing = Hidden()
    file = Upload(
        _l("A photograph of it"),
        hint=_l("Or of the receipt that was signed on paper."),
        accept="image/*",
        render_kw={"capture": "environment"},
    )
    words = LongText(_l("Anything else"), max_length=1000, rows=3)

    def validate_drawing(self, field: Any) -> None:
        if field.data and strokes_of(field.data) is None:
            raise StopValidation(_("The drawing could not be read. Draw it again, or type the name alone"))

    def command(self, code: str, paper: bytes, what: str) -> AddLine:
        return AddLine(
            code,
            paper,
            self.version.data,
            what,
            self.on.data or date.min,
            time=self.time.data,
            who=self.who.data,
            condition=self.condition.data,
            bag=self.bag.data,
            shelf=self.shelf.data,
            words=self.words.data,
            signed=self.signed.data,
            strokes=strokes_of(self.drawing.data) or [],
            photo=self.file.data.stream if self.file.data else None,
        )


class PackForm(Form):
    what = Choice(
        _l("As what?"),
        choices=[
            ("archive", _l("Archive (ZIP): ledger, photographs as they were sent, and the digest of each file")),
            ("pdf", _l("The ledger alone, as a PDF")),
        ],
        required=True,
    )
    passphrase = Secret(
        _l("A passphrase for it"),
        hint=_l("At least sixteen characters. It is kept nowhere: tell it to counsel by another way than the pack."),
        required=True,
        autocomplete="new-password",
    )
