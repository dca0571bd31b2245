"""The forms of a release: what is agreed, who signs and how, what becomes of it, what is shared under it."""

import json
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.files.forms import ACCEPTED
from shelter.releases.actions import Agreed, Ask, Change, Extend, Say, ShareNow, Sign, Signed, Which
from shelter.releases.disclosing import Share
from shelter.releases.words import HOW, SIGNERS, WHO
from shelter.settings.words import choices_of, paper_kind_choices
from shelter.web.fields import Choice, Hidden, LongText, ManyChoices, NearDate, Purpose, Text, Tick, Upload
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l(
        "So that nobody outside learns anything about her that she has not agreed to. She can say no, "
        "and nothing else changes: our help never depends on it."
    ),
    _l("Her caseworkers, their supervisor and her legal team. Never the night desk."),
)
SHEET = (600, 200)
_MOST_POINTS = 6000


class AgreedForm(Form):
    organisation = Text(
        _l("Who would be told?"), hint=_l("One recipient to a release."), required=True, max_length=120, purpose=WHY
    )
    person = Text(_l("Whom there?"), max_length=120)
    reach = Text(_l("How we reach them"), max_length=200)
    items = ManyChoices(
        _l("What exactly may be told?"),
        hint=_l("Only what this recipient needs. Never “the whole file”."),
        choices=lambda: choices_of("release_items"),
        required=_l("Choose what may be told"),
    )
    papers = ManyChoices(
        _l("Copies of which papers?"),
        hint=_l(
            "Only where copies of papers are chosen above. A copy shows what is printed: her name, numbers and dates."
        ),
        choices=paper_kind_choices,
    )
    purpose = Choice(
        _l("What for?"), look="list", choices=lambda: choices_of("release_purposes"), required=_l("Say what it is for")
    )
    purpose_words = Text(_l("In her own words"), max_length=300)
    methods = ManyChoices(
        _l("How may it be told?"),
        choices=lambda: choices_of("release_methods"),
        required=_l("Choose at least one way"),
    )
    starts = NearDate(_l("First day"), required=True)
    expires = NearDate(_l("Last day"), hint=_l("A month is usual. It can be extended while it holds."), required=True)
    risks_discussed = Tick(_l("We have talked about what could go wrong when this is told"))
    risks = LongText(_l("What we talked about"), max_length=1000, rows=3)
    signer = Choice(_l("Who signs?"), required=_l("Choose who signs"))
    language = Text(_l("In which language was it explained?"), max_length=40)
    interpreter = Text(_l("Who interpreted?"), hint=_l("A name, or “nobody”."), max_length=80)

    def offer_signers(self, ways: Sequence[str]) -> None:
        """Only the ways that are open to her; a single one is chosen already."""
        self.signer.choices = [(way, SIGNERS[way]) for way in ways]
        if len(ways) == 1 and not self.signer.data:
            self.signer.data = ways[0]

    def agreed(self) -> Agreed:
        return Agreed(
            organisation=self.organisation.data,
            person=self.person.data,
            reach=self.reach.data,
            items=tuple(self.items.data),
            papers=tuple(self.papers.data),
            purpose=self.purpose.data or "",
            purpose_words=self.purpose_words.data,
            methods=tuple(self.methods.data),
            starts=self.starts.data,
            expires=self.expires.data,
            risks_discussed=bool(self.risks_discussed.data),
            risks=self.risks.data,
            signer=self.signer.data or "",
            language=self.language.data,
            interpreter=self.interpreter.data,
        )

    def command(self, code: str) -> Ask:
        return Ask(code, self.agreed())


class ChangeForm(EditForm, AgreedForm):
    def change(self, code: str, release: bytes) -> Change:
        return Change(Which(code, release, self.version.data), self.agreed())


class _SignatureForm(EditForm):
    """A name and a signature; drawing needs script and is never the only way."""

    who = Choice(_l("Who signs now?"), required=True)
    name = Text(_l("Name of the person who signs"), required=True, max_length=120)
    how = Choice(_l("How?"), choices=list(HOW.items()), required=_l("Choose how"))
    drawing = Hidden()
    not_abuser = Tick(
        _l("The person who signs is not the one who harms her, and was alone with us or chose who was there")
    )

    def offer(self, missing: Sequence[str]) -> None:
        self.who.choices = [(one, WHO[one]) for one in missing]
        if len(missing) == 1 and not self.who.data:
            self.who.data = missing[0]

    def validate_drawing(self, field: Any) -> None:
        if field.data and strokes_of(field.data) is None:
            raise StopValidation(_("The drawing could not be read. Draw it again, or choose another way"))

    def strokes(self) -> list[list[int]] | None:
        return strokes_of(self.drawing.data)


def strokes_of(drawing: str) -> list[list[int]] | None:
    """The lines of a drawing on the sheet; None for what is no drawing."""
    try:
        lines = json.loads(drawing or "[]")
    except (ValueError, RecursionError):
        return None
    if not isinstance(lines, list) or not all(_is_line(line) for line in lines):
        return None
    return lines if sum(map(len, lines)) <= _MOST_POINTS else None


def _is_line(line: object) -> bool:
    if not isinstance(line, list) or len(line) < 2 or len(line) % 2:
        return False
    return all(type(at) is int and 0 <= at <= SHEET[position % 2] for position, at in enumerate(line))


class SignForm(_SignatureForm):
    file = Upload(_l("Photograph or scan of the signed paper"), accept=ACCEPTED)

    def command(self, code: str, release: bytes) -> Sign:
        content = self.file.data.read() if self.file.data else None
        signed = Signed(self.name.data, self.how.data, self.strokes() or [], content)
        which = Which(code, release, self.version.data)
        return Sign(which, self.who.data, signed, bool(self.not_abuser.data))


class ExtendForm(_SignatureForm):
    until = NearDate(_l("New last day"), required=True)
    how = Choice(
        _l("How?"), choices=[(way, words) for way, words in HOW.items() if way != "paper"], required=_l("Choose how")
    )

    def command(self, code: str, release: bytes) -> Extend:
        which = Which(code, release, self.version.data)
        signed = Signed(self.name.data, self.how.data, self.strokes() or [])
        return Extend(which, self.until.data, self.who.data, signed, bool(self.not_abuser.data))


class SayForm(EditForm):
    words = Text(_l("In a few words"), max_length=300)

    def command(self, code: str, release: bytes) -> Say:
        return Say(Which(code, release, self.version.data), self.words.data)


class ShareForm(Form):
    items = ManyChoices(_l("What was or will be told?"), required=_l("Choose what is told"))
    method = Choice(_l("How?"), required=_l("Choose how"))
    note = Text(_l("A few words"), hint=_l("Such as with whom we spoke. Not what was said."), max_length=200)

    def offer(self, items: Sequence[str], methods: Sequence[str]) -> None:
        """Only what the release names."""
        self.items.choices = [one for one in choices_of("release_items") if one[0] in items]
        self.method.choices = [one for one in choices_of("release_methods") if one[0] in methods]

    def command(self, code: str, release: bytes) -> ShareNow:
        share = Share(release, tuple(self.items.data), self.method.data, self.note.data)
        return ShareNow(code, share)
