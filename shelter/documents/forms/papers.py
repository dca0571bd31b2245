"""The forms of papers and their scans."""

from flask_babel import lazy_gettext as _l

from shelter.documents.actions import AddPaper, AddScan, ChangePaper, PaperFacts
from shelter.documents.known import Known
from shelter.documents.words import state_choices
from shelter.files.forms import SendForm
from shelter.settings.words import country_choices, paper_kind_choices
from shelter.web.fields import Choice, LongText, PartialDate, Purpose, RememberedDate, Text
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("So that we know which papers she has, who keeps the others from her, and what can be done next."),
    _l("Her caseworkers, their supervisor and her legal team. Never the night desk."),
)


class PaperForm(Form):
    kind = Choice(_l("Which paper is it?"), look="list", choices=paper_kind_choices, required=True, purpose=WHY)
    country = Choice(_l("Which country or office issued it?"), look="list", choices=country_choices, skippable=True)
    state = Choice(_l("Where is it now?"), look="list", choices=state_choices, skippable=True)
    held_by = Text(
        _l("Who has it, in words?"),
        hint=_l(
            "As she says it. How it was taken is not asked here: that she tells her legal advocate, if she wants to."
        ),
        skippable=True,
    )
    seen_when = RememberedDate(_l("When was it last seen?"), skippable=True)
    seen_where = Text(_l("Where was that?"), skippable=True)
    seen_by = Text(_l("Who saw it?"), skippable=True)
    printed_name = Text(
        _l("The name as it is printed on it"), hint=_l("With its spelling, even where it is wrong."), skippable=True
    )
    number = Text(
        _l("Its number"),
        hint=_l("Not of a Social Security card: that number is not kept here."),
        max_length=60,
        skippable=True,
    )
    issued = RememberedDate(_l("Issued on"), skippable=True)
    expires = RememberedDate(_l("Valid until"), skippable=True)
    police_report = Text(_l("Number of the police report"), max_length=60, skippable=True)
    consulate = Text(_l("Which consulate or office is it asked of?"), max_length=160, skippable=True)
    case_number = Text(_l("Number of the case there"), max_length=60, skippable=True)
    contact_risk = Text(
        _l("What could contact with them bring about?"),
        hint=_l("Such as: the consulate may tell her family or whoever hurts her."),
        max_length=300,
        skippable=True,
    )
    note = LongText(_l("Anything else about this paper"), max_length=2000, rows=3)

    def facts(self) -> PaperFacts:
        """What was said, with dates as far as they are known."""
        return PaperFacts(
            kind=self.kind.data,
            country=self.country.data or "",
            number=self.number.data,
            printed_name=self.printed_name.data,
            issued=_known(self.issued.data),
            expires=_known(self.expires.data),
            state=self.state.data or "",
            held_by=self.held_by.data,
            seen_when=_known(self.seen_when.data),
            seen_where=self.seen_where.data,
            seen_by=self.seen_by.data,
            police_report=self.police_report.data,
            consulate=self.consulate.data,
            case_number=self.case_number.data,
            contact_risk=self.contact_risk.data,
            note=self.note.data,
            skipped=self.skipped(),
        )

    def command(self, code: str) -> AddPaper:
        return AddPaper(code, self.facts())


class ChangePaperForm(EditForm, PaperForm):
    def change(self, code: str, paper: bytes) -> ChangePaper:
        return ChangePaper(code, paper, self.version.data, self.facts())


class ScanForm(SendForm):
    def command(self, code: str, paper: bytes) -> AddScan:
        return AddScan(code, paper, self.label.data, self.sent(), evidence=self.evidence.data)


def _known(told: PartialDate | None) -> Known | None:
    return Known(year=told.year, month=told.month, day=told.day, approximate=told.approximate) if told else None


def remembered(known: Known | None) -> PartialDate | None:
    """A stored date as the field of three parts takes it."""
    return PartialDate(known.year, known.month, known.day, known.approximate) if known else None
