"""The forms of what stands around a matter: certifications asked for, the family, trips."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.legal.commands import AddAsk, AddJourney, AnswerAsk, EndJourney, KeepMember, Kin, TellAsk
from shelter.legal.forms.asked import WHY, certifiers_on_offer
from shelter.legal.words import ASKED, HOW, RELATIONS, WHERE
from shelter.web.fields import Choice, NearDate, Text, Tick
from shelter.web.forms import EditForm, Form


class AskForm(Form):
    kind = Choice(_l("What is asked for?"), choices=ASKED, look="list", required=True)
    certifier = Choice(_l("Whose clock runs for the answer?"), choices=certifiers_on_offer, look="list", required=True)
    agency = Text(_l("Which agency is asked?"), max_length=160)
    contact = Text(_l("Whom there, and how to reach them"), max_length=200)
    asked_on = NearDate(_l("Asked on"), required=True)
    how = Choice(_l("How was it sent?"), choices=HOW)
    urgent = Tick(_l("It is urgent: she is in removal proceedings, or a relative loses eligibility within 60 days"))
    move = Tick("")

    def offer(self, stages: Iterable[Any]) -> None:
        _offer_move(self, stages)

    def command(self, code: str, matter: bytes, again: bytes | None = None) -> AddAsk:
        return AddAsk(
            code,
            matter,
            self.kind.data,
            self.certifier.data,
            self.agency.data,
            self.contact.data,
            self.asked_on.data,
            self.how.data or "",
            self.urgent.data,
            again,
            self.move.data if "move" in self else False,
        )


class AskAgainForm(EditForm, AskForm):
    """The same once more; `version` is how many there were, from the one before on."""

    def command(self, code: str, matter: bytes, again: bytes | None = None) -> AddAsk:
        return replace(super().command(code, matter, again), seen=self.version.data)


def _offer_move(form: "AskForm | AnswerAskForm", stages: Iterable[Any]) -> None:
    """Whether the matter moves too is asked, and nothing is asked where nothing follows."""
    names = " → ".join(gettext(stage.label) for stage in stages)
    if names:
        form.move.label.text = gettext("The matter comes to this stage too: %(stage)s", stage=names)
    else:
        del form.move


class TellForm(Form):
    on = NearDate(_l("On which day?"), required=True)
    what = Text(_l("What passed?"), hint=_l("A reminder that went out, a word on the telephone."), max_length=300)

    remind = Tick(_l("Remind us again by the agency's clock, in place of the day that was expected"))

    def command(self, code: str, matter: bytes, ask: bytes) -> TellAsk:
        remind = self.remind.data if "remind" in self else False
        return TellAsk(code, matter, ask, self.on.data, self.what.data, remind)


class AnswerAskForm(EditForm):
    answer = Choice(
        _l("What did they answer?"),
        choices=[("signed", _l("Signed")), ("refused", _l("Refused"))],
        required=_l("Choose the answer"),
    )
    on = NearDate(_l("Date of the signature, or of the refusal"), required=True)
    why = Text(_l("If refused, which reasons were given?"), max_length=400)
    move = Tick("")

    def offer(self, stages: Iterable[Any]) -> None:
        _offer_move(self, stages)

    def command(self, code: str, matter: bytes, ask: bytes) -> AnswerAsk:
        move = self.move.data if "move" in self else False
        return AnswerAsk(code, matter, ask, self.version.data, self.answer.data, self.on.data, self.why.data, move)


class MemberForm(EditForm):
    name = Text(_l("Name or initials"), purpose=WHY, max_length=160)
    relation = Choice(_l("What are they to the principal?"), choices=RELATIONS, look="list", required=True)
    born = NearDate(_l("Birth date"))
    where = Choice(_l("Where are they?"), choices=WHERE)
    stage = Choice(_l("Which stage have they come to?"), look="list")
    stage_on = NearDate(_l("On which day?"))
    frozen_on = NearDate(
        _l("Age frozen on"), hint=_l("The day of the filing whose age counts; empty while age still runs.")
    )
    client_code = Text(_l("Their own code, if we serve them too"), max_length=12)
    note = Text(_l("Anything to remember about them"), max_length=300)

    def command(self, code: str, matter: bytes, member: bytes | None = None) -> KeepMember:
        kin = Kin(
            self.name.data,
            self.relation.data,
            self.born.data,
            self.where.data or "",
            self.stage.data or "",
            self.stage_on.data,
            self.frozen_on.data,
            self.client_code.data,
            self.note.data,
        )
        return KeepMember(code, matter, kin, member, self.version.data or 0)


class JourneyForm(Form):
    member = Choice(_l("Who travels?"), hint=_l("Nobody chosen means the principal."), look="list")
    left = NearDate(_l("Leaves on"), required=True)
    back = NearDate(_l("Back on"))
    permit = Text(
        _l("On which permit?"), hint=_l("Such as advance parole, with its number of entries."), max_length=120
    )
    signed_off = Text(
        _l("Who of counsel agreed, and when?"),
        hint=_l("Asked for before any plan: a trip can break presence or start a bar, even on advance parole."),
        max_length=200,
    )
    note = Text(_l("Anything to remember about it"), max_length=300)

    def command(self, code: str, matter: bytes) -> AddJourney:
        member = bytes.fromhex(self.member.data) if self.member.data else None
        return AddJourney(
            code,
            matter,
            self.left.data,
            self.back.data,
            member,
            self.permit.data,
            self.signed_off.data,
            self.note.data,
        )


class ReturnForm(EditForm):
    back = NearDate(_l("Back on"))
    withdrawn = Text(_l("Or why the trip is not made"), max_length=200)

    def command(self, code: str, matter: bytes, journey: bytes) -> EndJourney:
        return EndJourney(code, matter, journey, self.version.data, self.back.data, self.withdrawn.data)
