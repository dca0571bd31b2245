"""The steps of a way back."""

from collections.abc import Callable

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.documents import actions, queries
from shelter.documents.forms import AnswerForm, ArrangeForm, AskForm, CloseStepForm, EndWayForm, WayForm
from shelter.documents.routes.blueprint import ONE, STEP, blueprint
from shelter.documents.words import step_words
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.forms import EditForm
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route(f"{ONE}/way", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def begin_way(code: str, paper: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = WayForm(data={"version": found.way_version})
    form.way.choices = [(way.code, step_words(way.label), step_words(way.advice)) for way in found.ways]
    done = _saved(form, lambda: actions.begin_way(actor(), form.command(code, paper)), code, paper)
    return done or page("documents/begin_way.html", form=form, card=card, paper=found)


@blueprint.route(f"{ONE}/way/end", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def end_way(code: str, paper: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = EndWayForm(data={"version": found.way_version})
    done = _saved(form, lambda: actions.end_way(actor(), form.command(code, paper)), code, paper)
    return done or page("documents/end_way.html", form=form, card=card, paper=found)


@blueprint.route(f"{STEP}/ask", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def ask(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = AskForm(data={"version": found.way_version})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/ask.html", form=form, card=card, paper=found, step=found.step(step))


@blueprint.route(f"{STEP}/answer", methods=["GET", "POST"])
@may(Act.PAPERS_COUNSEL)
def answer(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = AnswerForm(data={"version": found.way_version})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/answer.html", form=form, card=card, paper=found, step=found.step(step))


@blueprint.route(f"{STEP}/who", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def arrange(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    known = found.step(step)
    form = ArrangeForm(data={"version": found.way_version, "owner": known.owner, "due": known.due})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/arrange.html", form=form, card=card, paper=found, step=known)


@blueprint.route(f"{STEP}/close", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def close(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = CloseStepForm(data={"version": found.way_version, "outcome": "done"})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/close.html", form=form, card=card, paper=found, step=found.step(step))


@blueprint.post(f"{STEP}/reopen")
@may(Act.PAPERS_WRITE)
def reopen(code: str, paper: bytes, step: str) -> Response:
    """One press; on an old page it changes nothing and says so."""
    version = request.form.get("version", default=0, type=int)
    try:
        actions.take_step(actor(), actions.TakeStep(code, paper, version, step, "reopened"))
    except (Conflict, Broken):
        tell(_("Somebody changed this way back meanwhile. Look at it and press again."))
    else:
        tell(_("Opened again."))
    return redirect(url_for(".show", code=code, paper=paper))


def _saved(form: EditForm, act: Callable[[], None], code: str, paper: bytes) -> Response | None:
    """Does what the form says where it was sent and holds; None where the page has to be shown (again)."""
    if not form.validate_on_submit():
        return None
    try:
        act()
    except Broken as broken:
        form.refuse(broken)
        return None
    except Conflict:
        _card, found, _scans = queries.one(actor(), code, paper)
        form.version.data, form.version.raw_data = found.way_version, None
        form.form_errors.append(
            _("Somebody changed this way back while you were writing. Look at it again, and save once more.")
        )
        return None
    tell(_("Saved."))
    return redirect(url_for(".show", code=code, paper=paper))
