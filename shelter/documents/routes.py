"""Papers of one client, each with its way back, and the list of what waits on whom."""

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.documents import actions, queries
from shelter.documents.forms import (
    AnswerForm,
    ArrangeForm,
    AskForm,
    ChangePaperForm,
    CloseStepForm,
    EndWayForm,
    PaperForm,
    ScanForm,
    WayForm,
    remembered,
)
from shelter.documents.words import EVENTS, GLOBALS, OWNERS, PAYERS, STEP_STATES, step_words
from shelter.files.checking import MOST_BYTES
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict, both_texts
from shelter.web.forms import EditForm
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page, tell
from shelter.web.uploads import takes_files

blueprint = Blueprint("documents", __name__)
READERS = frozenset({"caseworker", "supervisor", "legal_advocate", "legal_supervisor"})
NAV = (NavItem(_l("Papers"), "documents.waiting", READERS, order=50),)
LEGAL = frozenset({"legal_advocate", "legal_supervisor"})
_ONE = "/people/<code>/papers/<id:paper>"
_STEP = f"{_ONE}/steps/<step>"
for _said in GLOBALS:
    blueprint.add_app_template_global(_said)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"step_owners": OWNERS, "step_payers": PAYERS, "step_events": EVENTS, "step_states": STEP_STATES}


@blueprint.get("/papers")
@may(Act.PAPERS_READ)
def waiting() -> Response:
    legal_first = bool(LEGAL & {role.value for role in actor().roles})
    return page("documents/waiting.html", rows=queries.waiting(actor()), legal_first=legal_first)


@blueprint.get("/people/<code>/papers")
@may(Act.PAPERS_READ)
def index(code: str) -> Response:
    return page("documents/index.html", found=queries.of_client(actor(), code))


@blueprint.route("/people/<code>/papers/new", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def new(code: str) -> Response:
    form = drafted(PaperForm)
    if form.validate_on_submit():
        try:
            paper = actions.add_paper(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            saved()
            tell(_("Paper saved."), then=_("You can photograph it now, or begin the way back to it."))
            return redirect(url_for(".show", code=code, paper=paper))
    return page("documents/new.html", form=form, card=queries.of_client(actor(), code).card)


@blueprint.get(_ONE)
@may(Act.PAPERS_READ)
def show(code: str, paper: bytes) -> Response:
    card, found, scans = queries.one(actor(), code, paper)
    counsel = queries.may_counsel(actor(), code)
    return page("documents/show.html", card=card, paper=found, scans=scans, counsel=counsel)


@blueprint.route(f"{_ONE}/edit", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def edit(code: str, paper: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = drafted(ChangePaperForm, data=_filled(found), skips=found.text.skipped)
    if form.validate_on_submit():
        try:
            actions.change_paper(actor(), form.change(code, paper))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            return _both(form, code, paper)
        else:
            saved()
            tell(_("Paper saved."))
            return redirect(url_for(".show", code=code, paper=paper))
    return page("documents/edit.html", form=form, card=card, paper=found, both=None)


def _filled(found: queries.PaperView) -> dict[str, object]:
    text = found.text
    words = ("kind", "country", "state", "held_by", "seen_where", "seen_by", "printed_name", "number", "note")
    days = {name: remembered(getattr(text, name)) for name in ("issued", "expires", "seen_when")}
    return {name: getattr(text, name) or None for name in words} | days | {"version": found.version}


def _both(form: ChangePaperForm, code: str, paper: bytes) -> Response:
    """Somebody saved first: both texts side by side, the form still holding what was typed."""
    card, saved, _scans = queries.one(actor(), code, paper)
    both = both_texts(form, _filled(saved), version=saved.version, by=saved.changed_by, at=saved.changed_at)
    return page("documents/edit.html", status=409, form=form, card=card, paper=saved, both=both)


@blueprint.get(f"{_ONE}/earlier")
@may(Act.PAPERS_READ)
def earlier(code: str, paper: bytes) -> Response:
    card, versions, names = queries.earlier_versions(actor(), code, paper)
    return page("documents/earlier.html", card=card, versions=versions, names=names, paper=paper)


@blueprint.route(f"{_ONE}/scans/new", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
@takes_files(MOST_BYTES)
def new_scan(code: str, paper: bytes) -> Response:
    form = ScanForm()
    if form.validate_on_submit():
        try:
            actions.add_scan(actor(), form.command(code, paper))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Stored with this paper."))
            return redirect(url_for(".show", code=code, paper=paper))
    card, found, _scans = queries.one(actor(), code, paper)
    return page("documents/new_scan.html", form=form, card=card, paper=found)


@blueprint.route(f"{_ONE}/way", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def begin_way(code: str, paper: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = WayForm(data={"version": found.way_version})
    form.way.choices = [(way.code, step_words(way.label), step_words(way.advice)) for way in found.ways]
    done = _saved(form, lambda: actions.begin_way(actor(), form.command(code, paper)), code, paper)
    return done or page("documents/begin_way.html", form=form, card=card, paper=found)


@blueprint.route(f"{_ONE}/way/end", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def end_way(code: str, paper: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = EndWayForm(data={"version": found.way_version})
    done = _saved(form, lambda: actions.end_way(actor(), form.command(code, paper)), code, paper)
    return done or page("documents/end_way.html", form=form, card=card, paper=found)


@blueprint.route(f"{_STEP}/ask", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def ask(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = AskForm(data={"version": found.way_version})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/ask.html", form=form, card=card, paper=found, step=found.step(step))


@blueprint.route(f"{_STEP}/answer", methods=["GET", "POST"])
@may(Act.PAPERS_COUNSEL)
def answer(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = AnswerForm(data={"version": found.way_version})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/answer.html", form=form, card=card, paper=found, step=found.step(step))


@blueprint.route(f"{_STEP}/who", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def arrange(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    known = found.step(step)
    form = ArrangeForm(data={"version": found.way_version, "owner": known.owner, "due": known.due})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/arrange.html", form=form, card=card, paper=found, step=known)


@blueprint.route(f"{_STEP}/close", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def close(code: str, paper: bytes, step: str) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = CloseStepForm(data={"version": found.way_version, "outcome": "done"})
    done = _saved(form, lambda: actions.take_step(actor(), form.command(code, paper, step)), code, paper)
    return done or page("documents/close.html", form=form, card=card, paper=found, step=found.step(step))


@blueprint.post(f"{_STEP}/reopen")
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
