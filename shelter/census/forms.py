"""Which period is counted, in the address: it names no person."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.web import fields
from shelter.web.forms import Form


class PeriodForm(Form):
    first = fields.NearDate(_l("From the night of"))
    last = fields.NearDate(_l("To the night of"))

    def validate_last(self, field: fields.NearDate) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise StopValidation(_("This day is before the first one"))

    def period(self, today: date) -> tuple[date, date]:
        """What was asked for, as far as it has been; the month before this one where nothing was asked."""
        if not self.errors and self.first.data and self.last.data:
            return min(self.first.data, today), min(self.last.data, today)
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
