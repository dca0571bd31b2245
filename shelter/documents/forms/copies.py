"""The form that gives out a copy."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.documents.actions import GiveCopy
from shelter.files.queries import FileView
from shelter.releases.queries import Cover
from shelter.web.fields import Choice, Text
from shelter.web.forms import Form


class CopyForm(Form):
    scan = Choice(_l("Which photograph or scan?"), required=True)
    release = Choice(
        _l("Who receives it?"),
        hint=_l("Only those whom a release that holds names for copies of this paper."),
        required=True,
    )
    method = Choice(_l("How?"), required=_l("Choose how"))
    note = Text(_l("A few words"), hint=_l("Such as whom it was handed to."), max_length=200)

    def offer(self, scans: Sequence[FileView], covers: Sequence[Cover], ways: Iterable[tuple[Any, ...]]) -> None:
        """What can be given to whom; a single one is chosen already."""
        allowed = {way for cover in covers for way in cover.methods}
        recipients = [(one.id.hex(), ", ".join(filter(None, (one.organisation, one.person)))) for one in covers]
        pictures = [(one.id.hex(), one.label) for one in scans if not one.original_of]
        open_ways = [way for way in ways if way[0] in allowed]
        self.scan.choices, self.release.choices, self.method.choices = pictures, recipients, open_ways
        for field, offered in ((self.scan, pictures), (self.release, recipients), (self.method, open_ways)):
            if len(offered) == 1 and not field.data:
                field.data = offered[0][0]

    def command(self, code: str, paper: bytes, mark: Callable[[Cover], str]) -> GiveCopy:
        scan, release = bytes.fromhex(self.scan.data), bytes.fromhex(self.release.data)
        return GiveCopy(code, paper, scan, release, self.method.data, mark, self.note.data)
