"""The ledger of an original, and its evidence pack for counsel."""

from pathlib import Path

from flask import abort, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.documents import actions, queries
from shelter.documents.forms import LineForm
from shelter.documents.routes.blueprint import ONE, blueprint
from shelter.documents.words import custody_act_words, pack_data
from shelter.files.checking import most_bytes
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.typeset import plain_pdf
from shelter.web.uploads import takes_files

_TEMPLATE = Path(__file__).parent.with_name("evidence.typ")


@blueprint.get(f"{ONE}/custody")
@may(Act.PAPERS_READ)
def custody(code: str, paper: bytes) -> Response:
    return page("documents/custody.html", found=queries.ledger(actor(), code, paper))


@blueprint.route(f"{ONE}/custody/<what>", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
@takes_files(most_bytes)
def new_line(code: str, paper: bytes, what: str) -> Response:
    found = queries.ledger(actor(), code, paper)
    form = LineForm(data={"version": len(found.lines), "on": agency_today()})
    if form.validate_on_submit():
        try:
            actions.add_line(actor(), form.command(code, paper, what))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            form.version.data, form.version.raw_data = len(queries.ledger(actor(), code, paper).lines), None
            form.form_errors.append(_("Somebody added a line meanwhile. Look at the ledger, and save once more."))
        else:
            tell(_("Written in the ledger."))
            return redirect(url_for(".custody", code=code, paper=paper))
    elif what not in found.can and not form.is_submitted():
        abort(404)
    return page("documents/new_line.html", form=form, found=found, what=custody_act_words(what))


@blueprint.get(f"{ONE}/custody/pack")
@may(Act.PAPERS_COUNSEL)
def pack(code: str, paper: bytes) -> Response:
    """The archive: ledger, document, photographs as they were sent, and the digest of each."""
    found, members = queries.evidence(actor(), code, paper)
    document = plain_pdf(_TEMPLATE.read_bytes(), pack_data(found))
    response = make_response(queries.packed([*members, ("custody.pdf", [document])]))
    response.mimetype = "application/zip"
    return as_download(response, f"{code} {_('custody')}.zip")
