"""Pages of erasing: a person's own page, the list with its rules, the certificate; holds."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from shelter.clients.queries import card_of
from shelter.erasing import actions, queries, words
from shelter.erasing.forms import AskForm, EndHoldForm, HoldForm
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.settings.words import UNITS
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.printing import print_page
from shelter.web.render import page, tell
from shelter.web.sentences import sentence

blueprint = Blueprint("erasing", __name__)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)
NAV = (NavItem(_l("Erasing"), "erasing.index", frozenset({"steward"}), order=96),)


@blueprint.route("/people/<code>/erasing", methods=["GET", "POST"])
@may(Act.ERASINGS_ASK)
def ask(code: str) -> AnyResponse:
    """What is open for her file, and asking for an erasing where nothing is."""
    file, form = queries.file_of(actor(), code, Act.ERASINGS_ASK), AskForm()
    if form.validate_on_submit():
        try:
            actions.ask(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Asked."), then=_("A steward agrees or not; those who work with her were told."))
            return redirect(url_for("erasing.ask", code=code))
    return page("erasing/ask.html", form=form, card=card_of(actor(), code), file=file)


@blueprint.route("/people/<code>/holds", methods=["GET", "POST"])
@may(Act.HOLDS_KEEP)
def holds(code: str) -> AnyResponse:
    """Her holds, and putting up another."""
    file, form = queries.file_of(actor(), code, Act.HOLDS_KEEP), HoldForm()
    if form.validate_on_submit():
        try:
            actions.put_hold(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Nothing of hers is erased from now on, until somebody ends this."))
            return redirect(url_for("erasing.holds", code=code))
    return page("erasing/holds.html", form=form, card=card_of(actor(), code), file=file)


@blueprint.route("/people/<code>/holds/<id:hold>", methods=["GET", "POST"])
@may(Act.HOLDS_KEEP)
def end_hold(code: str, hold: bytes) -> AnyResponse:
    file = queries.file_of(actor(), code, Act.HOLDS_KEEP)
    found = next((one for one in file.holds if one.id == hold and not one.ended), None) or abort(404)
    form = EndHoldForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            actions.end_hold(actor(), form.command(code, hold))
        except Conflict:
            form.form_errors.append(_("Somebody has changed this meanwhile. Look at it and do it again."))
        else:
            tell(_("This hold has ended."))
            return redirect(url_for("erasing.holds", code=code))
    return page("erasing/end_hold.html", form=form, card=card_of(actor(), code), hold=found)


@blueprint.get("/erasings/")
@may(Act.ERASINGS_SEE)
def index() -> Response:
    return page("erasing/index.html", erasings=queries.erasings(actor()))


@blueprint.get("/erasings/rules")
@may(Act.ERASINGS_SEE)
def rules() -> Response:
    """How long what is kept, and what each rule would do today."""
    found, held = queries.rules(actor())
    return page("erasing/rules.html", rules=found, held=held, retention_units=UNITS)


@blueprint.post("/erasings/<id:erasure>/agree")
@may(Act.ERASINGS_AGREE)
def agree(erasure: bytes) -> AnyResponse:
    return _then(lambda: actions.agree(actor(), erasure), _("You agreed. A supervisor of her site can erase it now."))


@blueprint.post("/erasings/<id:erasure>/drop")
@may(Act.ERASINGS_SEE)
def drop(erasure: bytes) -> AnyResponse:
    return _then(
        lambda: actions.drop(actor(), erasure), _("Let be. What was due by the rules is asked again in a year.")
    )


@blueprint.post("/erasings/<id:erasure>/erase")
@may(Act.ERASINGS_DO)
def erase(erasure: bytes) -> AnyResponse:
    done = _("Erased. This page is the certificate.")
    return _then(lambda: actions.erase(actor(), erasure), done, url_for("erasing.certificate", erasure=erasure))


@blueprint.post("/erasings/<id:erasure>/books")
@may(Act.ERASINGS_SEE)
def books(erasure: bytes) -> AnyResponse:
    """Somebody has gone through the books of the house."""
    back = url_for("erasing.certificate", erasure=erasure)
    return _then(lambda: actions.say_books_read(actor(), erasure), _("Written down."), back)


@blueprint.get("/erasings/<id:erasure>")
@may(Act.ERASINGS_SEE)
def certificate(erasure: bytes) -> Response:
    return page("erasing/certificate.html", certificate=queries.certificate(actor(), erasure))


@blueprint.get("/erasings/<id:erasure>/paper")
@may(Act.ERASINGS_SEE)
def paper(erasure: bytes) -> Response:
    """The same for the person herself: it bears her code and no name."""
    found = queries.certificate(actor(), erasure)
    back = url_for("erasing.certificate", erasure=erasure)
    return print_page("erasing/paper.html", None, certificate=found, back_url=back)


def _then(act: Callable[[], None], done: str, to: str = "") -> AnyResponse:
    """One step of an erasing; what refuses it is said on the list."""
    try:
        act()
    except Broken as broken:
        tell(sentence(broken.message_key, broken.values))
        return redirect(url_for("erasing.index"))
    tell(done)
    return redirect(to or url_for("erasing.index"))
