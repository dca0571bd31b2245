"""What is written in a book of the house put right, with a reason; and which days of a book are shown."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.desk.actions import ThingRight
from shelter.desk.forms.belongings import KeptForm
from shelter.desk.forms.books import DoorForm, HandOverForm, IncidentForm
from shelter.desk.forms.requests import TurnAwayForm
from shelter.settings.words import choices_of
from shelter.web import fields
from shelter.web.asked import Asked
from shelter.web.forms import EditForm, Form


class UntilForm(Form):
    """Up to which day a book is shown; in the address, as it names no person."""

    until = fields.NearDate(_l("Up to the day"))


class RightForm(EditForm):
    """Other words for what stands, and why; an entry stays in its house."""

    site: Any = None
    house_id: Any = b""
    why = fields.LongText(
        _l("Why it is put right"),
        hint=_l("What stood before is kept beside it, with your name."),
        required=_l("Say in a few words why"),
        max_length=500,
        rows=2,
    )

    def questions(self, *but: str) -> list[Asked]:
        """The questions in their order, the reason last."""
        known = [one for one in self if isinstance(one, Asked) and one.anatomy != "hidden"]
        asked = [one for one in known if one.short_name not in but]
        return sorted(asked, key=lambda one: one.short_name == "why")


class NoteRightForm(RightForm, HandOverForm):
    pass


class IncidentRightForm(RightForm, IncidentForm):
    pass


class DoorRightForm(RightForm, DoorForm):
    pass


class RequestRightForm(RightForm, TurnAwayForm):
    pass


class ThingRightForm(RightForm, KeptForm):
    move = fields.Choice(_l("What was done with it last"), required=True, choices=lambda: choices_of("kept_moves"))

    def right(self, code: str, thing: bytes) -> ThingRight:
        return ThingRight(
            code,
            thing,
            self.version.data,
            self.kind.data or "",
            self.what.data,
            self.where.data,
            self.move.data or "",
            self.why.data,
        )
