"""Pages: one way to show a template, with what every layout needs and a status that is true."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, flash, g, make_response, render_template

from shelter.web.forms import Form

Context = Callable[[], Mapping[str, object]]


def page(template: str, status: int | None = None, **context: Any) -> Response:
    """Show a template; a form that was sent and did not hold answers 422 and keeps what was typed."""
    form = context.get("form")
    wrong = isinstance(form, Form) and bool(form.errors)
    return make_response(render_template(template, **context), status or (422 if wrong else 200))


def tell(words: Any, *, then: Any = "", undo: str = "") -> None:
    """Say on the next page what happened, what comes next, and where it can be undone. Never a value about a person."""
    flash({"words": str(words), "then": str(then), "undo": undo})  # type: ignore[arg-type]  # kept as JSON


def init(app: Flask, context: Context | None = None) -> None:
    """`context` gives agency, me, nav and the other names that templates/layout reads; without a request's own
    context a layout leaves its parts out.
    """
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: dict(_once(context)) if context else {})


def _once(context: Context) -> Mapping[str, object]:
    if "page_context" not in g:
        g.page_context = context()
    known: Mapping[str, object] = g.page_context
    return known
