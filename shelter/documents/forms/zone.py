"""The form that takes the machine-readable lines of a paper."""

from flask_babel import lazy_gettext as _l

from shelter.documents.actions import FillFromZone
from shelter.documents.words import offer_choices
from shelter.rules.mrz import Zone, taken
from shelter.settings.words import paper_kind_choices
from shelter.web.fields import Choice, Hidden, LongText, ManyChoices, Purpose, Version
from shelter.web.forms import Form

WHY = Purpose(
    _l("The lines hold the number, the dates and the name as the office wrote them, and show where one was misread."),
    _l("Her caseworkers, their supervisor and her legal team. The lines are read here and sent nowhere."),
)


class ZoneForm(Form):
    """`seen` is the text whose reading the page showed: only what was seen is put into a paper."""

    zone = LongText(
        _l("The lines at the bottom of the page or on the back of the card"),
        hint=_l("Letters, digits and fillers (<), line by line. Small letters and spaces do not matter."),
        purpose=WHY,
        max_length=400,
        rows=3,
        required=_l("Type the lines, or paste them"),
        render_kw={"class": "form-control font-monospace", "spellcheck": "false", "autocapitalize": "characters"},
    )
    take = ManyChoices(
        _l("Was one of these misread?"), hint=_l("Compare with the paper; nothing is changed unless you say so.")
    )
    seen = Hidden()

    def text(self) -> str:
        """What is to be read: the lines, with the readings that were chosen."""
        return taken((self.zone.data or "").split("\n"), self.take.data or ()) if self.take.data else self.zone.data

    def offer(self, zone: Zone) -> None:
        """Shows what was read, and what may have been misread in it."""
        self.zone.data = "\n".join(zone.lines)
        self.take.choices = offer_choices(zone)
        self.take.data = []
        self.seen.data = " ".join(zone.lines)

    def was_seen(self, zone: Zone) -> bool:
        return bool(self.seen.data) and self.seen.data == " ".join(zone.lines)


class NewZoneForm(ZoneForm):
    """For a paper that is not written down yet."""

    kind = Choice(_l("Which paper is it?"), look="list", choices=paper_kind_choices)

    def command(self, code: str) -> FillFromZone:
        return FillFromZone(code, self.zone.data, kind=self.kind.data or "")


class ChangeZoneForm(ZoneForm):
    """For a paper that is there already; nobody's newer words are lost."""

    version = Version()

    def change(self, code: str, paper: bytes) -> FillFromZone:
        return FillFromZone(code, self.zone.data, paper=paper, version=self.version.data)
