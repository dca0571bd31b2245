"""The form that sends a scan or a photograph."""

from flask_babel import lazy_gettext as _l

from shelter.files.actions import AddFile
from shelter.web.fields import Purpose, Text, Upload
from shelter.web.forms import Form

ACCEPTED = "image/jpeg,image/png,application/pdf"
WHY = Purpose(
    _l(
        "So that she still has a copy when the paper is not with her. It is locked before it is stored; "
        "where a photograph was taken, and with what, is taken out of it."
    ),
    _l("Her caseworkers, their supervisor and her legal team; each look is written down."),
)


class FileForm(Form):
    file = Upload(_l("The photograph or scan"), purpose=WHY, required=_l("Choose a file"), accept=ACCEPTED)
    label = Text(
        _l("What is it?"),
        hint=_l("A few words to find it by, such as “passport, page with the photograph”."),
        required=_l("Say in a few words what it shows"),
        max_length=120,
    )

    def command(self, code: str) -> AddFile:
        return AddFile(code, self.label.data, self.file.data.read())
