"""The forms of notes."""

from flask_babel import lazy_gettext as _l

from shelter.notes.actions import AddToNote, WriteNote
from shelter.notes.words import KINDS
from shelter.settings.words import choices_of
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Number, Purpose, Text
from shelter.web.forms import Form

WHY = Purpose(
    _l("So that nobody has to ask her twice. Write what the next colleague needs, no more of her story than that."),
    _l(
        "Case notes: her caseworkers and their supervisor. Counselling notes: those assigned to her, and the "
        "supervisor. Never the night desk, never legal staff."
    ),
)


class NoteForm(Form):
    """`kind` and `also` get their choices for the writer and the household."""

    kind = Choice(_l("What kind of note is it?"), required=True)
    on = NearDate(_l("On which day?"), required=True)
    words = LongText(_l("The note"), purpose=WHY, required=_l("Write the note"), max_length=20_000, rows=9)
    present = ManyChoices(_l("Who was there?"), choices=lambda: choices_of("note_present"))
    present_words = Text(
        _l("Who else, in words?"),
        hint=_l("A third person in the room can end the privilege of a counselling note. Write down who it was."),
        max_length=200,
    )
    minutes = Number(_l("How many minutes did it take?"), least=1, most=1440)
    also = ManyChoices(
        _l("Is it about others of her household too?"),
        hint=_l("It is then signed into each of these files, and into no other."),
    )

    def command(self, code: str) -> WriteNote:
        return WriteNote(
            code=code,
            kind=self.kind.data,
            on=self.on.data,
            words=self.words.data,
            minutes=self.minutes.data,
            present=tuple(self.present.data),
            present_words=self.present_words.data,
            also=tuple(self.also.data),
        )


class AddForm(Form):
    words = LongText(_l("What do you add?"), required=_l("Write what you add"), max_length=20_000, rows=6)
    why = Text(
        _l("Why, in a few words?"),
        hint=_l("Such as “a mistake in the date” or “she told me more”."),
        required=_l("Say in a few words why"),
        max_length=200,
    )

    def command(self, code: str, note: bytes) -> AddToNote:
        return AddToNote(code, note, self.words.data, self.why.data)


class SearchForm(Form):
    """Sent, never in an address: what somebody looks for in a file is part of the story."""

    words = Text(_l("Find in her notes"), required=_l("Write what to look for"), max_length=100)


def kind_choices(kinds: tuple[str, ...]) -> list[tuple[str, object, object]]:
    return [(code, *KINDS[code]) for code in kinds]
