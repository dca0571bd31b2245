"""A page of her own: another passphrase, with the one she has."""

from typing import cast

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts import cookies, offers, own_passphrase, sessions, signing_in
from shelter.accounts.confirming import wait_words
from shelter.accounts.desk import active_session
from shelter.accounts.forms import PassphraseForm
from shelter.accounts.gatekeeping import RETRY_AFTER, waits_at_the_gate
from shelter.accounts.offers import Offer
from shelter.accounts.signing_in import Busy
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


def add_to(blueprint: Blueprint) -> None:
    """Puts this page on the blueprint of accounts."""
    blueprint.add_url_rule("/passphrase", "passphrase", passphrase, methods=["GET", "POST"])


@waits_at_the_gate
@may(Act.ACCOUNT_SECURE)
def passphrase() -> Response:
    form = PassphraseForm()
    offer = offers.read_offer(form.offer.data or "") or offers.new_words(own_passphrase.words_for(actor()))
    if not form.validate_on_submit():
        return _ask(form, offer)
    try:
        sid = _changed(form, offer)
    except Busy:
        answer = _ask(form, offer, 503)
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    return _ask(form, offer) if sid is None else _go_on(sid)


def _changed(form: PassphraseForm, offer: Offer) -> bytes | None:
    """The new session, or None; whatever was wrong stands on the form."""
    if form.offer.data != offer.text:  # the server started anew, or somebody wrote another offer
        form.form_errors.append(_("These words are new, because the page was open for long. Please begin again here."))
        return None
    try:
        return own_passphrase.change(actor(), cast(sessions.Found, active_session()), offer, form.command())
    except Broken as broken:
        form.refuse(broken)
    except signing_in.Refused:
        form.present.errors = [_("That is not the passphrase you have now.")]
    except signing_in.TooSoon as soon:
        form.form_errors.append(wait_words(soon))
    return None


def _ask(form: PassphraseForm, offer: Offer, status: int | None = None) -> Response:
    form.offer.data = offer.text
    return page("accounts/passphrase.html", status, form=form, offer=offer)


def _go_on(sid: bytes) -> Response:
    tell(_("Your passphrase is the new one from now on."), then=_("Your sessions elsewhere have ended."))
    response = redirect(url_for("accounts.sessions_list"))
    cookies.write(request, response, [sid, *cookies.read(request)[1:]])
    return response
