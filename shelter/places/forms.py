"""The forms about rooms and beds: configuration, never about a person."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.places.actions import ChangeBed, ChangeRules, MoveBed, NewBeds, NewUnit
from shelter.settings.words import choices_of
from shelter.web import fields
from shelter.web.forms import EditForm, Form

MOST_LETTERS = 20


class DayForm(Form):
    """A day on which to look at the rooms, in the address."""

    day = fields.NearDate(_l("As it stands on"))


class BedsForm(Form):
    """New beds of one kind."""

    labels = fields.Text(
        _l("Labels of the beds"),
        hint=_l("With commas between: A, B, C. A family room has one for each person who can sleep there."),
        required=True,
        max_length=400,
    )
    kind = fields.Choice(_l("Kind"), look="list", required=True, choices=lambda: choices_of("bed_kinds"))
    offers = fields.ManyChoices(_l("What they offer"), choices=lambda: choices_of("bed_needs"))
    from_day = fields.NearDate(_l("On the board from"), hint=_l("Leave open when they stand there already."))

    def named(self) -> tuple[str, ...]:
        return tuple(label.strip() for label in (self.labels.data or "").split(",") if label.strip())

    def validate_labels(self, field: fields.Text) -> None:
        if any(len(label) > MOST_LETTERS for label in self.named()):
            raise StopValidation(_("A label has %(most)d letters at most", most=MOST_LETTERS))

    def beds(self) -> NewBeds:
        return NewBeds(self.named(), self.kind.data, tuple(self.offers.data), self.from_day.data)


class UnitForm(BedsForm):
    """A new room with its beds."""

    name = fields.Text(_l("Name of the room"), required=True, max_length=40)
    position = fields.Number(_l("Place on the board"), hint=_l("Lower numbers come first."), least=0, most=999)

    def command(self, site: bytes) -> NewUnit:
        return NewUnit(site, self.name.data, self.beds(), self.position.data or 0)


class BedForm(Form):
    """Other words for one bed."""

    label = fields.Text(_l("Label"), required=True, max_length=MOST_LETTERS)
    kind = fields.Choice(_l("Kind"), look="list", required=True, choices=lambda: choices_of("bed_kinds"))
    offers = fields.ManyChoices(_l("What it offers"), choices=lambda: choices_of("bed_needs"))

    def command(self, bed: bytes) -> ChangeBed:
        return ChangeBed(bed, self.label.data, self.kind.data, tuple(self.offers.data))


class MoveBedForm(Form):
    unit = fields.Choice(_l("To which room"), look="list", required=True)
    day = fields.NearDate(_l("From which day on"), required=True)

    def command(self, bed: bytes) -> MoveBed:
        return MoveBed(bed, bytes.fromhex(self.unit.data), self.day.data)


class CloseBedForm(Form):
    until_day = fields.NearDate(_l("First day without it"), required=True)

    def day(self) -> date:
        known: date = self.until_day.data
        return known


class RulesForm(EditForm):
    """What a house settles about its beds."""

    hold_minutes = fields.Number(_l("A held bed is kept for how many minutes?"), required=True, least=5, most=1440)
    stay_limit = fields.Number(
        _l("How many nights may a stay last?"),
        hint=_l("Leave open when there is no limit. A supervisor can always give more time."),
        least=1,
        most=3650,
    )

    night_by_night = fields.Tick(
        _l("For HMIS this house is counted night by night"),
        hint=_l("Then a bed night is a night on which the roll says she was here, and no other."),
    )

    def command(self, site: bytes) -> ChangeRules:
        limits = (self.hold_minutes.data, self.stay_limit.data, self.version.data)
        return ChangeRules(site, *limits, night_by_night=self.night_by_night.data)
