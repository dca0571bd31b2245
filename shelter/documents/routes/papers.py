"""Papers of one client, and the list of what waits on whom."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.documents import actions, queries
from shelter.documents.forms import ChangePaperForm, PaperForm, ScanForm, remembered
from shelter.documents.routes.blueprint import ALL, LEGAL, ONE, blueprint
from shelter.files.checking import most_bytes
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.uploads import takes_files


@blueprint.get("/papers")
@may(Act.PAPERS_READ)
def waiting() -> Response:
    """All headings with their first lines, or one heading whole, a hundred lines at a time."""
    only, start = request.args.get("only", ""), request.args.get("start", default=0, type=int)
    groups = queries.waiting(actor(), only, max(0, start))
    if LEGAL & {role.value for role in actor().roles}:
        groups.sort(key=lambda group: group.name != "counsel")
    return page("documents/waiting.html", groups=groups, only=only)


@blueprint.get(ALL)
@may(Act.PAPERS_READ)
def index(code: str) -> Response:
    return page("documents/index.html", found=queries.of_client(actor(), code))


@blueprint.route(f"{ALL}/new", methods=["GET", "POST"])
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


@blueprint.get(ONE)
@may(Act.PAPERS_READ)
def show(code: str, paper: bytes) -> Response:
    card, found, scans = queries.one(actor(), code, paper)
    return page(
        "documents/show.html",
        card=card,
        paper=found,
        scans=scans,
        counsel=queries.may_counsel(actor(), code),
        told=queries.accounts_of(actor(), code, paper),
        copies=queries.copies(actor(), code, paper),
    )


@blueprint.route(f"{ONE}/edit", methods=["GET", "POST"])
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
    offices = ("police_report", "consulate", "case_number", "contact_risk")
    days = {name: remembered(getattr(text, name)) for name in ("issued", "expires", "seen_when")}
    return {name: getattr(text, name) or None for name in (*words, *offices)} | days | {"version": found.version}


def _both(form: ChangePaperForm, code: str, paper: bytes) -> Response:
    """Somebody saved first: both texts side by side, the form still holding what was typed."""
    card, saved, _scans = queries.one(actor(), code, paper)
    both = both_texts(form, _filled(saved), version=saved.version, by=saved.changed_by, at=saved.changed_at)
    return page("documents/edit.html", status=409, form=form, card=card, paper=saved, both=both)


@blueprint.get(f"{ONE}/earlier")
@may(Act.PAPERS_READ)
def earlier(code: str, paper: bytes) -> Response:
    card, versions, names = queries.earlier_versions(actor(), code, paper)
    return page("documents/earlier.html", card=card, versions=versions, names=names, paper=paper)


@blueprint.route(f"{ONE}/scans/new", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
@takes_files(most_bytes)
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
