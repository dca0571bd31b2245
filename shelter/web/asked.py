"""What every question on a form has: hint, purpose, error, and the right to skip it with a reason.

Who may ask is policy's and what an answer means is rules'. A question takes hostile input without raising: what cannot
be read becomes an error beside what was typed.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field
from wtforms.validators import StopValidation

Words = Any  # a string or a lazy translation of one; flask_babel does not type the latter

SKIP_REASONS: tuple[tuple[str, Words], ...] = (
    ("not_today", _l("Not today")),
    ("prefers_not", _l("Prefers not to say")),
    ("does_not_know", _l("Does not know")),
    ("not_safe", _l("Not safe to ask now")),
)
_SKIP_VALUES = frozenset(value for value, _ in SKIP_REASONS)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a question is asked and who will see the answer, in words said before it is asked."""

    why: Words
    seen_by: Words = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer, as a template draws it."""

    id: str
    value: str
    label: Words
    hint: Words
    chosen: bool


def cleaned(text: str) -> str:
    """One Unicode form, one kind of line end, no control characters, nothing around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


class DrawnByMacro:
    """A widget whose HTML stands in templates/macros/controls.html, so that all of it is read in one place."""

    def __init__(self, macro: str) -> None:
        self.macro = macro

    def __call__(self, field: "Asked", **attributes: object) -> Markup:
        draw = get_template_attribute("macros/controls.html", self.macro)
        return Markup(draw(field, attributes))  # noqa: S704  Jinja escaped it already


class Asked(Field):
    """A question: `required` may be the sentence to show when it is left open.

    `skippable` puts a reason for not answering beside it, read back as `skip_reason`; with `required` an answer or a
    reason is needed. `purpose` says why we ask. A reason beside an answer is an error, as one of them would be lost;
    `reason_wins` changes that where an answer cannot be taken back by hand (radios). `decided` is asked when a form is
    made: "required", or "hidden" for a question that is neither shown nor read, so that what is saved stays.
    """

    anatomy: ClassVar[str] = "single"
    reason_wins: ClassVar[bool] = False
    repeats: ClassVar[bool] = False
    needed: ClassVar[Words] = _l("Answer this question")

    def __init__(
        self,
        label: Words = None,
        *,
        hint: Words = "",
        purpose: Purpose | None = None,
        required: bool | Words = False,
        skippable: bool = False,
        decided: Callable[[], str] | None = None,
        validators: Sequence[Callable[..., None]] = (),
        **options: Any,
    ) -> None:
        super().__init__(label, validators=list(validators), description=hint, **options)
        how = decided() if decided else "shown"
        self.asked = how != "hidden"
        self.purpose = purpose
        self.required = required or how == "required"
        self.skippable = skippable
        self.skip_reason: str | None = None

    @property
    def hint(self) -> Words:
        return self.description

    @property
    def marked_optional(self) -> bool:
        return not (self.required or self.skippable)

    @property
    def skip_name(self) -> str:
        return f"{self.name}-skip"

    @property
    def skip_options(self) -> list[Option]:
        return [
            Option(f"{self.id}-skip-{value}", value, label, "", value == self.skip_reason)
            for value, label in SKIP_REASONS
        ]

    @property
    def target_id(self) -> str:
        """The element that an error in the summary leads to."""
        return str(self.id)

    @property
    def described_by(self) -> str | None:
        said = {"hint": self.hint, "why": self.purpose, "count": self.count_hint, "error": self.errors}
        return " ".join(f"{self.id}-{part}" for part, words in said.items() if words) or None

    @property
    def count_hint(self) -> Words:
        return ""

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Every parameter this field reads; each may come once, unless `repeats`."""
        return (self.name, self.skip_name)

    @property
    def answered(self) -> bool:
        return self.data not in (None, "", [])

    @property
    def shown(self) -> str:
        """The answer in words, as it is read back to a person; the reason when it was skipped; "" when open."""
        if self.answered:
            return self.in_words()
        return next((str(words) for value, words in SKIP_REASONS if value == self.skip_reason), "")

    def in_words(self) -> str:
        return str(self.data)

    def attributes(self) -> dict[str, Any]:
        """What every control carries, whichever template draws it."""
        attributes: dict[str, Any] = {"class": "form-control"}
        if self.described_by:
            attributes["aria-describedby"] = self.described_by
        if self.errors:
            attributes["aria-invalid"] = "true"
            attributes["class"] += " is-invalid"
        return attributes

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        formdata = formdata if self.asked else None
        super().process(formdata, *args, **kwargs)
        if formdata is not None and self.skippable:
            reason = formdata.get(self.skip_name)
            self.skip_reason = reason if reason in _SKIP_VALUES else None

    def pre_validate(self, form: Any) -> None:
        if self.process_errors or not self.asked:
            raise StopValidation()
        if self.skip_reason and self.answered:
            if not self.reason_wins:
                raise StopValidation(_("There is an answer and a reason to skip. Keep one of them"))
            self.data = None
        if self.answered:
            return self.check_answer()
        if self.required and not self.skip_reason:
            raise StopValidation(str(self._sentence_when_open()))
        raise StopValidation()

    def check_answer(self) -> None:
        """Refuse, with StopValidation, an answer that was read but does not fit. Nothing by default."""

    def _sentence_when_open(self) -> Words:
        if self.required is not True:
            return self.required
        return _l("Answer this question, or say why not now") if self.skippable else self.needed
