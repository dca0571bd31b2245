"""Passkeys: a challenge for a page's script, and her own list of them."""

from typing import cast

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.accounts import own_factors, passkeys, sessions
from shelter.accounts.confirming import challenge_for_unlock, place
from shelter.accounts.desk import active_session
from shelter.accounts.forms import PasskeyForm
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.may import may, public
from shelter.web.render import page, tell


def add_to(blueprint: Blueprint) -> None:
    """Puts these pages on the blueprint of accounts."""
    blueprint.add_url_rule("/passkeys/sign-in", "challenge", challenge)
    blueprint.add_url_rule("/passkeys/unlock", "unlock_challenge", unlock_challenge)
    blueprint.add_url_rule("/passkeys/new", "registration", registration)
    blueprint.add_url_rule("/passkeys", "factors", factors, methods=["GET", "POST"])
    blueprint.add_url_rule("/passkeys/remove", "remove_passkey", remove_passkey, methods=["POST"])


def _asked(challenge_text: str) -> Response:
    return jsonify(challenge=challenge_text, rpId=place().host, userVerification="required", timeout=120_000)


@public("a random number that a device signs; says nothing about anybody")
def challenge() -> Response:
    return _asked(passkeys.challenge_text(passkeys.SIGN_IN))


@may(Act.ACCOUNT_OWN, locked_too=True)
def unlock_challenge() -> Response:
    return _asked(challenge_for_unlock(actor()))


@may(Act.ACCOUNT_SECURE)
def registration() -> Response:
    return current_app.response_class(own_factors.registration(actor(), _here(), place()), mimetype="application/json")


@may(Act.ACCOUNT_SECURE)
def factors() -> AnyResponse:
    form = PasskeyForm()
    if form.validate_on_submit():
        try:
            own_factors.add_passkey(actor(), _here(), form.passkey.data or "", form.name.data, place())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Passkey added."), then=_("It confirms that it is you, beside your passphrase."))
            return redirect(url_for("accounts.factors"))
    return page("accounts/factors.html", form=form, mine=own_factors.mine(_here()), passkey_host=place().host)


@may(Act.ACCOUNT_SECURE)
def remove_passkey() -> AnyResponse:
    try:
        own_factors.remove_passkey(actor(), _here(), bytes.fromhex(request.form.get("which", "")))
    except ValueError:
        abort(404)
    tell(_("Passkey removed."))
    return redirect(url_for("accounts.factors"))


def _here() -> sessions.Found:
    return cast(sessions.Found, active_session())
