"""The base of every form: CSRF token, aria on every control, one summary of what is wrong.

A form cleans and types what was sent; it asks no database and decides about no one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, abort
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect

from shelter.rules.broken import Broken
from shelter.web.asked import Asked, Words
from shelter.web.sentences import sentence
from shelter.web.texts import Version

csrf = CSRFProtect()
"""`csrf.exempt` is for leaving, when everything else has expired, and for pages that know no session at all."""


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One thing to put right, the question it is about, and the id of the control where that is done."""

    target: str
    text: Words
    question: Words = ""


class Form(FlaskForm):
    """A form of questions from `shelter.web.fields`.

    `skips` gives the reasons recorded earlier, by field name; `skipped()` reads them back after a submit.
    """

    class Meta(FlaskForm.Meta):
        def render_field(self, field: Any, render_kw: Any) -> Any:
            if isinstance(field, Asked):
                render_kw = field.attributes() | render_kw
            return super().render_field(field, render_kw)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            sent = super().wrap_formdata(form, formdata)
            if sent is not None and sent is not formdata:  # not for a form given its data by the caller
                refuse_repeats(form, sent)
            return sent

    def __init__(self, *args: Any, skips: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, reason in (skips or {}).items():
            question = cast(Asked, self[name])
            if not (self.is_submitted() and question.asked):
                question.skip_reason = reason

    def skipped(self) -> dict[str, str]:
        """The reasons given instead of answers, by field name."""
        asked = (field for field in self if isinstance(field, Asked))
        return {field.short_name: field.skip_reason for field in asked if field.skip_reason and not field.answered}

    def error_summary(self) -> list[SummaryLine]:
        """All that is wrong, in the order of the page; what belongs to no question leads to the form itself."""
        lines = [SummaryLine("main", text) for text in self.form_errors]
        for field in self:
            if isinstance(field, Asked) and field.anatomy != "hidden":
                lines += [SummaryLine(field.target_id, text, field.label.text) for text in field.errors]
            else:
                lines += [SummaryLine("main", text) for text in field.errors]
        return lines

    def refuse(self, broken: Broken) -> None:
        """Show a broken rule beside the question it is about, or at the top when it is about none on this page."""
        text = sentence(broken.message_key, broken.values)
        if broken.field and broken.field in self:
            self[broken.field].errors = [*self[broken.field].errors, text]
        else:
            self.form_errors.append(text)


class EditForm(Form):
    """A form that changes something saved: carries the version it was made from, so that nobody's text is lost."""

    version = Version()


def refuse_repeats(form: Any, sent: Any) -> None:
    """A parameter that came twice means different things to different readers: 400, unless the question repeats."""
    repeating = {field.name for field in form if getattr(field, "repeats", False)}
    for name in sent:
        if name not in repeating and len(sent.getlist(name)) > 1:
            abort(400)


def init(app: Flask) -> None:
    """Check the CSRF token of every unsafe request, also where no form object is made.

    The token lives as long as the session. Flask-WTF's Referer check is off because our pages send no Referer;
    `shelter.web.crossorigin` checks where a request comes from instead.
    """
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    csrf.init_app(app)
