"""The form that makes a paper from the record."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.legal.commands import MakePaper
from shelter.legal.words import PAPERS_MADE
from shelter.releases.queries import Cover
from shelter.web.fields import Choice, LongText
from shelter.web.forms import Form


class PaperForm(Form):
    kind = Choice(_l("Which paper?"), choices=PAPERS_MADE, look="list", required=True)
    release = Choice(
        _l("Who receives it?"),
        hint=_l("Somebody outside receives it only under a release that is live and names copies from her matter."),
        look="list",
    )
    method = Choice(_l("By which way?"), look="list")
    language = Choice(_l("In which language?"), choices=[("en", "English"), ("es", "Español")], required=True)
    words = LongText(
        _l("What it should say besides"),
        hint=_l("For a letter: its paragraphs. For a list: one exhibit a line."),
        max_length=8000,
        rows=8,
    )

    def offer(self, covers: Iterable[Cover], ways: Iterable[tuple[Any, ...]]) -> None:
        self.release.choices = [(one.id.hex(), f"{one.organisation} {one.person}".strip()) for one in covers]
        self.method.choices = list(ways)

    def command(self, code: str, matter: bytes) -> MakePaper:
        release = bytes.fromhex(self.release.data) if self.release.data else None
        return MakePaper(code, matter, self.kind.data, release, self.method.data or "")
