"""The forms of the books of a house."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.clients.forms import lines
from shelter.desk.actions import Came, Report, Turn
from shelter.rules.codes import parse_code
from shelter.settings.words import choices_of
from shelter.web import fields
from shelter.web.forms import EditForm, Form


class OfHouseForm(Form):
    """Something written down at a house."""

    site = fields.Choice(_l("House"), required=True, look="list")

    def offer(self, sites: Iterable[tuple[bytes, str]]) -> None:
        """The reader's houses; where she works at one, it is chosen."""
        self.site.choices = [(site.hex(), name) for site, name in sites]
        if len(self.site.choices) == 1 and self.site.data is None and not self.site.raw_data:
            self.site.data = self.site.choices[0][0]

    @property
    def house_id(self) -> bytes:
        return bytes.fromhex(self.site.data or "")


def codes(field: Any) -> tuple[str, ...]:
    """People by their codes, one a line or with commas between. Raises Broken beside the question."""
    typed = (part for line in lines(field.data) for part in line.split(","))
    return tuple(parse_code(part.strip(), field.short_name) for part in typed if part.strip())


class HandOverForm(OfHouseForm):
    """What the next shift must know."""

    house = fields.LongText(
        _l("About the house"),
        hint=_l("Keys, repairs, deliveries. All staff read it, volunteers too: nobody who lives here stands in it."),
        max_length=2_000,
        rows=3,
    )
    people = fields.LongText(
        _l("About the people who live here"),
        hint=_l("By code or working name. The desk, caseworkers and supervisors read it."),
        max_length=4_000,
        rows=4,
    )


class IncidentForm(OfHouseForm):
    """What happened. People stand in it by their codes."""

    kind = fields.Choice(_l("What happened?"), required=True, look="list", choices=lambda: choices_of("incident_kinds"))
    day = fields.NearDate(_l("Day"), hint=_l("After midnight it is the new day."), required=True)
    hour = fields.Time(_l("Hour, as far as known"))
    words = fields.LongText(
        _l("In a few sentences: what was seen and done"),
        hint=_l("What you saw and heard, not what you think of it."),
        required=True,
        max_length=4_000,
        rows=5,
        purpose=fields.Purpose(
            _l("So that whoever follows it up knows what to do, and nobody has to tell it twice."),
            _l("the desk, caseworkers and supervisors of this house"),
        ),
    )
    people = fields.LongText(_l("Who was there, by code"), hint=_l("One code a line."), max_length=400, rows=2)
    injuries = fields.Text(_l("Anybody hurt, and how they were helped"), max_length=400)
    police = fields.Tick(_l("Police came or were called"))
    child = fields.Tick(_l("A child was there"))
    owner = fields.Choice(_l("Who follows it up"), required=True, look="list")

    def command(self) -> Report:
        return Report(
            site=self.house_id,
            kind=self.kind.data or "",
            day=self.day.data,
            hour=self.hour.data,
            words=self.words.data,
            people=codes(self.people),
            injuries=self.injuries.data,
            police=self.police.data,
            child=self.child.data,
            owner=bytes.fromhex(self.owner.data or ""),
        )


class FollowUpForm(EditForm):
    words = fields.LongText(_l("What was done since"), max_length=2_000, rows=3)
    told_funder = fields.Tick(_l("Whoever must hear of it outside has heard"))
    done = fields.Tick(_l("Nothing is left to do"))


class DoorForm(OfHouseForm):
    """Who came; nobody who lives here stands in the first two answers."""

    kind = fields.Choice(_l("Who or what came"), required=True, look="list", choices=lambda: choices_of("door_kinds"))
    who = fields.Text(_l("Name, firm or number plate"), hint=_l("All staff read it."), required=True, max_length=120)
    words = fields.Text(_l("What for"), max_length=200)
    people = fields.Text(
        _l("For whom, by code"),
        hint=_l("The desk, caseworkers and supervisors read it; volunteers do not."),
        max_length=100,
    )

    def command(self) -> Came:
        return Came(self.house_id, self.kind.data or "", self.who.data, self.words.data, codes(self.people))


class OnCallForm(OfHouseForm):
    staff = fields.Choice(_l("Who"), required=True, look="list")
    first = fields.NearDate(_l("First day"), required=True)
    last = fields.NearDate(_l("Last day"), required=True)
    phone = fields.Text(_l("Number of the telephone on call"), hint=_l("All staff read it."), max_length=40)
    words = fields.Text(_l("To know"), max_length=200)

    def command(self) -> Turn:
        staff = bytes.fromhex(self.staff.data or "")
        return Turn(self.house_id, staff, self.first.data, self.last.data, self.phone.data, self.words.data)


def offer_people(field: fields.Choice, people: Sequence[tuple[bytes, str]]) -> None:
    """Colleagues by working name."""
    field.choices = [(staff.hex(), name) for staff, name in people]
