"""Which days an auditor looks at; in the address, as it names no person."""

from flask_babel import lazy_gettext as _l

from shelter.web import fields
from shelter.web.forms import Form


class DaysForm(Form):
    first = fields.NearDate(_l("From"))
    last = fields.NearDate(_l("To, this day included"))
