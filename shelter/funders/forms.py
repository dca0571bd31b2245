"""The forms of funders' files: which report, over which days, for what purpose."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from shelter.funders.actions import AddGrant, AskNumber, FillForm, MakeRecord, Prepare
from shelter.funders.words import HUD, PORTALS, RULES, window_words
from shelter.releases.disclosing import Share
from shelter.rules.htcds import terms
from shelter.rules.performance import Window, window_of
from shelter.services.words import fund_choices
from shelter.settings.words import choices_of
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Purpose, Text
from shelter.web.forms import Form

WHY = Purpose(
    _l("A funder's file is as exact as a case file. Whoever looks at the trail later must see why it was made."),
    _l("Preparers and directors."),
)


def _projects() -> ManyChoices:
    return ManyChoices(_l("Which projects?"), hint=_l("None ticked means all of them."))


def _purpose() -> LongText:
    return LongText(
        _l("For whom and what for?"), purpose=WHY, required=_l("Write for whom it is"), max_length=500, rows=3
    )


class PrepareForm(Form):
    """`projects` gets its choices from what the house has."""

    report = Choice(
        _l("Which report?"),
        required=_l("Choose the report"),
        choices=lambda: [(code, label) for code, label in HUD.items()],
    )
    rules = Choice(
        _l("By the rules of which year?"),
        required=_l("Choose the year of the rules"),
        choices=lambda: [(code, label) for code, label in RULES.items()],
    )
    first = NearDate(_l("First day of the period"), required=True)
    last = NearDate(_l("Last day of the period"), required=True)
    projects = _projects()
    purpose = _purpose()

    def offer(self, projects: list[tuple[str, str]]) -> None:
        self.projects.choices = projects
        if self.rules.data is None:
            self.rules.data = "fy2026"

    def command(self) -> Prepare:
        return Prepare(
            report=self.report.data,
            rules=self.rules.data,
            first=self.first.data,
            last=self.last.data,
            purpose=self.purpose.data,
            projects=tuple(self.projects.data),
        )


class PortalForm(Form):
    """A form of a funder's portal; `period` and `projects` get their choices from what is over and what there is."""

    form = Choice(_l("Which form?"), required=_l("Choose the form"), choices=lambda: list(PORTALS.items()))
    period = Choice(_l("Over which period?"), look="list", required=_l("Choose the period"))
    grant = Choice(
        _l("For which grant?"),
        look="list",
        hint=_l(
            "Needed where the funder asks for rows of clients: they stand there under numbers of this grant alone. "
            "A grant that names its funds counts their services and money alone; nights are of no fund."
        ),
    )
    projects = _projects()
    purpose = _purpose()

    def offer(self, projects: list[tuple[str, str]], windows: list[Window], grants: list[tuple[str, str]]) -> None:
        self.projects.choices = projects
        self.grant.choices = grants
        self.period.choices = [(str(one), window_words(one)) for one in windows]

    def command(self) -> FillForm:
        return FillForm(
            form=self.form.data,
            window=window_of(self.period.data),
            purpose=self.purpose.data,
            projects=tuple(self.projects.data),
            grant=bytes.fromhex(self.grant.data) if self.grant.data else None,
        )


class RecordForm(Form):
    """`items` and `method` get what the release names, as far as a record can tell it."""

    items = ManyChoices(_l("What does the record tell?"), required=_l("Choose what is told"))
    method = Choice(_l("How?"), required=_l("Choose how"))

    def offer(self, items: Sequence[str], methods: Sequence[str]) -> None:
        self.items.choices = [one for one in choices_of("release_items") if one[0] in items and one[0] in terms().items]
        self.method.choices = [one for one in choices_of("release_methods") if one[0] in methods]

    def command(self, code: str, release: bytes) -> MakeRecord:
        return MakeRecord(code, Share(release, tuple(self.items.data), self.method.data, "HTCDS"))


class AskForm(Form):
    """`number` gets the rows of the form behind which there are records."""

    number = Choice(_l("Which number?"), look="list", required=_l("Choose the number"))
    words = Text(
        _l("What should be looked at?"),
        hint=_l("Such as: nobody has a kind of harm. You know no name, and none belongs here."),
        required=_l("Write what should be looked at"),
        max_length=200,
    )

    def offer(self, numbers: list[tuple[str, str]]) -> None:
        self.number.choices = numbers

    def command(self, file: bytes) -> AskNumber:
        section, _mark, row = self.number.data.partition("|")
        return AskNumber(file, section, row, self.words.data)


class GrantForm(Form):
    name = Text(
        _l("Name or number of the grant"),
        hint=_l("As the funder writes it."),
        required=_l("Write the grant's name"),
        max_length=120,
    )
    form = Choice(_l("For which form?"), required=_l("Choose the form"), choices=lambda: list(PORTALS.items()))
    funds = ManyChoices(
        _l("Which of our funds does it pay into?"),
        hint=_l("Its files then count services and money of these funds alone. None ticked means all of them."),
        choices=fund_choices,
    )

    def command(self) -> AddGrant:
        return AddGrant(self.name.data, self.form.data, tuple(self.funds.data))
