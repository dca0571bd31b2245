"""Pages of the stewards, and of setup: who belongs."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.confirming import place
from shelter.accounts.forms import EmptyForm
from shelter.accounts.gatekeeping import waits_at_the_gate
from shelter.accounts.queries import colleague
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.stewards import actions, duties, kit_routes, queries, seconds, setup_routes, words
from shelter.stewards.forms import BindForm, OfficeForm, SecondForm
from shelter.stewards.membership import Second
from shelter.stewards.signing_routes import signed
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page, tell

blueprint = Blueprint("stewards", __name__)
setup_routes.add_to(blueprint)
kit_routes.add_to(blueprint)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)
NAV = (NavItem(_l("Keys"), "stewards.index", frozenset({"steward"}), order=95),)
DUTIES = (duties.hand_on, duties.leave_rosters)


def _id(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        abort(404)
    return found if len(found) == 16 else abort(404)


@blueprint.get("/keys")
@may(Act.KEYS_STEWARD)
def index() -> Response:
    return page("stewards/index.html", overview=queries.overview(actor()))


@blueprint.route("/keys/<staff_id>/bind", methods=["GET", "POST"])
@waits_at_the_gate
@may(Act.KEYS_STEWARD)
def bind(staff_id: str) -> Response:
    candidate, form = queries.candidate(actor(), _id(staff_id)), BindForm()
    if form.validate_on_submit() and _signs(
        form,
        lambda second: actions.bind_colleague(actor(), candidate.id, form.mark.data or "", second),
    ):
        tell(_("She belongs."), then=_("Your next saved page, or any colleague's, hands her the keys."))
        return redirect(url_for("stewards.index"))
    form.mark.data = candidate.mark
    return page("stewards/bind.html", form=form, candidate=candidate)


@blueprint.route("/keys/<staff_id>/unbind", methods=["GET", "POST"])
@waits_at_the_gate
@may(Act.KEYS_STEWARD)
def unbind(staff_id: str) -> Response:
    form, gone = SecondForm(), colleague(actor(), _id(staff_id))
    if form.validate_on_submit() and _signs(form, lambda second: actions.unbind_colleague(actor(), gone.id, second)):
        tell(_("Her keys belong no longer."), then=_("What she opened is marked below."))
        return redirect(url_for("stewards.index"))
    two = queries.unbinding_needs_two(gone.id)
    return page("stewards/unbind.html", form=form, colleague=gone, needs_two=two)


@blueprint.post("/keys/<staff_id>/rosters")
@may(Act.KEYS_STEWARD)
def rosters(staff_id: str) -> Response:
    try:
        actions.sign_rosters(actor(), _id(staff_id))
    except Broken as broken:
        form = SecondForm(formdata=None)
        form.refuse(broken)
        return page("stewards/index.html", 409, overview=queries.overview(actor()), form=form)
    tell(_("The rosters say what her roles say."))
    return redirect(url_for("stewards.index"))


@blueprint.post("/keys/<staff_id>/return")
@may(Act.KEYS_STEWARD)
def welcome(staff_id: str) -> Response:
    try:
        actions.let_in_again(actor(), _id(staff_id))
    except Broken as broken:
        form = SecondForm(formdata=None)
        form.refuse(broken)
        return page("stewards/index.html", 409, overview=queries.overview(actor()), form=form)
    tell(_("She works here again."), then=_("Your next saved page, or any colleague's, hands her the keys."))
    return redirect(url_for("stewards.index"))


@blueprint.route("/keys/<staff_id>/administrator", methods=["GET", "POST"])
@may(Act.KEYS_STEWARD)
def administrator(staff_id: str) -> Response:
    """Shown in the answer itself, this once: the link is kept nowhere."""
    detail, form = colleague(actor(), _id(staff_id)), EmptyForm()
    if form.validate_on_submit():
        try:
            link = actions.reset_administrator(actor(), detail.id)
        except Broken as broken:
            form.refuse(broken)
        else:
            address = url_for("accounts.invitation", token=link.token, _external=True)
            return page("accounts/link.html", link=link, address=address)
    return page("stewards/administrator.html", form=form, colleague=detail)


@blueprint.route("/keys/<staff_id>/office", methods=["GET", "POST"])
@waits_at_the_gate
@may(Act.KEYS_STEWARD)
def office(staff_id: str) -> Response:
    form, who = OfficeForm(), colleague(actor(), _id(staff_id))
    if form.validate_on_submit() and _signs(form, lambda second: _change_office(who.id, second)):
        tell(_("Signed by two."))
        return redirect(url_for("stewards.index"))
    return page("stewards/office.html", form=form, colleague=who)


def _change_office(staff_id: bytes, second: Second | None) -> None:
    if second is None:
        raise Broken("stewards.two-sign")
    actions.change_office(actor(), staff_id, second)


def _signs(form: SecondForm, sign: Callable[[Second | None], None]) -> bool:
    """Whether it was signed; whatever was wrong stands on the form."""

    def both() -> bool:
        sign(_second(form))
        return True

    return signed(form, both) is not None


def _second(form: SecondForm) -> Second | None:
    attempt = form.attempt(request.remote_addr or "", place())
    if attempt is not None:
        return seconds.another_steward(attempt)
    return seconds.the_kit(form.kit.data) if form.kit.data else None
