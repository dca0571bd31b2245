"""The forms of the settings."""

from functools import partial

from flask_babel import lazy_gettext as _l

from shelter.rules.services.own import MOST_DOLLARS, MOST_LABEL, MOST_WHY, OwnFund, OwnService
from shelter.settings.actions import ChangeSite, SetLimit, WordField, WordPick
from shelter.settings.queries import Languages
from shelter.settings.words import FUNDERS, area_choices, choices_of, line_choices
from shelter.web.fields import Choice, Hidden, LongText, ManyChoices, NearDate, Number, Text, Tick, Upload
from shelter.web.forms import EditForm, Form
from shelter.web.i18n import LANGUAGES

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


class LanguagesForm(Form):
    offered = ManyChoices(_l("In which languages are the pages offered?"), choices=list(LANGUAGES), required=True)
    default = Choice(
        _l("In which does a page begin?"),
        choices=list(LANGUAGES),
        required=True,
        hint=_l("For whoever chose none and whose browser asks for none of them."),
    )

    def command(self) -> Languages:
        return Languages(offered=tuple(self.offered.data), default=self.default.data)


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


class _ListForm(EditForm):
    """What a service and a fund have in common: the agency's own words, and whether it is on offer."""

    label_en = Text(_l("Name in English"), max_length=MOST_LABEL, hint=_l("Empty: the words it came with"))
    label_es = Text(_l("Name in Spanish"), max_length=MOST_LABEL, hint=_l("Empty: the words it came with"))
    retired = Tick(_l("No more on offer; what was entered stays and is counted as it was"))

    def labels(self) -> dict[str, str]:
        said = {"en": self.label_en.data, "es": self.label_es.data}
        return {language: label for language, label in said.items() if label}


class ServiceListForm(_ListForm):
    """One version of a service; `line_<funder>` are its lines, with choices for the day of the page."""

    area = Choice(_l("Where does it belong?"), choices=area_choices, required=True)
    group = Tick(_l("Several people can get it at once"))
    legal = Tick(_l("A lawyer's team gives it: its words lie with legal work"))
    effective_from = NearDate(
        _l("From which day on is it counted like this?"),
        hint=_l("An entry is counted by what holds on its own day. Days before this one stay as they are."),
        required=True,
    )
    why = Text(_l("Why for days that have passed?"), hint=_l("Only where the day lies behind us."), max_length=MOST_WHY)

    def command(self, code: str) -> OwnService:
        lines = {funder: str(self[f"line_{funder}"].data or "") for funder in FUNDERS}
        return OwnService(
            code=code,
            labels=self.labels(),
            area=self.area.data,
            legal=bool(self.legal.data),
            group=bool(self.group.data),
            retired=bool(self.retired.data),
            counts={funder: line for funder, line in lines.items() if line},
            effective_from=self.effective_from.data,
            why=self.why.data,
        )


for _code, _label in FUNDERS.items():
    setattr(ServiceListForm, f"line_{_code}", Choice(_label, look="list", choices=partial(line_choices, _code)))


class FundForm(_ListForm):
    needs = ManyChoices(_l("What does it pay?"), choices=lambda: choices_of("money_needs"), required=_l("Choose what"))
    a_year = Number(_l("At most for one person in a year, in dollars"), most=MOST_DOLLARS)
    approval_over = Number(_l("Above how many dollars does a supervisor agree?"), most=MOST_DOLLARS)

    def command(self, code: str, *, shipped: bool) -> OwnFund:
        limits = None if shipped else (self.a_year.data or 0, self.approval_over.data or 0)
        return OwnFund(
            code=code,
            labels=self.labels(),
            needs=tuple(self.needs.data),
            limits=limits,
            retired=bool(self.retired.data),
        )
