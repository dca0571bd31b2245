"""Turning away at the gate: where too many wait to be signed in, the next hears so before her form is read."""

from flask import Flask, request
from werkzeug.exceptions import ServiceUnavailable

from shelter.crypto.passwords import current_gate
from shelter.web.may import View

RETRY_AFTER = 5
_ATTRIBUTE = "shelter_waits_at_the_gate"


def waits_at_the_gate(view: View) -> View:
    """Marks a view whose posts take a passphrase."""
    setattr(view, _ATTRIBUTE, True)
    return view


def init(app: Flask) -> None:
    """Put in before anything that reads a body (the check of the CSRF token does)."""

    def turn_away() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if request.method == "POST" and getattr(view, _ATTRIBUTE, False) and current_gate().is_full:
            raise ServiceUnavailable(retry_after=RETRY_AFTER)

    app.before_request(turn_away)
