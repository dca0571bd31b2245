"""What stands on paper: code, reader and time on our own prints, none of these on the copy that is hers.

Whoever prints writes it in the trail first; nothing here does. The shelter's address is on neither.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template

from shelter.web.times import moment


@dataclass(frozen=True, slots=True)
class PrintMark:
    """What is printed on every sheet of an internal print: the client's code, who printed, and when."""

    code: str
    reader: str
    at: datetime

    @property
    def at_words(self) -> str:
        return moment(self.at)


def print_page(template: str, mark: PrintMark | None, **context: object) -> Response:
    """A page for paper, from a template that extends layout/print.html; `mark=None` only for a client's own copy."""
    return make_response(render_template(template, mark=mark, **context))
