"""The forms of the matter itself."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.legal.commands import (
    Agreed,
    ChangeMatter,
    MoveStage,
    OpenMatter,
)
from shelter.legal.forms.asked import WHY, lines, types_on_offer
from shelter.web.fields import Choice, LongText, NearDate, Text, Tick
from shelter.web.forms import EditForm, Form


class _AboutMatter(Form):
    scope = LongText(
        _l("What we agreed to do, and what not"),
        hint=_l("The scope of our work, in the words of the agreement."),
        purpose=WHY,
        max_length=4000,
        rows=4,
    )
    adverse = LongText(
        _l("Who is on the other side?"),
        hint=_l("One name a line. Nobody outside is ever asked about them."),
        max_length=2000,
        rows=3,
    )
    cleared = Text(
        _l("If somebody near was found: why is it no conflict, or who decided?"),
        hint=_l("The other side is compared, here and nowhere else, with everybody this agency serves."),
        max_length=400,
    )
    a_number = Text(_l("A-number, as you read it on a paper of hers"), max_length=40)


class MatterForm(_AboutMatter):
    type = Choice(_l("What kind of matter is it?"), choices=types_on_offer, look="list", required=True)
    lead = Choice(
        _l("Who will work on it?"),
        hint=_l("She can open this person's identity, legal file and papers from then on."),
        look="list",
        required=True,
    )
    opened_on = NearDate(_l("Open since"), required=True)

    def command(self, code: str) -> OpenMatter:
        return OpenMatter(
            code,
            self.type.data,
            self.opened_on.data,
            bytes.fromhex(self.lead.data) if "lead" in self else None,
            self.scope.data,
            lines(self.adverse.data),
            self.a_number.data,
            self.cleared.data,
        )


class ChangeMatterForm(EditForm, _AboutMatter):
    retainer_on = NearDate(_l("Retainer signed on"))
    counsel = Text(_l("Who represents her"), max_length=120)
    closing_on = NearDate(_l("Closing letter sent on"))
    closing = LongText(_l("What the closing letter says"), max_length=2000, rows=3)

    def command(self, code: str, matter: bytes) -> ChangeMatter:
        return ChangeMatter(
            code,
            matter,
            self.version.data,
            self.scope.data,
            lines(self.adverse.data),
            self.a_number.data,
            Agreed(self.retainer_on.data, self.counsel.data, self.closing_on.data, self.closing.data),
            self.cleared.data,
        )


class StageForm(EditForm):
    stage = Choice(_l("Which stage has it come to?"), required=_l("Choose the stage"))
    on = NearDate(_l("On which day?"), required=True)
    confirmed = Tick("")
    why = Text(_l("Anything to remember about it"), max_length=300)

    def offer(self, stages: Iterable[Any]) -> None:
        self.stage.choices = [(stage.code, gettext(stage.label)) for stage in stages]

    def ask(self, stages: Iterable[Any]) -> None:
        """What some of these want to hear first; nothing where none of them does."""
        asked = [f"{gettext(stage.label)}: {gettext(stage.confirm)}" for stage in stages if stage.confirm]
        if asked:
            self.confirmed.label.text = "; ".join(asked)
        else:
            del self.confirmed

    def command(self, code: str, matter: bytes) -> MoveStage:
        confirmed = self.confirmed.data if "confirmed" in self else False
        return MoveStage(code, matter, self.version.data, self.stage.data, self.on.data, self.why.data, confirmed)
