"""The forms that send a scan or a photograph."""

from typing import BinaryIO, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.files.actions import AddFile
from shelter.rules.broken import Broken
from shelter.rules.passphrases import refuse_weak_seal
from shelter.web.fields import Choice, Hidden, Purpose, Secret, Text, Tick, Upload
from shelter.web.forms import Form
from shelter.web.i18n import LANGUAGES

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


class TakeAlongForm(Form):
    """How her own file is sealed; `handed` are the words that the page offered."""

    what = Choice(_l("As what?"), required=True)
    lang = Choice(_l("In which language?"), choices=list(LANGUAGES), required=True)
    whose = Choice(
        _l("Which passphrase opens it?"),
        choices=[
            ("handed", _l("The six words above, written down for her apart from the file")),
            ("own", _l("Words of her own")),
        ],
        required=True,
    )
    passphrase = Secret(
        _l("A passphrase of her own"),
        hint=_l("At least sixteen characters. It is kept nowhere: without it the file cannot be opened."),
        autocomplete="new-password",
    )
    handed = Hidden()

    def validate(self, *args: object, **kwargs: object) -> bool:
        """The words of either kind, before anything of her file is read: a field that is left empty asks nothing."""
        sound = super().validate()
        try:
            refuse_weak_seal(self.settled())
        except Broken as broken:
            self.refuse(broken)
            return False
        return sound

    def offer(self, volumes: int) -> None:
        """What is too much for one archive leaves in several, each of which opens by itself."""
        self.what.choices = [
            ("archive", _l("Archive (ZIP): all that is written, and her scans and signed papers beside it")),
            ("pdf", _l("All that is written, as one PDF, without scans")),
        ]
        if volumes > 1:
            first = _("Archive 1 of %(all)s (ZIP): all that is written, and the first of her scans", all=volumes)
            more = _("Archive %(n)s of %(all)s (ZIP): more of her scans and signed papers")
            later = [(f"archive-{n}", more % {"n": n, "all": volumes}) for n in range(2, volumes + 1)]
            self.what.choices = [("archive", first), *later, self.what.choices[-1]]

    @property
    def volume(self) -> int:
        """The number of the archive that was chosen, from 1 on; 0 for the PDF."""
        kind, _dash, number = (self.what.data or "").partition("-")
        return int(number or 1) if kind == "archive" else 0

    def settled(self) -> str:
        """The passphrase that was chosen."""
        return (self.handed.data if self.whose.data == "handed" else self.passphrase.data) or ""
