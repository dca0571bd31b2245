"""The forms of beds and stays. Which bed is still free is the action's to say, so that the slower of two is told so."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.rules.codes import parse_code
from shelter.settings.words import choices_of
from shelter.stays.actions import Admit, Correct, CorrectBed, Guest, Leave, Leaving, Move, NoteRoom, TakeOut
from shelter.stays.queries import Companion, FreeBed
from shelter.stays.words import bed_words
from shelter.web import fields
from shelter.web.forms import EditForm, Form

_BED = re.compile(r"[0-9a-f]{32}(:[0-9a-f]{32})?")


class BedChoice(fields.Choice):
    """A bed, with the hold it may have: an answer that was on offer a moment ago is still read."""

    def check_answer(self) -> None:
        if not all(_BED.fullmatch(value) for value in self._held()):
            raise StopValidation(_("Choose one of the answers on offer"))

    @property
    def bed(self) -> bytes:
        return bytes.fromhex(str(self.data).partition(":")[0])

    @property
    def hold(self) -> bytes | None:
        return bytes.fromhex(str(self.data).partition(":")[2]) or None


class ManyBeds(fields.ManyChoices):
    """Several beds; see BedChoice."""

    check_answer = BedChoice.check_answer

    @property
    def beds(self) -> tuple[bytes, ...]:
        return tuple(bytes.fromhex(value.partition(":")[0]) for value in self.data or ())


def offer(field: BedChoice | ManyBeds, beds: Sequence[FreeBed], chosen: bytes | None = None) -> None:
    """The beds on offer, and the one that the page was opened for."""
    several = len({bed.site for bed in beds}) > 1
    field.choices = [(bed_value(bed), bed_words(bed, several)) for bed in beds]
    if chosen is not None and field.data is None and not field.raw_data:
        field.data = next((bed_value(bed) for bed in beds if bed.id == chosen), None)


def bed_value(bed: FreeBed) -> str:
    return bed.id.hex() + (f":{bed.hold.hex()}" if bed.hold else "")


class DayForm(Form):
    """Another night of the board, in the address: it names no person."""

    night = fields.NearDate(_l("Night of"))


class PickForm(Form):
    """Who gets the bed, by the code on her papers."""

    code = fields.Text(_l("Her code"), hint=_l("Such as K7-4QM2-C."), required=True, max_length=20)

    def parsed(self) -> str:
        return parse_code(self.code.data, "code")


class AdmitForm(Form):
    """A bed for her; a question more for each of her household is added when the form is made."""

    bed = BedChoice(_l("Bed"), look="list", required=_l("Choose a bed"))
    arrived = fields.NearDate(
        _l("First night here"), hint=_l("Yesterday is fine: enter facts when you know them."), required=True
    )
    expected_exit = fields.NearDate(_l("Expected to leave"))
    joins = fields.Choice(
        _l("Whom does she join?"), hint=_l("Leave open when she comes by herself, or with those below."), choices=()
    )
    head = fields.Tick(_l("She is the head of this household from now on"))

    def guests(self) -> list[tuple[str, BedChoice]]:
        """The household's questions, by code."""
        return [
            (one.short_name[5:], one) for one in self if isinstance(one, BedChoice) and one.short_name[:5] == "with_"
        ]

    def command(self, code: str) -> Admit:
        return Admit(
            code=code,
            bed=self.bed.bed,
            arrived=self.arrived.data,
            guests=tuple(Guest(guest, field.bed) for guest, field in self.guests() if field.data),
            expected_exit=self.expected_exit.data,
            hold=self.bed.hold,
            joins=self.joins.data or "",
            head=self.head.data,
        )


def admit_form(
    people: Sequence[Companion],
    here: Sequence[Companion],
    beds: Sequence[FreeBed],
    chosen: bytes | None,
    day: date,
) -> AdmitForm:
    """The form with a question for each of her household who is not here, and those who are to be joined."""
    questions: dict[str, Any] = {
        f"with_{one.code}": BedChoice(_l("Bed for %(code)s", code=one.code), look="list") for one in people
    }
    form: AdmitForm = type("AdmitForm", (AdmitForm,), questions)(data={"arrived": day})
    form.joins.choices = [(one.code, one.code) for one in here]
    offer(form.bed, beds, chosen)
    for _code, field in form.guests():
        offer(field, beds)
    return form


class MoveForm(EditForm):
    bed = BedChoice(_l("To which bed"), look="list", required=_l("Choose a bed"))
    day = fields.NearDate(_l("First night there"), required=True)

    def command(self, code: str, stay: bytes) -> Move:
        return Move(code, stay, self.bed.bed, self.day.data, self.version.data, self.bed.hold)


_KEPT = _l("her caseworker and supervisors; the desk can write it but not read it again")


class LeaveForm(EditForm):
    """How she goes; every question but the day can be skipped."""

    exit_day = fields.NearDate(_l("Day of leaving"), hint=_l("The night of this day is not counted."), required=True)
    others = fields.ManyChoices(_l("Who leaves with her"))
    destination = fields.Choice(
        _l("Where does she go?"),
        look="list",
        skippable=True,
        purpose=fields.Purpose(
            _l("Funders ask how many people go to a safe home. They get numbers, never her name."), _KEPT
        ),
        choices=lambda: choices_of("destinations"),
    )
    reason = fields.LongText(
        _l("Why now, in her own words"),
        skippable=True,
        max_length=2_000,
        rows=3,
        purpose=fields.Purpose(
            _l("So that we learn what would have helped. She does not need a reason to leave."), _KEPT
        ),
    )
    safety_plan = fields.Choice(
        _l("Did you look at the safety plan together?"),
        skippable=True,
        choices=lambda: choices_of("safety_plan_at_exit"),
    )
    safe_after = fields.Choice(
        _l("May we reach her after she has left?"),
        skippable=True,
        choices=lambda: choices_of("safe_after_exit"),
        purpose=fields.Purpose(_l("We call only with her yes, and only where it is safe."), _KEPT),
    )
    belongings = fields.Text(_l("Her belongings"), hint=_l("Taken along, kept here, until when."), max_length=300)
    forwarding = fields.Text(
        _l("Where mail goes"),
        hint=_l("An address confidentiality program where she has one; leave open when she does not want any."),
        skippable=True,
        max_length=300,
    )
    exit_talk = fields.Choice(
        _l("A talk about how it was here"), skippable=True, choices=lambda: choices_of("exit_talks")
    )
    keep = fields.Choice(_l("What she chose for her file"), skippable=True, choices=lambda: choices_of("kept_files"))
    clean = fields.Tick(_l("The bed needs cleaning before somebody else can have it"))

    def command(self, code: str, stay: bytes) -> Leave:
        words = Leaving(
            destination=self.destination.data or "",
            reason=self.reason.data,
            safety_plan=self.safety_plan.data or "",
            safe_after=self.safe_after.data or "",
            belongings=self.belongings.data,
            forwarding=self.forwarding.data,
            exit_talk=self.exit_talk.data or "",
            keep=self.keep.data or "",
            skipped=self.skipped(),
        )
        others = tuple(self.others.data or ())
        return Leave(code, stay, self.exit_day.data, self.version.data, words, others, self.clean.data)


class CorrectForm(EditForm):
    """Other days for a stay, later than the ten minutes in which an act is simply taken back."""

    arrived = fields.NearDate(_l("First night here"), required=True)
    left = fields.NearDate(_l("Day of leaving"), hint=_l("Leave open when she is still here."))
    never_came = fields.Tick(_l("She never came: there were no nights at all"))
    reason = fields.LongText(
        _l("Why the days are put right"), required=_l("Say in a few words why"), max_length=500, rows=2
    )

    def command(self, code: str, stay: bytes) -> Correct:
        days = (self.arrived.data, self.left.data, self.never_came.data)
        return Correct(code, stay, self.version.data, self.reason.data, *days)


class CorrectBedForm(EditForm):
    """Another bed, or another first night in it, for a row of a stay's days."""

    bed = BedChoice(_l("Which bed it was"), look="list", required=_l("Choose a bed"))
    day = fields.NearDate(_l("First night there"), required=True)
    reason = fields.LongText(
        _l("Why the bed is put right"), required=_l("Say in a few words why"), max_length=500, rows=2
    )

    def command(self, code: str, stay: bytes, row: bytes) -> CorrectBed:
        return CorrectBed(code, stay, self.version.data, row, self.bed.bed, self.day.data, self.reason.data)


class RoomForm(EditForm):
    """What the desk keeps of a stay."""

    expected_exit = fields.NearDate(_l("Expected to leave"))
    away_from = fields.NearDate(_l("First night away"), hint=_l("Agreed nights away. Leave open when there are none."))
    back_day = fields.NearDate(_l("Day of coming back"))
    back_by = fields.Time(_l("Back by"))
    notes = fields.LongText(
        _l("About the room"), hint=_l("What the desk should know tonight."), max_length=2_000, rows=3
    )

    def command(self, code: str, stay: bytes) -> NoteRoom:
        return NoteRoom(
            code=code,
            stay=stay,
            version=self.version.data,
            expected_exit=self.expected_exit.data,
            away_from=self.away_from.data,
            back_day=self.back_day.data,
            back_by=self.back_by.data,
            notes=self.notes.data,
        )


class OutForm(Form):
    """A bed that cannot be used for a while; never about a person."""

    reason = fields.Choice(_l("Why"), required=True, choices=lambda: choices_of("bed_out_reasons"))
    from_day = fields.NearDate(_l("From"), required=True)
    until_day = fields.NearDate(_l("Ready again on"), hint=_l("Leave open when you do not know yet."))

    def command(self, bed: bytes) -> TakeOut:
        return TakeOut(bed, self.from_day.data, self.until_day.data, self.reason.data)
