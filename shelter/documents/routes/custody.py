"""The ledger of an original, and its evidence pack for counsel."""

from pathlib import Path

from flask import abort, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.documents import actions, queries
from shelter.documents.custody import SIGNED
from shelter.documents.forms import LineForm, PackForm
from shelter.documents.routes.blueprint import ONE, blueprint
from shelter.documents.words import custody_act_words, pack_data
from shelter.files.checking import most_bytes, portions
from shelter.files.packing import Member, packed
from shelter.files.queries import Spoiled
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.typeset import encrypted, lacks_letters, plain_pdf
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
    return page("documents/new_line.html", form=form, found=found, what=custody_act_words(what), signs=what in SIGNED)


@blueprint.route(f"{ONE}/custody/pack", methods=["GET", "POST"])
@may(Act.PAPERS_COUNSEL)
def pack(code: str, paper: bytes) -> Response:
    """Ledger, document, photographs as they were sent, and the digest of each, under a passphrase of counsel's."""
    found, members = queries.evidence(actor(), code, paper)
    form = PackForm(data={"what": "archive"})
    if form.validate_on_submit():
        document = _document(found)
        try:
            return _sent(code, form, document, members)
        except Broken as broken:
            form.refuse(broken)
        except Spoiled:
            form.form_errors.append(_("A photograph of this ledger cannot be opened. Please tell your administrator."))
    return page("documents/pack.html", form=form, found=found)


def _document(found: queries.Ledger) -> bytes:
    template = _TEMPLATE.read_bytes()
    plain = plain_pdf(template, pack_data(found))
    return plain_pdf(template, pack_data(found, lacks=True)) if lacks_letters(plain) else plain


def _sent(code: str, form: PackForm, document: bytes, members: list[Member]) -> Response:
    if form.what.data == "pdf":
        response = make_response(encrypted(document, form.passphrase.data))
        response.mimetype = "application/pdf"
        return as_download(response, f"{code} {_('custody')}.pdf")
    archive = packed([*members, ("custody.pdf", lambda: [document])], form.passphrase.data)
    response = make_response(portions(archive))
    response.mimetype = "application/zip"
    return as_download(response, f"{code} {_('custody')}.zip")
