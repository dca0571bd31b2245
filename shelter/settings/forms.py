"""The forms of the settings."""

from flask_babel import lazy_gettext as _l

from shelter.settings.actions import ChangeSite, SetLimit, WordField, WordPick
from shelter.web.fields import Choice, Hidden, LongText, Number, Text, Tick, Upload
from shelter.web.forms import EditForm, Form

HOW = (
    ("shown", _l("Asked, and can be left open")),
    ("required", _l("Asked, and needs an answer or a reason")),
    ("hidden", _l("Not asked here")),
)


class FieldForm(EditForm):
    question = Text(_l("The question in your words"), max_length=300, hint=_l("Empty: the words shown above"))
    why_we_ask = LongText(_l("Why you ask"), max_length=600, rows=3)
    how = Choice(_l("Is it asked?"), choices=HOW, required=True)

    def command(self, field: str, language: str) -> WordField:
        return WordField(field, language, self.question.data, self.why_we_ask.data, self.how.data, self.version.data)


class PickForm(EditForm):
    code = Text(_l("Code (letters, digits, underscore)"), required=True, max_length=60)
    label = Text(_l("Label"), max_length=200, hint=_l("Empty: the words shown above"))
    hidden = Tick(_l("Not on offer here"))

    def command(self, picklist: str, language: str) -> WordPick:
        code, label, hidden = self.code.data, self.label.data, bool(self.hidden.data)
        return WordPick(picklist, code, language, label, hidden, self.version.data)


class LimitForm(EditForm):
    value = Number(_l("How many"), most=100_000, required=True)

    def command(self, code: str) -> SetLimit:
        return SetLimit(code, self.value.data, self.version.data)


class FileForm(Form):
    file = Upload(_l("A file of settings"), required=True, accept=".json,application/json")


class TakeInForm(Form):
    """The file that was looked at, carried along so that exactly this one is taken in."""

    content = Hidden(required=True)


class SiteForm(EditForm):
    code_name = Text(
        _l("Code name"), required=True, max_length=60, hint=_l("What stands on screens and paper instead of the place")
    )
    zone = Text(_l("Time zone"), required=True, max_length=64, hint=_l("For example America/Los_Angeles"))
    night_begins = Number(_l("Hour at which a new night begins"), least=0, most=23, required=True)
    open_to_caseworkers = Tick(_l("Caseworkers here open every client of this site, not only their own"))
    address = LongText(_l("Address"), rows=2, max_length=400, hint=_l("Sealed for staff; on no page and no print"))
    phone = Text(_l("Telephone"), max_length=40)
    directions = LongText(_l("How to find it"), rows=3, max_length=2000)

    def command(self, site: bytes | None) -> ChangeSite:
        return ChangeSite(
            site=site,
            code_name=self.code_name.data,
            zone=self.zone.data,
            night_begins=self.night_begins.data,
            open_to_caseworkers=bool(self.open_to_caseworkers.data),
            address=self.address.data,
            phone=self.phone.data,
            directions=self.directions.data,
            version=self.version.data,
        )
