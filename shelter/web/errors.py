"""Every way a request can fail, and the page that says so; the log gets ids and codes, never a value or a message.

A record outside the reader's reach and one that does not exist give the same page, byte for byte.
"""

import logging
import re
import secrets
import traceback
from types import TracebackType

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from shelter.db.errors import Conflict, Missing, NoKey, Spoiled
from shelter.policy.errors import Denied, NotFromHere, StepUpNeeded
from shelter.rules.broken import Broken
from shelter.web.render import BARE
from shelter.web.sentences import sentence

SHOWN = (400, 403, 404, 405, 409, 413, 429, 500, 503)
log = logging.getLogger("shelter")


class CodesOnly(logging.Formatter):
    """One line a record: level, logger, our constant text, and of an exception its type and the places it passed.

    No message of an exception, no argument that is not a number or one of our short codes, no local variable. Of what
    others say (the server that carries us) only the words before the first sign that begins a value: an address, a
    path, a quotation.
    """

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.split(".")[0] == "shelter"
        said = record.msg if isinstance(record.msg, str) and (ours or not record.exc_info) else "-"
        if not ours:
            said = re.split(r"[=/'\"]", said)[0].strip()
        parts = [self.formatTime(record), record.levelname, record.name, _with_codes(said, record.args)]
        if record.exc_info and record.exc_info[0]:
            parts.append(f"{record.exc_info[0].__name__} at {_places(record.exc_info[2])}")
        return " ".join(parts).replace("\n", " ").replace("\r", " ")


def _with_codes(said: str, args: object) -> str:
    given = args if isinstance(args, tuple) else (args,) if args else ()
    safe = tuple(arg if isinstance(arg, int | float) else _code(arg) for arg in given)
    try:
        return said % safe if safe else said
    except (TypeError, ValueError):
        return said


def _code(value: object) -> str:
    text = str(value)
    return text if re.fullmatch(r"[a-z0-9_.:-]{1,64}", text) else "…"


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-8:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))


def keep_log_clean(logger: logging.Logger) -> None:
    """Give every handler of a logger the formatter that writes codes only."""
    for handler in logger.handlers:
        handler.setFormatter(CodesOnly())


def init(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotFromHere, _not_from_here)
    app.register_error_handler(Denied, lambda _denied: answer(403))
    app.register_error_handler(Missing, lambda _missing: answer(404))
    app.register_error_handler(NoKey, lambda _no_key: answer(403))
    app.register_error_handler(Conflict, lambda _conflict: answer(409))
    app.register_error_handler(Spoiled, _spoiled)
    app.register_error_handler(StepUpNeeded, _confirm_first)
    app.register_error_handler(Broken, _broken)
    app.register_error_handler(OperationalError, _away)
    app.register_error_handler(Exception, _unforeseen)
    keep_log_clean(app.logger)


def answer(status: int, words: str = "") -> Response:
    """The page of a status: without context where that fails, as a bare number where nothing can be drawn."""
    shown = status if status in SHOWN else 400 if status < 500 else 500
    for bare in (False, True):
        if bare:
            setattr(g, BARE, True)
        try:
            body = render_template(f"errors/{shown}.html", words=words, reference=g.get("reference", ""))
        except Exception:
            log.exception("error page failed %s", shown)
        else:
            return make_response(body, status)
    return make_response(str(shown), status)


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    response = answer(status)
    if status == 405:
        response.headers["Allow"] = dict(error.get_headers()).get("Allow", "GET, HEAD, POST")
    if status in (429, 503) and getattr(error, "retry_after", None):
        response.headers["Retry-After"] = dict(error.get_headers()).get("Retry-After", "60")
    return response


def _not_from_here(denied: NotFromHere) -> Response:
    if denied.why == "network":
        return answer(403, _("This work is done from the office's own network."))
    return answer(403, _("This work asks for a passkey. Add one under your account, and sign in with it."))


def _confirm_first(_needed: StepUpNeeded) -> AnyResponse:
    return redirect(url_for("accounts.confirm", next=request.path if request.method == "GET" else None))


def _broken(broken: Broken) -> Response:
    log.info("rule broken %s at %s", broken.message_key, request.endpoint or "nowhere")
    return answer(400, sentence(broken.message_key, broken.values))


def _spoiled(_spoiled: Spoiled) -> Response:
    log.error("seal refused at %s", request.endpoint or "nowhere")
    words = _(
        "A seal on this record does not hold, so it is not shown. The trail says so; nothing was changed. "
        "Tell a steward."
    )
    return answer(500, words)


def _away(error: OperationalError) -> Response:
    """The database is not there, or has no room: nothing was shown or half saved, and it mends by itself."""
    log.error("database away at %s", request.endpoint or "nowhere", exc_info=error)
    response = answer(503)
    response.headers["Retry-After"] = "60"
    return response


def _unforeseen(error: Exception) -> Response:
    g.reference = secrets.token_hex(4)
    log.error("unforeseen %s at %s", g.reference, request.endpoint or "nowhere", exc_info=error)
    return answer(500)
