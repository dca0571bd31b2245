"""The form of one line of a ledger."""

from datetime import date

from flask_babel import lazy_gettext as _l

from shelter.documents.actions import AddLine
from shelter.web.fields import LongText, NearDate, Purpose, Text, Upload
from shelter.web.forms import EditForm

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
    photo = Upload(_l("A photograph of it"), accept="image/*", render_kw={"capture": "environment"})
    words = LongText(_l("Anything else"), max_length=1000, rows=3)

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
            photo=self.photo.data.stream if self.photo.data else None,
        )
