"""The forms of what is written and kept under the privilege, and of a date shown to her caseworker."""

import re

from flask_babel import lazy_gettext as _l

from shelter.files.forms import ACCEPTED
from shelter.legal.commands import AddLegalFile, Rewrite, ShowDate, Write
from shelter.legal.words import WRITINGS
from shelter.web.fields import Choice, Hidden, LongText, Purpose, Text, Tick, Upload
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("For her case alone. What she tells her lawyer and her advocate stays between them."),
    _l("Her legal advocates and their supervisor. No caseworker, no director, nobody at the desk."),
)


_ID = re.compile(r"[0-9a-f]{32}")


class _WordsForm(Form):
    title = Text(_l("What is it called?"), required=_l("Give it a name"), max_length=120)
    body = LongText(_l("The text"), purpose=WHY, required=_l("Write something first"), max_length=60_000, rows=16)


class WritingForm(_WordsForm):
    kind = Choice(_l("What is it?"), choices=WRITINGS, required=True)
    paper = Hidden()

    def command(self, code: str, matter: bytes) -> Write:
        paper = bytes.fromhex(self.paper.data) if _ID.fullmatch(self.paper.data or "") else b""
        return Write(code, matter, self.kind.data, self.title.data, self.body.data, paper=paper)


class RewriteForm(EditForm, _WordsForm):
    why = Text(_l("What changed, in a few words?"), max_length=200)

    def command(self, code: str, matter: bytes, writing: bytes) -> Rewrite:
        return Rewrite(code, matter, writing, self.version.data, self.title.data, self.body.data, self.why.data)


class LegalFileForm(Form):
    file = Upload(_l("The photograph or scan"), purpose=WHY, required=_l("Choose a file"), accept=ACCEPTED)
    label = Text(_l("What is it?"), required=_l("Say in a few words what it shows"), max_length=120)
    notice = Choice(_l("Which notice is it a scan of?"), look="list")

    def command(self, code: str, matter: bytes) -> AddLegalFile:
        notice = bytes.fromhex(self.notice.data) if self.notice.data else None
        return AddLegalFile(code, matter, self.label.data, notice, self.file.data.read())


class ShowDateForm(Form):
    words = Text(
        _l("What does her caseworker read beside the day?"),
        hint=_l(
            "Only what she needs to keep it, such as “appointment downtown, bring her passport”. Not what it is about."
        ),
        max_length=200,
    )
    with_place = Tick(_l("Show the place too"))

    def command(self, code: str, matter: bytes, due: bytes) -> ShowDate:
        return ShowDate(code, matter, due, self.words.data, self.with_place.data)
