"""Asking her first, that it is still she: to unlock, or before an act that reaches many records.

What she had typed goes along, sealed under her own user key, and is put before her again afterwards.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from math import ceil

import msgspec
from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.accounts import cookies, passkeys, queries, sessions, signing_in
from shelter.accounts.desk import active_session
from shelter.accounts.forms import ConfirmForm
from shelter.accounts.passkeys import Place
from shelter.accounts.people import actor_of_session
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.db.deployment import settings
from shelter.db.keyring import keyring_of
from shelter.policy.actor import Actor
from shelter.web.preferences import local_path
from shelter.web.render import page

MOST_BYTES = 400_000
_PAGES = {"accounts.unlock": "accounts/unlock.html", "accounts.confirm": "accounts/confirm.html"}
_NOT_KEPT = frozenset({"csrf_token"})


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was sent too late: where it was going and what it held."""

    path: str
    fields: list[tuple[str, str]]


def ask_first(endpoint: str, came_from: str | None) -> Response:
    """The page that asks; a form that was being sent is kept in it."""
    if request.method != "POST":
        return redirect(url_for(endpoint, next=came_from))
    found = active_session()
    form = ConfirmForm(formdata=None)
    form.kept.data = _seal(actor_of_session(found.row, found.uk)) if found else ""
    return _show(endpoint, form, 403)


def answer(endpoint: str) -> Response:
    """The same page when it is opened or answered by itself."""
    form, found = ConfirmForm(), active_session()
    if found is not None and form.validate_on_submit():
        try:
            sid = signing_in.confirm(found, form.passphrase.data, form.passkey.data or "", place())
        except signing_in.Refused:
            form.passphrase.errors = [_("That is not your passphrase, or this passkey is not yours.")]
        except signing_in.TooSoon as soon:
            form.form_errors.append(wait_words(soon))
        else:
            return _go_on(found, sid, form.kept.data or "")
    return _show(endpoint, form, None)


def _show(endpoint: str, form: ConfirmForm, status: int | None) -> Response:
    template = "accounts/unlock.html" if endpoint == "accounts.unlock" else "accounts/confirm.html"
    found = active_session()
    who = queries.sign_in_name(found.row.staff_id) if found else ""
    action = url_for(endpoint, next=request.args.get("next"))
    return page(template, status, form=form, action=action, who=who, passkey_host=place().host)


def _go_on(found: sessions.Found, sid: bytes, kept: str) -> Response:
    """On with the new cookie: to where she wanted, or to what she had typed."""
    typed = _unseal(actor_of_session(found.row, found.uk), kept) if kept else None
    if typed is None:
        response: Response = redirect(local_path(request.args.get("next", "/")))
    else:
        response = page("accounts/repeat.html", typed=typed)
    cookies.write(request, response, [sid, *cookies.read(request)[1:]])
    return response


def place() -> Place:
    """Where this page was served, as a passkey sees it: by the first host name of the settings."""
    return Place(settings().trusted_hosts[0], f"{request.scheme}://{request.host}")


def challenge_for_unlock(actor: Actor) -> str:
    return passkeys.challenge_text(passkeys.UNLOCK, actor.id)


def wait_words(soon: signing_in.TooSoon) -> str:
    """How long she waits before she may try again."""
    return ngettext(
        "Too many tries. Please wait %(num)d second, then try again.",
        "Too many tries. Please wait %(num)d seconds, then try again.",
        ceil(soon.wait.total_seconds()),
    )


def _seal(actor: Actor) -> str:
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in _NOT_KEPT]
    raw = msgspec.msgpack.encode((request.full_path.rstrip("?"), fields))
    if len(raw) > MOST_BYTES:
        return ""
    return urlsafe_b64encode(keyring_of(actor).seal_own(Label.DRAFT, "sent-too-late", raw)).decode()


def _unseal(actor: Actor, text: str) -> Typed | None:
    try:
        raw = keyring_of(actor).open_own(Label.DRAFT, "sent-too-late", urlsafe_b64decode(text))
    except (Unopenable, ValueError):
        return None
    path, fields = msgspec.msgpack.decode(raw, type=tuple[str, list[tuple[str, str]]])
    return Typed(local_path(path), fields)
