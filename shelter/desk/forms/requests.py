"""A request that cannot be met, and who waits for a bed."""

from flask_babel import lazy_gettext as _l

from shelter.desk.actions import PutOnList, TurnAway
from shelter.desk.forms.books import OfHouseForm
from shelter.settings.words import choices_of
from shelter.web import fields
from shelter.web.forms import EditForm

_MOST = 30
_WHO = _l("the desk, caseworkers and supervisors")


class TurnAwayForm(OfHouseForm):
    """As little as possible; nobody's name is asked."""

    day = fields.NearDate(_l("Day"), required=True)
    adults = fields.Number(_l("Adults"), most=_MOST)
    children = fields.Number(_l("Children"), most=_MOST)
    reason = fields.Choice(
        _l("Why there was no place"),
        required=True,
        choices=lambda: choices_of("turn_away_reasons"),
        purpose=fields.Purpose(
            _l("Funders ask how many requests could not be met. They get numbers."),
            _WHO,
        ),
    )
    referred = fields.Text(_l("Where they were referred to"), hint=_l("A service, never an address."), max_length=200)

    def command(self) -> TurnAway:
        return TurnAway(
            site=self.house_id,
            day=self.day.data,
            adults=self.adults.data or 0,
            children=self.children.data or 0,
            reason=self.reason.data or "",
            referred=self.referred.data,
        )


class WaitingForm(OfHouseForm):
    """Who waits, ordered by danger; deleted when she has a bed."""

    called = fields.Text(
        _l("What shall we call her?"), hint=_l("Any name she likes to hear."), required=True, max_length=60
    )
    adults = fields.Number(_l("Adults"), most=_MOST)
    children = fields.Number(_l("Children"), most=_MOST)
    needs = fields.ManyChoices(_l("What the bed needs to be"), choices=lambda: choices_of("bed_needs"))
    danger = fields.Choice(
        _l("How dangerous is it where she is?"),
        required=True,
        choices=lambda: choices_of("waiting_danger"),
        purpose=fields.Purpose(
            _l("Who is in most danger gets the next bed, not who called first."),
            _WHO,
        ),
    )
    channel = fields.Choice(
        _l("How may we reach her?"),
        hint=_l("Only what she says is safe. If nothing is, she calls us."),
        required=True,
        look="list",
        choices=lambda: choices_of("waiting_channels"),
    )
    value = fields.Text(_l("Number or address"), max_length=120)
    say = fields.Text(_l("What to say when somebody else answers"), max_length=200)

    def command(self) -> PutOnList:
        return PutOnList(
            site=self.house_id,
            called=self.called.data,
            adults=self.adults.data or 0,
            children=self.children.data or 0,
            needs=tuple(self.needs.data),
            danger=self.danger.data or "",
            channel=self.channel.data or "",
            value=self.value.data,
            say=self.say.data,
        )


class ChangeWaitingForm(EditForm, WaitingForm):
    """The same, as it stands now."""
