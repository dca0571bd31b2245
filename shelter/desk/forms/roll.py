"""What a press in the roll sends, with or without script."""

from contextlib import suppress
from datetime import datetime

from flask_babel import lazy_gettext as _l

from shelter.desk.actions import Ticking
from shelter.rules.rollcall import Seen
from shelter.web import fields
from shelter.web.forms import Form


class NightForm(Form):
    """The night whose roll the page shows."""

    night = fields.NearDate(_l("Night of"), required=True)


class PressForm(NightForm):
    """A button of the roll; `caller` is for whom the page was made."""

    caller = fields.Hidden()


class TickForm(PressForm):
    """What was seen, and when the button was pressed where a script can say so."""

    seen = fields.Number(_l("What was seen"), most=len(Seen) - 1, required=True)
    pressed = fields.Hidden()

    def command(self, code: str) -> Ticking:
        return Ticking(code, self.night.data, Seen(self.seen.data), _moment(self.pressed.data))


class StepForm(PressForm):
    """A step was taken for somebody who is not back."""

    step = fields.Text(_l("Step"), required=True, max_length=40)


def _moment(said: str | None) -> datetime | None:
    """A moment with its zone, as the script of the page says it; anything else is no moment."""
    with suppress(ValueError):
        at = datetime.fromisoformat(said or "")
        return at if at.tzinfo else None
    return None
