"""The questions about a client, each with why we ask and who will see the answer; every hard one can be skipped."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.clients import parts
from shelter.clients.actions import AnswerWish
from shelter.clients.parts import Born, FirstMeeting, Names, Numbers, Part, Progress, Referral, SavePart, Told
from shelter.clients.words import CHANNELS, language_codes
from shelter.rules.codes import parse_code
from shelter.rules.contact import Answer
from shelter.settings.words import ask, choices_of
from shelter.web.fields import (
    Choice,
    Hidden,
    LongText,
    ManyChoices,
    Purpose,
    RememberedDate,
    Text,
    Tick,
    Time,
    Version,
)
from shelter.web.forms import EditForm, Form

EARLIEST_BIRTH = date(1900, 1, 1)


def lines(text: str) -> tuple[str, ...]:
    """One entry a line, as typed, without the empty ones."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class ProgressForm(EditForm):
    """A part of the record: the worker says herself how far it has come."""

    progress = Choice(
        _l("How far are we with this part?"),
        choices=[
            (Progress.IN_PART, _l("We go on another time")),
            (Progress.DONE, _l("Done for now")),
            (Progress.LATER, _l("Left for later")),
        ],
    )

    def said(self) -> Progress:
        return Progress(self.progress.data or Progress.IN_PART)


class FirstQuestions(Form):
    """Enough for a bed; none of it must be answered."""

    working_name = Text(**ask("working_name"), max_length=80)
    pronouns = Text(**ask("pronouns"), max_length=40)
    languages = Text(**ask("languages"), hint=_l("Several with commas between, the easiest first."), max_length=200)
    room_needs = ManyChoices(
        _l("What does the room need to be?"),
        purpose=Purpose(_l("So that the bed fits."), _l("Everyone who works at the place where you stay.")),
        choices=lambda: choices_of("bed_needs"),
    )
    allergies = Text(
        _l("Allergies, or anything the kitchen and the night desk must know"),
        purpose=Purpose(
            _l("So that nobody is harmed by food or cleaning."), _l("Everyone who works at the place where you stay.")
        ),
        max_length=300,
    )

    def answers(self) -> FirstMeeting:
        return FirstMeeting(
            working_name=self.working_name.data,
            pronouns=self.pronouns.data,
            languages=language_codes(self.languages.data),
            room_needs=tuple(self.room_needs.data or ()),
            allergies=self.allergies.data,
        )


class BeginForm(FirstQuestions):
    site = Choice(_l("Where does she come to?"), required=True)

    def command(self) -> parts.Begin:
        return parts.Begin(bytes.fromhex(self.site.data), self.answers())


class FirstForm(FirstQuestions, ProgressForm):
    desk_version = Version()

    def command(self, code: str) -> SavePart:
        return SavePart(
            code,
            Part.FIRST,
            self.version.data,
            self.answers(),
            self.skipped(),
            self.said(),
            self.desk_version.data,
        )


class NamesForm(ProgressForm):
    legal_name = Text(**ask("legal_name"), max_length=200)
    aliases = LongText(**ask("aliases"), hint=_l("One name a line."), max_length=2000, rows=3)

    def command(self, code: str) -> SavePart:
        names = Names(self.legal_name.data, lines(self.aliases.data))
        return SavePart(code, Part.NAMES, self.version.data, names, self.skipped(), self.said())


class BirthQuestions(Form):
    birth = RememberedDate(**ask("birth_date"), earliest=EARLIEST_BIRTH)
    minor_consent = Choice(**ask("minor_consent"), choices=lambda: choices_of("minor_consent"))
    minor_consent_note = Text(_l("Who that is, and how we know"), max_length=300)

    def told(self) -> Told:
        known = self.birth.data
        if known is None:
            return Told("declined" if self.birth.skip_reason else "not_asked")
        return Told(known.precision, known.year, known.month, known.day)


class BirthForm(BirthQuestions, ProgressForm):
    def command(self, code: str) -> SavePart:
        born = Born(self.told(), self.minor_consent.data or "", self.minor_consent_note.data)
        return SavePart(code, Part.BIRTH, self.version.data, born, self.skipped(), self.said())


class ReferralForm(ProgressForm):
    referral_source = Choice(**ask("referral_source"), choices=lambda: choices_of("referral_source"), look="list")
    referral_note = Text(_l("Which one, or in your own words"), max_length=300)

    def command(self, code: str) -> SavePart:
        referral = Referral(self.referral_source.data or "", self.referral_note.data)
        return SavePart(code, Part.REFERRAL, self.version.data, referral, self.skipped(), self.said())


class NumbersForm(ProgressForm):
    """Numbers that others gave her; the Social Security number only where a funder asks, and never shown back."""

    a_number = Text(
        _l("A-number, if the immigration service gave one"),
        purpose=Purpose(
            _l("So that a legal advocate finds the right file. You can stay without it."),
            _l("Your caseworker and their supervisor; a legal advocate if you have one. Each look is written down."),
        ),
        hint=_l("A and seven to nine digits."),
        skippable=True,
        max_length=30,
    )
    ssn = Text(**ask("ssn"), hint=_l("Nine digits. Leave it empty to keep the number that is there."), max_length=20)

    def command(self, code: str) -> SavePart:
        ssn = (self.ssn.data or None) if self.ssn.asked else None
        numbers = Numbers(self.a_number.data, ssn)
        return SavePart(code, Part.NUMBERS, self.version.data, numbers, self.skipped(), self.said())


class ReadbackForm(ProgressForm):
    """Nothing but the word that it was read back together."""

    read = Tick(_l("We have read this back together, in a language she understands"), required=True)

    def command(self, code: str) -> SavePart:
        return SavePart(code, Part.READBACK, self.version.data, None, {}, Progress.DONE)


FORMS: dict[Part, Any] = {
    Part.FIRST: FirstForm,
    Part.NAMES: NamesForm,
    Part.BIRTH: BirthForm,
    Part.REFERRAL: ReferralForm,
    Part.NUMBERS: NumbersForm,
}


class ContactForm(EditForm):
    """One channel: whether, when, and what to say."""

    allowed = Choice(
        _l("May we use it?"),
        choices=[
            (Answer.ALLOWED, _l("Yes, in the way written here")),
            (Answer.NEVER, _l("Never")),
            (Answer.NOT_ASKED, _l("Not asked yet")),
        ],
        skippable=True,
    )
    value = Text(_l("Number or address"), max_length=200)
    hours_from = Time(_l("Not before"))
    hours_to = Time(_l("Not after"))
    say = Text(_l("What to say who is calling"), hint=_l("For example: the dentist."), max_length=200)
    code_word = Text(**ask("code_word"), max_length=60)
    language = Text(_l("In which language"), max_length=60)
    shared_with = Text(_l("Who else reads or hears it"), max_length=200)
    confirmed = Tick(_l("She confirmed this today"))

    def command(self, code: str, channel: str, today: date, before: date | None) -> parts.SaveContact:
        """`before` is the day of the last confirmation, kept unless she confirmed it again."""
        return parts.SaveContact(
            code=code,
            version=self.version.data,
            channel=channel,
            allowed=self.allowed.data or Answer.NOT_ASKED.value,
            value=self.value.data,
            hours_from=self.hours_from.data,
            hours_to=self.hours_to.data,
            say=self.say.data,
            code_word=self.code_word.data,
            language=self.language.data,
            shared_with=self.shared_with.data,
            skipped=self.allowed.skip_reason or "",
            confirmed=today if self.confirmed.data else before,
        )


class DangerForm(EditForm):
    """Somebody who endangers her; the door learns how to recognise him and what to do, nothing else."""

    names = LongText(**ask("danger_name"), hint=_l("One name a line."), max_length=500, rows=2)
    aliases = LongText(**ask("danger_aliases"), hint=_l("One name a line."), max_length=500, rows=2)
    relationship = Choice(
        **ask("danger_relationship"), choices=lambda: choices_of("relationship_of_danger"), look="list"
    )
    description = LongText(**ask("danger_description"), max_length=1000, rows=3)
    vehicle = Text(**ask("danger_vehicle"), max_length=200)
    order_in_force = Choice(**ask("danger_order"), choices=lambda: choices_of("order_in_force"), look="list")
    at_door = Tick(_l("Tell the door: an alert with the description, without your name"))
    respond = Choice(**ask("door_alert"), choices=lambda: choices_of("door_alert_response"))

    def command(self, code: str, danger_id: str) -> parts.SaveDanger:
        return parts.SaveDanger(
            code=code,
            version=self.version.data,
            id=danger_id,
            names=lines(self.names.data),
            aliases=lines(self.aliases.data),
            relationship=self.relationship.data or "",
            description=self.description.data,
            vehicle=self.vehicle.data,
            order_in_force=self.order_in_force.data or "",
            respond=self.respond.data or "call_on_call",
            at_door=self.at_door.data,
            skipped=self.skipped(),
        )


class MemberForm(FirstQuestions, BirthQuestions):
    """Somebody who came with her, as a client of her own."""

    relationship = Choice(
        _l("To the head of the household"), choices=lambda: choices_of("relationship_to_head"), look="list"
    )

    def command(self, code: str) -> parts.AddMember:
        return parts.AddMember(
            code=code,
            answers=self.answers(),
            relationship=self.relationship.data or "",
            birth=self.told(),
            minor_consent=self.minor_consent.data or "",
            minor_consent_note=self.minor_consent_note.data,
            skipped=self.skipped(),
        )


class JoinForm(Form):
    other_code = Text(_l("Her code"), required=True, max_length=20)

    def code(self) -> str:
        """The code as it is written. Raises `Broken`."""
        return parse_code(self.other_code.data, "other_code")


class StaffForm(Form):
    staff = Choice(_l("Colleague"), look="list", required=True)

    def chosen(self) -> bytes:
        return bytes.fromhex(self.staff.data)


class MessageForm(Form):
    to = Choice(_l("To"), look="list", required=True)
    text = LongText(
        _l("Message"), hint=_l("Short, and only what your colleague needs."), max_length=1000, required=True
    )

    def reader(self) -> bytes:
        return bytes.fromhex(self.to.data)


class FindForm(Form):
    words = Text(
        _l("Find a person"),
        hint=_l("Parts of a name in any order and spelling, a code, a telephone number or an A-number."),
        max_length=200,
        required=True,
    )


class NamesTyped(Form):
    """What stands in a form that is being filled, to look for somebody who is here already."""

    legal_name = Text(max_length=200)
    aliases = LongText(max_length=2000)

    def names(self) -> list[str]:
        return [name for name in (self.legal_name.data, *lines(self.aliases.data)) if name]


def staff_choices(people: Iterable[Any]) -> list[tuple[str, str]]:
    return [(one.id.hex(), one.working_name) for one in people]


def channel_words(channel: str) -> Any:
    return CHANNELS[channel]


class ReachForm(Form):
    """Which way was pressed; `version` is that of her answers, where she was asked again and says that one holds."""

    channel = Hidden()
    version = Hidden()

    def confirmed(self) -> int | None:
        return int(self.version.data) if (self.version.data or "").isdecimal() else None


class WishForm(Form):
    what = Choice(
        _l("What does she want?"),
        choices=[("correct", _l("Something put right")), ("delete", _l("Something taken out"))],
        required=True,
    )
    words = LongText(_l("Which words, and how should they be?"), required=True, max_length=1000, rows=3)


class AnswerWishForm(EditForm):
    state = Choice(
        _l("What became of it?"),
        choices=[("done", _l("Done as she wished")), ("kept", _l("It stays, and she knows why"))],
        required=True,
    )
    words = Text(_l("In a few words"), max_length=300)

    def command(self, code: str, wish: bytes) -> AnswerWish:
        return AnswerWish(code, wish, self.version.data, self.state.data, self.words.data)


class MergeForm(Form):
    """The code of the other record; the preview comes before the merge."""

    code = Text(_l("Code of the other record"), required=True, max_length=20)

    def other(self) -> str:
        """Raises `Broken` for what is no code."""
        return parse_code(self.code.data, "code")
