"""Which days an auditor looks at, whose code, which heads she brought along. The address names no person."""

from flask_babel import lazy_gettext as _l

from shelter.rules.codes import parse_code
from shelter.web import fields
from shelter.web.forms import Form

MOST_OF_HEADS = 20_000


class DaysForm(Form):
    first = fields.NearDate(_l("From"))
    last = fields.NearDate(_l("To, this day included"))


class PersonForm(Form):
    """A code as it stands on the other pages; the auditor knows no name for it."""

    code = fields.Text(_l("Code"), max_length=20, required=True, hint=_l("For example K7-4QM2-C."))

    def asked(self) -> str:
        return parse_code(self.code.data) or self.code.data


class HeadsForm(Form):
    heads = fields.LongText(
        _l("Heads that were kept elsewhere"),
        max_length=MOST_OF_HEADS,
        rows=4,
        required=True,
        hint=_l("Lines of a copied heads.txt, or what stands on a printed page; each on a line of its own."),
    )
