"""Paper for her: her list, printed or as a PDF, and a slip for her pocket. It says nothing of us: no name, no code."""

from functools import cache
from pathlib import Path

from flask import Response, abort, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.clients.queries import agency_today
from shelter.plans import queries
from shelter.plans.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.i18n import LANGUAGES
from shelter.web.may import may
from shelter.web.printing import print_page
from shelter.web.times import day
from shelter.web.typesetting import pdf_of

_TEMPLATE = Path(__file__).parent.parent / "list.typ"
_HERS = {"eng": "en", "spa": "es"}


@blueprint.get("/print")
@may(Act.PLANS_PRINT)
def print_plan(code: str) -> Response:
    paper = queries.paper(actor(), code)
    language = _language_of(paper)
    return print_page(
        "plans/print_plan.html",
        None,
        sheet=_sheet(paper, language),
        left_out=paper.left_out,
        languages=sorted(LANGUAGES, key=lambda one: one[0] != language),
        back_url=url_for(".show", code=code),
        code=code,
    )


@blueprint.get("/print/<language>")
@may(Act.PLANS_PRINT)
def pdf_plan(code: str, language: str) -> Response:
    """The same as a file, in a language of ours; its name and what stands inside it are those of anybody's list."""
    if language not in dict(LANGUAGES):
        abort(404)
    sheet = _sheet(queries.paper(actor(), code), language)
    pdf = pdf_of(_template(), sheet, agency_today())
    return as_download(Response(pdf, mimetype="application/pdf"), f"{sheet['file']}.pdf")


@blueprint.get("/safety/pocket")
@may(Act.PLANS_PRINT)
def pocket(code: str) -> Response:
    """A slip of paper that names nothing: her lines and no other word."""
    lines, left_out = queries.pocket_paper(actor(), code)
    back = url_for(".safety", code=code)
    return print_page("plans/pocket.html", None, lines=lines, left_out=left_out, back_url=back)


def _language_of(paper: queries.Paper) -> str:
    """The first of her languages that is one of ours."""
    return next((_HERS[one] for one in paper.languages if one in _HERS), "en")


def _sheet(paper: queries.Paper, language: str) -> dict[str, object]:
    with force_locale(language):
        return {
            "lang": language,
            "title": _("My list"),
            "file": _("list"),
            "goals": [{"words": goal.words, "steps": [_step(step) for step in goal.steps]} for goal in paper.goals],
        }


def _step(step: queries.PaperStep) -> dict[str, object]:
    return {"what": step.what, "due": day(step.due) if step.due else "", "done": step.done}


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()
