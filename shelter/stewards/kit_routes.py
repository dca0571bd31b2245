"""Pages of the recovery kit: trying it, and dividing it into shares."""

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.accounts.confirming import place
from shelter.accounts.gatekeeping import waits_at_the_gate
from shelter.accounts.queries import agency_on_screen
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.stewards import kit_page, new_kit, seconds
from shelter.stewards.forms import DivideForm, OfficeForm, TryKitForm
from shelter.stewards.signing_routes import signed
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


def add_to(blueprint: Blueprint) -> None:
    """Puts these pages on the blueprint of stewards."""
    blueprint.add_url_rule("/keys/kit", "kit", kit, methods=["GET", "POST"])
    blueprint.add_url_rule("/keys/kit/new", "new_kit", renew_kit, methods=["GET", "POST"])
    blueprint.add_url_rule("/keys/kit/shares", "divide_kit", divide_kit, methods=["GET", "POST"])


@may(Act.KEYS_STEWARD)
def kit() -> Response:
    form = TryKitForm()
    if form.validate_on_submit():
        try:
            opened = kit_page.try_it(actor(), form.kit.data)
        except Broken as broken:
            form.refuse(broken)
        else:
            said = ngettext("The kit opens the one compartment.", "The kit opens all %(num)d compartments.", opened)
            tell(said, then=_("It is written down. Put the paper back where it was."))
            return redirect(url_for("stewards.kit"))
    return page("stewards/kit.html", form=form, kit=kit_page.overview(actor()))


@waits_at_the_gate
@may(Act.KEYS_STEWARD)
def renew_kit() -> Response:
    """The sheet is in this answer and nowhere else."""
    form = OfficeForm()
    if form.validate_on_submit():
        sheet = signed(form, lambda: _renewed(form))
        if sheet is not None:
            agency, onward = agency_on_screen().name_on_screen, url_for("stewards.kit")
            return page("stewards/setup_keys.html", sheet=sheet, agency_name=agency, onward=onward)
    return page("stewards/new_kit.html", form=form, kit=kit_page.overview(actor()))


def _renewed(form: OfficeForm) -> new_kit.NewSheet:
    attempt = form.attempt(request.remote_addr or "", place())
    if attempt is None:
        return new_kit.with_the_old(actor(), form.kit.data or "")
    return new_kit.without_the_old(actor(), seconds.another_steward(attempt))


@may(Act.KEYS_STEWARD)
def divide_kit() -> Response:
    """The shares are in this answer and nowhere else."""
    form = DivideForm()
    if form.validate_on_submit():
        try:
            shares = kit_page.divide(actor(), form.kit.data, form.needed.data or 0, form.of.data or 0)
        except Broken as broken:
            form.refuse(broken)
        else:
            agency = agency_on_screen().name_on_screen
            return page("stewards/shares.html", shares=shares, needed=form.needed.data, agency_name=agency)
    return page("stewards/divide_kit.html", form=form)
