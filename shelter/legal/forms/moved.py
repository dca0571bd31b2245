"""The form for a move of hers."""

from flask_babel import lazy_gettext as _l

from shelter.legal.commands import TellMove
from shelter.legal.words import ADDRESSES
from shelter.web.fields import Choice, NearDate, Tick
from shelter.web.forms import Form


class MovedForm(Form):
    on = NearDate(_l("On which day did she move, or will she?"), required=True)
    address = Choice(
        _l("Which address will stand on the forms?"),
        hint=_l("An address that one of them may not take is said here before it goes out."),
        choices=ADDRESSES,
        look="list",
    )
    address_planned = Tick(_l("This address was planned with counsel and with her"))

    def command(self, code: str, matter: bytes) -> TellMove:
        return TellMove(code, matter, self.on.data, self.address.data or "", self.address_planned.data)
