"""The pages of setup, behind the one-use link that the command prints; gone when there is an agency."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts import cookies, offers, signing_in
from shelter.accounts.confirming import place, wait_words
from shelter.accounts.gatekeeping import RETRY_AFTER, waits_at_the_gate
from shelter.accounts.offers import Offer
from shelter.accounts.queries import agency_on_screen
from shelter.accounts.signing_in import Busy
from shelter.db.deployment import is_set_up
from shelter.db.errors import Missing
from shelter.rules.broken import Broken
from shelter.stewards import setting_up, setup_link
from shelter.stewards.setting_up import Progress
from shelter.stewards.setup_forms import AdministratorForm, AgencyForm, FounderForm, KitForm, ProofForm
from shelter.web.forms import Form
from shelter.web.may import public
from shelter.web.render import page, tell

View = TypeVar("View", bound=Callable[..., Response])
WHY = "setup: behind its one-use link, while there is no agency"


def add_to(blueprint: Blueprint) -> None:
    """Puts these pages on the blueprint of stewards."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/setup", "setup", setup)
    blueprint.add_url_rule("/setup/agency", "setup_agency", setup_agency, methods=both)
    blueprint.add_url_rule("/setup/founder", "setup_founder", setup_founder, methods=both)
    blueprint.add_url_rule("/setup/second", "setup_second", setup_second, methods=both)
    blueprint.add_url_rule("/setup/keys", "setup_keys", setup_keys, methods=["POST"])
    blueprint.add_url_rule("/setup/prove", "setup_prove", setup_prove, methods=both)
    blueprint.add_url_rule("/setup/prove-kit", "setup_prove_kit", setup_prove_kit, methods=["POST"])
    blueprint.add_url_rule("/setup/administrator", "setup_administrator", setup_administrator, methods=both)
    blueprint.add_url_rule("/setup/finish", "setup_finish", setup_finish, methods=both)
    blueprint.add_url_rule("/setup/<token>", "setup_begin", setup_begin, methods=both)


def _cookie() -> str:
    return "__Host-setup" if request.is_secure else "setup"


def _state() -> setup_link.State:
    """Raises Missing for any browser but the one that used the link, and for everybody afterwards."""
    if is_set_up():
        raise Missing
    return setup_link.require_holder(request.cookies.get(_cookie(), ""))


def _here() -> Progress:
    return setting_up.progress(_state())


def in_setup(view: View) -> View:
    """A page of setup: public before there is an agency, for the one browser, and in its order."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> Response:
        here = _here()
        allowed = {here.step, *_ALSO.get(here.step, ())}
        if (request.endpoint or "").rpartition(".")[2] not in allowed:
            return redirect(url_for(f"stewards.{here.step}"))
        return view(*args, **kwargs)

    return public(WHY, before_setup=True)(guarded)  # type: ignore[return-value] # same arguments, same answer


_ALSO = {
    "setup_founder": ("setup_agency",),
    "setup_second": ("setup_founder", "setup_keys"),
    "setup_prove": ("setup_keys", "setup_prove_kit"),
    "setup_administrator": ("setup_prove", "setup_prove_kit"),
    "setup_finish": ("setup_prove", "setup_prove_kit", "setup_administrator"),
}
"""Pages beside the next step that may still be opened."""


@public(WHY, before_setup=True)
def setup() -> Response:
    if is_set_up():
        abort(404)
    try:
        return redirect(url_for(f"stewards.{_here().step}"))
    except Missing:
        return page("stewards/setup.html", 403)


@public(WHY, before_setup=True)
def setup_begin(token: str) -> Response:
    """Opening the link changes nothing, so that no preview uses it up; the button does."""
    if is_set_up() or not setup_link.is_link(token):
        return page("stewards/setup.html", 404) if not is_set_up() else abort(404)
    if request.method == "GET":
        return page("stewards/setup_begin.html")
    response = redirect(url_for("stewards.setup"))
    secret, secure = setup_link.use_link(token), request.is_secure
    response.set_cookie(_cookie(), secret, path="/", secure=secure, httponly=True, samesite="Strict")
    return response


@in_setup
def setup_agency() -> Response:
    form = AgencyForm(data={"night_begins": "18", "zone": "America/Los_Angeles"})
    if form.validate_on_submit() and _done(form, lambda: setting_up.begin_agency(form.command())):
        return redirect(url_for("stewards.setup"))
    return page("stewards/setup_agency.html", form=form)


@waits_at_the_gate
@in_setup
def setup_founder() -> Response:
    form = FounderForm()
    offer = offers.read_offer(form.offer.data or "") or offers.new_offer(offers.WORDS_OF_A_STEWARD)
    if form.validate_on_submit() and form.offer.data == offer.text:
        try:
            sid = setting_up.make_founder(form.command(), offer, form.chosen())
        except Broken as broken:
            form.refuse(broken)
        except Busy:
            return _founder_page(form, offer, 503)
        else:
            response = redirect(url_for("stewards.setup"))
            cookies.write(request, response, [*cookies.read(request), sid])
            return response
    return _founder_page(form, offer)


def _founder_page(form: FounderForm, offer: Offer, status: int | None = None) -> Response:
    form.offer.data = offer.text
    second = bool(_here().founders)
    qr = offer.qr(_("steward"), agency_on_screen().name_on_screen)
    answer = page("stewards/setup_founder.html", status, form=form, offer=offer, qr=qr, second=second)
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


@in_setup
def setup_second() -> Response:
    return page("stewards/setup_second.html", here=_here())


@in_setup
def setup_keys() -> Response:
    """The sheet is in this answer and nowhere else."""
    try:
        sheet = setting_up.make_keys(_state(), cookies.read(request))
    except Broken as broken:
        form = Form(formdata=None)
        form.refuse(broken)
        return page("stewards/setup_second.html", 409, here=_here(), form=form)
    agency = agency_on_screen().name_on_screen
    return page("stewards/setup_keys.html", sheet=sheet, agency_name=agency, onward=url_for("stewards.setup_prove"))


@waits_at_the_gate
@in_setup
def setup_prove() -> Response:
    form, here = ProofForm(), _here()
    form.name.choices = [(one.sign_in_name, one.sign_in_name) for one in here.founders]
    attempt = form.attempt(request.remote_addr or "", place()) if form.validate_on_submit() else None
    if attempt and _done(form, lambda: setting_up.open_as_founder(_state(), attempt)):
        tell(_("Opened."), then=_("It is the first steward's own record, unsealed with the keys of who opened it."))
        return redirect(url_for("stewards.setup_prove"))
    return page("stewards/setup_prove.html", form=form, kit_form=KitForm(formdata=None), here=here)


@in_setup
def setup_prove_kit() -> Response:
    kit_form, here = KitForm(), _here()
    if kit_form.validate_on_submit() and _done(kit_form, lambda: setting_up.open_as_kit(_state(), kit_form.kit.data)):
        tell(_("The kit opens every compartment."), then=_("Keep the sheet away from this building."))
        return redirect(url_for("stewards.setup_prove"))
    form = ProofForm(formdata=None)
    form.name.choices = [(one.sign_in_name, one.sign_in_name) for one in here.founders]
    return page("stewards/setup_prove.html", 422, form=form, kit_form=kit_form, here=here)


@in_setup
def setup_administrator() -> Response:
    form = AdministratorForm()
    if form.validate_on_submit():
        try:
            link = setting_up.make_administrator(form.name.data, form.working_name.data, cookies.read(request))
        except Broken as broken:
            form.refuse(broken)
        else:
            address = url_for("accounts.invitation", token=link.token, _external=True)
            return page("stewards/setup_link.html", link=link, address=address)
    return page("stewards/setup_administrator.html", form=form)


@in_setup
def setup_finish() -> Response:
    form = Form()
    if request.method == "POST" and _done(form, lambda: setting_up.finish(_state(), cookies.read(request))):
        tell(_("The agency is set up."), then=_("Sign in, and let the administrator in when she has used her link."))
        response = redirect(url_for("accounts.sign_in"))
        cookies.write(request, response, [])
        response.delete_cookie(_cookie(), path="/", secure=request.is_secure, httponly=True, samesite="Strict")
        return response
    return page("stewards/setup_finish.html", form=form, here=_here())


def _done(form: Form, step: Callable[[], object]) -> bool:
    """Whether a step was done; what was wrong stands on the form."""
    try:
        step()
    except Broken as broken:
        form.refuse(broken)
    except signing_in.Refused:
        form.form_errors.append(_("That did not match. Check the passphrase, and wait for a new code."))
    except signing_in.TooSoon as soon:
        form.form_errors.append(wait_words(soon))
    except Busy:
        abort(503)
    else:
        return True
    return False
