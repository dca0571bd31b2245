"""Who alone is to hold the keys of one record."""

from flask_babel import lazy_gettext as _l

from shelter.restricting.actions import Restrict
from shelter.web.fields import ManyChoices, Purpose
from shelter.web.forms import Form


class RestrictForm(Form):
    people = ManyChoices(
        _l("Who alone is to know her from now on?"),
        hint=_l("Legal staff who work with her or belong already do so by themselves, whether you choose them or not."),
        required=True,
        purpose=Purpose(
            _l("Their keys alone will open her record, whatever copy of the database anybody has."),
            _l("the stewards, and those you choose"),
        ),
    )

    def command(self, code: str) -> Restrict:
        return Restrict(code, frozenset(bytes.fromhex(one) for one in self.people.data))
