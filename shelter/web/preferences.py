"""What a reader may choose before anybody knows her: language, light or dark; and the empty page to leave for."""

from flask import Blueprint, Flask, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from shelter.web.i18n import LANGUAGE_COOKIE, offered
from shelter.web.may import public
from shelter.web.render import bare

LOOK_COOKIE = "__Host-look"
_LOOKS = ("light", "dark")
_YEAR = 365 * 24 * 3600

blueprint = Blueprint("preferences", __name__)


@blueprint.post("/language")
@public("chosen before signing in; names no person", before_setup=True)
def language() -> AnyResponse:
    chosen = request.form.get("lang", "")
    return _remember(LANGUAGE_COOKIE, chosen if chosen in dict(offered()) else "")


@blueprint.post("/look")
@public("chosen before signing in; names no person", before_setup=True)
def look() -> AnyResponse:
    chosen = request.form.get("look", "")
    return _remember(LOOK_COOKIE, chosen if chosen in _LOOKS else "")


@blueprint.get("/away")
@public("an empty page to leave for", before_setup=True)
def away() -> str:
    return bare("layout/away.html")


def chosen_look() -> str:
    """ "light", "dark", or "" for what the device prefers."""
    chosen = request.cookies.get(LOOK_COOKIE, "")
    return chosen if chosen in _LOOKS else ""


def leave_for(url: str = "") -> Response:
    """The answer to leaving without script: an empty page that goes on to `url` by itself, or stays without one.

    Not a redirect: `form-action 'self'` forbids a form to end on another site.
    """
    response = make_response(bare("layout/away.html"))
    if url:
        response.headers["Refresh"] = f"0; url={url}"
    return response


def local_path(path: str) -> str:
    """`path` when it leads to a page of ours, else the start page; for each address that came in a form or a query."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain else "/"


def _remember(cookie: str, value: str) -> AnyResponse:
    response = redirect(local_path(request.form.get("back", "/")), 303)
    if value:
        response.set_cookie(cookie, value, max_age=_YEAR, secure=True, httponly=True, samesite="Strict")
    else:
        response.delete_cookie(cookie, secure=True, httponly=True, samesite="Strict")
    return response


def init(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["look"] = chosen_look
