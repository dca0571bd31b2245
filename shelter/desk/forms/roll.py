"""What a press in the roll sends, with or without script."""

from flask_babel import lazy_gettext as _l

from shelter.desk.actions import Ticking
from shelter.rules.rollcall import Seen
from shelter.web import fields
from shelter.web.forms import Form


class NightForm(Form):
    """The night whose roll the page shows."""

    night = fields.NearDate(_l("Night of"), required=True)


class TickForm(NightForm):
    """What was seen, and how long ago the button was pressed where the network was away."""

    seen = fields.Number(_l("What was seen"), most=len(Seen) - 1, required=True)
    ago = fields.Number(_l("Seconds ago"), most=10**9)

    def command(self, code: str) -> Ticking:
        return Ticking(code, self.night.data, Seen(self.seen.data), self.ago.data or 0)


class StepForm(NightForm):
    """A step was taken for somebody who is not back."""

    step = fields.Text(_l("Step"), required=True, max_length=40)
