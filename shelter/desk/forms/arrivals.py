"""Who stands at the door, and the file that a caseworker makes of it in the morning."""

import re
from contextlib import suppress

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.clients.forms import lines
from shelter.desk.actions import Arrival, Companion, Complete
from shelter.settings.words import choices_of
from shelter.stays.forms import BedChoice, ManyBeds
from shelter.web import fields
from shelter.web.dates import read_date
from shelter.web.forms import Form

MOST_COMPANIONS = 12

_SEALED = fields.Purpose(
    _l("A caseworker goes on from it in the morning."),
    _l("caseworkers and supervisors; you can write it but not read it again"),
)


def companion(line: str) -> Companion:
    """A name, and behind its last comma a date or a year where there is one; else all of it is a name."""
    name, comma, written = line.strip().rpartition(",")
    if comma and re.fullmatch(r"\s*\d{4}\s*", written):
        return Companion(name.strip(), "exact", (int(written), None, None))
    if comma:
        with suppress(ValueError):
            born = read_date(written.strip())
            return Companion(name.strip(), "exact", (born.year, born.month, born.day))
    return Companion(line.strip())


class ArrivalForm(Form):
    """Who stands at the door: four answers are enough for a bed, the rest can wait for the morning."""

    working_name = fields.Text(
        _l("What shall we call her?"), hint=_l("Any name she likes to hear."), required=True, max_length=60
    )
    bed = BedChoice(_l("Bed"), look="list", required=_l("Choose a bed"))
    arrived = fields.NearDate(_l("First night here"), required=True)
    companions = fields.LongText(
        _l("Who comes with her"), hint=_l("One a line: a name they like to hear."), rows=2, max_length=800
    )
    more_beds = ManyBeds(_l("A bed for each of them"))
    needs = fields.ManyChoices(_l("What the bed needs to be"), choices=lambda: choices_of("bed_needs"))
    allergies = fields.Text(_l("Allergies"), skippable=True, max_length=300)
    alerts = fields.ManyChoices(_l("To know at a glance"), choices=lambda: choices_of("desk_alerts"))
    pronouns = fields.Text(_l("Pronouns"), hint=_l("In her own words."), max_length=40)
    legal_name = fields.Text(_l("Name on her papers"), skippable=True, max_length=200, purpose=_SEALED)
    born = fields.RememberedDate(_l("Date of birth"), skippable=True, purpose=_SEALED)
    companions_told = fields.LongText(
        _l("Names on the papers of those who come with her, and when they were born"),
        hint=_l(
            "One a line, in the order above: Nino Baldomar, 2019-03-02. The year is enough; a line may stay empty."
        ),
        max_length=1_500,
        rows=2,
        purpose=_SEALED,
    )
    danger_names = fields.LongText(
        _l("Names of who may be looking for her"),
        hint=_l("One name a line."),
        skippable=True,
        max_length=500,
        rows=2,
        purpose=fields.Purpose(
            _l("They are compared with those who are here, so that she does not meet them or their people."),
            _l("caseworkers and supervisors; you can write it but not read it again"),
        ),
    )
    danger = fields.LongText(
        _l("Is somebody looking for her?"), skippable=True, max_length=2_000, rows=3, purpose=_SEALED
    )
    at_door = fields.LongText(
        _l("What the door should look out for tonight"),
        hint=_l("How somebody looks, a car. No names, and nothing of whom it protects."),
        max_length=500,
        rows=2,
    )

    def command(self) -> Arrival:
        born = self.born.data
        return Arrival(
            beds=(self.bed.bed, *self.more_beds.beds),
            arrived=self.arrived.data,
            working_name=self.working_name.data,
            pronouns=self.pronouns.data,
            companions=tuple(self._companions()),
            companions_told=tuple(companion(line) for line in self.companions_told.data.rstrip().splitlines()),
            needs=tuple(self.needs.data),
            allergies=self.allergies.data,
            alerts=tuple(self.alerts.data),
            hold=self.bed.hold,
            legal_name=self.legal_name.data,
            precision=self.born.precision or "declined",
            born=(born.year, born.month, born.day) if born else (None, None, None),
            danger_names=lines(self.danger_names.data),
            danger=self.danger.data,
            at_door=self.at_door.data,
            skipped=tuple(self.skipped().items()),
        )

    def _companions(self) -> list[str]:
        return [line.strip() for line in self.companions.data.splitlines() if line.strip()]

    def validate_companions(self, field: fields.LongText) -> None:
        if len(self._companions()) > MOST_COMPANIONS:
            raise StopValidation(_("This is too many for one page. Take the others in after these"))


class CompleteForm(Form):
    """What was sealed at the door, to be read with her and put right."""

    working_name = fields.Text(_l("What shall we call her?"), required=True, max_length=60)
    legal_name = fields.Text(_l("Name on her papers"), skippable=True, max_length=200)
    born = fields.RememberedDate(_l("Date of birth"), skippable=True)
    danger_names = fields.LongText(
        _l("Names of who may be looking for her"), hint=_l("One name a line."), max_length=500, rows=2
    )
    danger = fields.LongText(_l("Is somebody looking for her?"), max_length=2_000, rows=3)

    def command(self, code: str) -> Complete:
        born = self.born.data
        return Complete(
            code=code,
            working_name=self.working_name.data,
            legal_name=self.legal_name.data,
            precision=self.born.precision or "declined",
            born=(born.year, born.month, born.day) if born else (None, None, None),
            danger_names=lines(self.danger_names.data),
            danger=self.danger.data,
        )
