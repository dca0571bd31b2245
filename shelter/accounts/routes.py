"""Signing in, staying in, leaving."""

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts import (
    aside_routes,
    confirming,
    cookies,
    invitation_routes,
    passkey_routes,
    passphrase_routes,
    queries,
    sessions,
    signing_in,
    staff_routes,
)
from shelter.accounts.confirming import place, wait_words
from shelter.accounts.desk import active_session
from shelter.accounts.forms import SignInForm
from shelter.accounts.gatekeeping import RETRY_AFTER, waits_at_the_gate
from shelter.accounts.signing_in import Busy
from shelter.policy.acts import Act
from shelter.trail.record import recorded
from shelter.web import nav
from shelter.web.guard import actor
from shelter.web.headers import forget_everything
from shelter.web.may import may, public
from shelter.web.preferences import leave_for, local_path
from shelter.web.render import page, tell

blueprint = Blueprint("accounts", __name__)
for _pages in (aside_routes, invitation_routes, passkey_routes, passphrase_routes, staff_routes):
    _pages.add_to(blueprint)
NAV = staff_routes.NAV


@blueprint.route("/sign-in", methods=["GET", "POST"])
@waits_at_the_gate
@public("the way in")
def sign_in() -> Response:
    form = SignInForm()
    if form.validate_on_submit():
        return _try(form)
    return _sign_in_page(form)


def _sign_in_page(form: SignInForm, status: int | None = None) -> Response:
    return page("accounts/sign_in.html", status, form=form, passkey_host=place().host)


def _try(form: SignInForm) -> Response:
    at_desk = [sid for sid in cookies.read(request) if sessions.find(sid)]
    try:
        outcome = signing_in.sign_in(form.command(request.remote_addr or "", place()), at_desk)
    except signing_in.Refused:
        form.form_errors.append(_("That did not match. Check the name, the passphrase and the code."))
    except signing_in.TooSoon as soon:
        form.form_errors.append(wait_words(soon))
    except signing_in.ListChanged:
        form.form_errors.append(_("The list of who belongs here is not the one you last saw. Call a steward."))
    except Busy:
        busy = _sign_in_page(form, 503)
        busy.headers["Retry-After"] = str(RETRY_AFTER)
        return busy
    else:
        return _in(outcome, at_desk)
    return _sign_in_page(form)


def _in(outcome: bytes | signing_in.Waiting, at_desk: list[bytes]) -> Response:
    if isinstance(outcome, signing_in.Waiting):
        return page("accounts/waiting.html", words=outcome.words)
    response = redirect(local_path(request.args.get("next", "/")))
    cookies.write(request, response, [outcome, *_alive(at_desk)])
    return response


def _alive(sids: list[bytes]) -> list[bytes]:
    return [sid for sid in sids if sessions.find(sid)]


@blueprint.route("/unlock", methods=["GET", "POST"])
@waits_at_the_gate
@may(Act.ACCOUNT_OWN, locked_too=True)
def unlock() -> Response:
    return confirming.answer("accounts.unlock")


@blueprint.route("/confirm", methods=["GET", "POST"])
@waits_at_the_gate
@may(Act.ACCOUNT_OWN)
def confirm() -> Response:
    return confirming.answer("accounts.confirm")


@blueprint.post("/lock")
@may(Act.ACCOUNT_OWN, locked_too=True)
def lock() -> Response:
    found = active_session()
    if found is not None:
        with recorded(actor(), "locked"):
            sessions.lock(found.sid)
    return redirect(url_for("accounts.unlock", next=local_path(request.form.get("next", "/"))))


@blueprint.post("/stay")
@may(Act.ACCOUNT_OWN)
def stay() -> Response:
    """Answers the page's question whether somebody is there; seeing the request is all it takes."""
    return make_response("", 204)


@blueprint.route("/switch", methods=["GET", "POST"])
@may(Act.ACCOUNT_OWN, locked_too=True)
def switch() -> Response:
    """Two people at one desk: the other's session comes to the front, locked; or somebody new signs in."""
    sids = cookies.read(request)
    if request.method == "GET":
        return page("accounts/switch.html", others=_at_this_desk(sids))
    wanted = request.form.get("who", "")
    for sid in sids[1:]:
        if sessions.sid_hash(sid).hex() == wanted:
            return _bring_forward(sids, sid)
    abort(404)


def _at_this_desk(sids: list[bytes]) -> list[dict[str, str]]:
    found = [one for sid in sids[1:] if (one := sessions.find(sid))]
    return [{"who": one.row.sid_hash.hex(), "name": queries.sign_in_name(one.row.staff_id)} for one in found]


def _bring_forward(sids: list[bytes], sid: bytes) -> Response:
    with recorded(actor(), "switched"):
        sessions.lock(sids[0])
        sessions.lock(sid)
    response = redirect(url_for("accounts.unlock"))
    cookies.write(request, response, [sid, *[other for other in sids if other != sid]])
    return response


@blueprint.post("/sign-out")
@may(Act.ACCOUNT_OWN, locked_too=True)
def sign_out() -> Response:
    found = active_session()
    if found is not None:
        signing_in.sign_out(found, actor())
    return _gone(redirect(url_for("accounts.sign_in")))


@blueprint.post("/leave")
@public("leaving must work for everybody, at once", before_setup=True)
def leave() -> Response:
    """Quick exit: ends the session and shows an empty page that goes on to the agency's neutral address."""
    found = active_session()
    if found is not None:
        with recorded(None, "left"):
            sessions.end(found.sid)
    return _gone(leave_for(queries.agency_on_screen().exit_url))


def _gone(response: Response) -> Response:
    others = _alive(cookies.read(request)[1:])
    cookies.write(request, response, others)
    return response if others else forget_everything(response)


@blueprint.get("/sessions")
@may(Act.ACCOUNT_OWN)
def sessions_list() -> Response:
    return page("accounts/sessions_list.html", sessions=queries.my_sessions(actor()), mine=actor().session_id)


@blueprint.post("/sessions/end")
@may(Act.ACCOUNT_OWN)
def end_session() -> Response:
    which = request.form.get("which", "")
    with recorded(actor(), "session-ended"):
        if which == "all":
            sessions.end_all(actor().id)
        else:
            sessions.end_hash(actor().id, _hash_from(which))
    tell(_("That session has ended."))
    return redirect(url_for("accounts.sign_in" if which == "all" else "accounts.sessions_list"))


def _hash_from(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        abort(404)


@blueprint.get("/")
@may(Act.ACCOUNT_OWN)
def start() -> Response:
    """Where each role begins: the first entry of her menu, or the page that says what she waits for."""
    if not queries.has_keys(actor()):
        return page("accounts/start.html")
    entries = nav.menu(nav.registered(), {role.value for role in actor().roles})
    return redirect(entries[0].url if entries else url_for("accounts.sessions_list"))
