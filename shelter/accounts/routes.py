"""Signing in, staying in, leaving."""

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.accounts import aside_routes, cookies, queries, sessions, signing_in
from shelter.accounts.desk import active_session
from shelter.accounts.forms import ConfirmForm, SignInForm
from shelter.accounts.signing_in import Busy
from shelter.policy.acts import Act
from shelter.trail.record import recorded
from shelter.web import nav
from shelter.web.guard import actor
from shelter.web.headers import forget_everything
from shelter.web.may import may, public
from shelter.web.preferences import leave_for, local_path
from shelter.web.render import page

blueprint = Blueprint("accounts", __name__)
aside_routes.add_to(blueprint)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public("the way in")
def sign_in() -> Response:
    form = SignInForm()
    if form.validate_on_submit():
        return _try(form)
    return page("accounts/sign_in.html", form=form)


def _try(form: SignInForm) -> Response:
    try:
        sid = signing_in.sign_in(form.command(request.remote_addr or ""))
    except signing_in.Refused:
        form.form_errors.append(_("That did not match. Check the name, the passphrase and the code."))
    except signing_in.TooSoon as soon:
        form.form_errors.append(_wait_words(int(soon.wait.total_seconds()) + 1))
    except Busy:
        busy = page("accounts/sign_in.html", status=503, form=form)
        busy.headers["Retry-After"] = "5"
        return busy
    else:
        response = redirect(_after())
        cookies.write(request, response, [sid, *_others(sid)])
        return response
    return page("accounts/sign_in.html", form=form)


def _wait_words(seconds: int) -> str:
    return ngettext(
        "Too many tries. Please wait %(num)d second, then try again.",
        "Too many tries. Please wait %(num)d seconds, then try again.",
        seconds,
    )


def _others(sid: bytes) -> list[bytes]:
    return [other for other in cookies.read(request) if other != sid and sessions.find(other)]


def _after() -> str:
    return local_path(request.args.get("next", "/"))


@blueprint.route("/unlock", methods=["GET", "POST"])
@may(Act.ACCOUNT_OWN, locked_too=True)
def unlock() -> Response:
    return _confirm("accounts/unlock.html")


@blueprint.route("/confirm", methods=["GET", "POST"])
@may(Act.ACCOUNT_OWN)
def confirm() -> Response:
    return _confirm("accounts/confirm.html")


def _confirm(template: str) -> Response:
    form, found = ConfirmForm(), active_session()
    if form.validate_on_submit() and found is not None:
        try:
            signing_in.confirm(found, form.passphrase.data)
        except signing_in.Refused:
            form.passphrase.errors = [_("That is not your passphrase.")]
        except signing_in.TooSoon as soon:
            form.form_errors.append(_wait_words(int(soon.wait.total_seconds()) + 1))
        else:
            return redirect(_after())
    return page(template, form=form)


@blueprint.post("/lock")
@may(Act.ACCOUNT_OWN, locked_too=True)
def lock() -> Response:
    found = active_session()
    if found is not None:
        with recorded(actor(), "locked"):
            sessions.lock(found.sid)
    return redirect(url_for("accounts.unlock"))


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
@public("leaving must work for everybody, at once")
def leave() -> Response:
    """Quick exit: ends the session and shows an empty page that goes on to the agency's neutral address."""
    found = active_session()
    if found is not None:
        with recorded(None, "left"):
            sessions.end(found.sid)
    return _gone(leave_for(queries.agency_on_screen().exit_url))


def _gone(response: Response) -> Response:
    sids = cookies.read(request)[1:]
    cookies.write(request, response, [sid for sid in sids if sessions.find(sid)])
    return response if sids else forget_everything(response)


@blueprint.get("/sessions")
@may(Act.ACCOUNT_OWN)
def sessions_list() -> Response:
    return page("accounts/sessions_list.html", sessions=queries.my_sessions(actor()), mine=actor().session_id)


@blueprint.post("/sessions/end")
@may(Act.ACCOUNT_OWN)
def end_session() -> Response:
    with recorded(actor(), "session-ended"):
        if request.form.get("which") == "all":
            sessions.end_all(actor().id)
        else:
            sessions.end_hash(actor().id, _hash_from(request.form.get("which", "")))
    return redirect(url_for("accounts.sessions_list"))


def _hash_from(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        abort(404)


@blueprint.get("/")
@may(Act.ACCOUNT_OWN)
def start() -> Response:
    """Where each role begins: the first entry of her menu."""
    entries = nav.menu(nav.registered(), {role.value for role in actor().roles})
    return redirect(entries[0].url if entries else url_for("accounts.sessions_list"))
