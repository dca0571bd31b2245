"""The forms that send a scan or a photograph."""

from typing import BinaryIO, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.files.actions import AddFile
from shelter.web.fields import Purpose, Text, Tick, Upload
from shelter.web.forms import Form

ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,.heic,.heif,application/pdf"
WHY = Purpose(
    _l(
        "So that she still has a copy when the paper is not with her. It is locked before it is stored; "
        "where a photograph was taken, and with what, is taken out of it."
    ),
    _l("Her caseworkers, their supervisor and her legal team; each look is written down."),
)


class SendForm(Form):
    """One file: photographed now with a telephone, or chosen. What is sent goes straight into a sealed place."""

    file = Upload(_l("The photograph or scan"), purpose=WHY, accept=ACCEPTED)
    camera = Upload(_l("Or photograph it now"), accept="image/*", render_kw={"capture": "environment"})
    label = Text(
        _l("What does it show?"),
        hint=_l("A few words to find it by, such as “page with the photograph” or “back side”."),
        required=_l("Say in a few words what it shows"),
        max_length=120,
    )
    evidence = Tick(
        _l("It is evidence: keep what was sent beside the picture, untouched"),
        hint=_l(
            "What was sent may say where the photograph was taken. It goes to counsel only, never to a third party."
        ),
    )

    def validate(self, *args: object, **kwargs: object) -> bool:
        sound = super().validate()
        if bool(self.file.data) == bool(self.camera.data):
            words = _("Send one at a time: the file or the photograph") if self.file.data else _("Choose a file")
            self.file.errors = [*self.file.errors, words]
            return False
        return sound

    def sent(self) -> BinaryIO:
        return cast(BinaryIO, (self.file.data or self.camera.data).stream)


class FileForm(SendForm):
    def command(self, code: str, replaces: bytes = b"") -> AddFile:
        return AddFile(code, self.label.data, self.sent(), evidence=self.evidence.data, replaces=replaces)
