"""Pages: one way to show a template, with what every layout needs and a status that is true."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, flash, g, make_response, render_template

from shelter.web.forms import Form

Context = Callable[[], Mapping[str, object]]
BARE = "page_without_context"
"""Set in `g` to draw an error page although the context itself has failed."""
EMPTY: Mapping[str, object] = {
    "agency": SimpleNamespace(name_on_screen="", fictional=False, exit_url=""),
    "me": SimpleNamespace(working_name="", initials="", roles=()),
    "nav": (),
    "site_name": "",
    "site_switch": (),
    "find_url": "",
    "notices_url": "",
    "notices_count": 0,
    "account_links": (),
    "sign_out_url": "",
    "leave_url": "/leave",
    "idle": None,
    "form": None,
}
"""What a layout reads: `site_switch` and `account_links` list {name or label, url}, `idle` has seconds, lock_url and
stay_url."""


def page(template: str, status: int | None = None, **context: Any) -> Response:
    """Show a template; a form that was sent and did not hold answers 422 and keeps what was typed."""
    form = context.get("form")
    wrong = isinstance(form, Form) and bool(form.errors)
    return make_response(render_template(template, **context), status or (422 if wrong else 200))


def bare(template: str) -> str:
    """A template without the frame's context: it can be drawn whatever has failed, and says nothing of anybody."""
    setattr(g, BARE, True)
    return render_template(template)


def tell(words: Any, *, then: Any = "", undo: str = "") -> None:
    """Say on the next page what happened, what comes next, and where it can be undone. Never a value about a person."""
    flash({"words": str(words), "then": str(then), "undo": undo})  # type: ignore[arg-type]  # kept as JSON


def init(app: Flask, context: Context | None = None) -> None:
    """`context` gives for each request what templates/layout reads (the names of `EMPTY`); a layout leaves out the
    parts of what is missing.
    """
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: _complete(context))


def _complete(context: Context | None) -> dict[str, object]:
    given = context() if context and not g.pop(BARE, False) else {}
    return {**EMPTY, **{name: value for name, value in given.items() if value is not None}}
