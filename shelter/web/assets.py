"""Style and script, named by their content so that a browser may keep them for good.

Ours stand in shelter/static; Bootstrap's sheet comes out of the installed Bootstrap-Flask, put into a CSS layer so that
ours always wins. Bootstrap's script is not served: nothing here needs it.
"""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request

from shelter.web.addresses import fixed
from shelter.web.may import public

STATIC = Path(__file__).resolve().parent.parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

blueprint = Blueprint("assets", __name__, url_prefix="/assets")


def asset(name: str) -> str:
    """The address of a file, with the hash of its content. Raises FileNotFoundError for a name that is not served."""
    return fixed("assets.file", name=name, v=fingerprint(name))


@blueprint.get("/<name>")
@public("style and script; the same for everybody", before_setup=True)
def file(name: str) -> Response:
    try:
        body = content(name)
    except FileNotFoundError:
        abort(404)
    response = Response(body, mimetype=_TYPES[Path(name).suffix])
    if request.args.get("v") == fingerprint(name):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def fingerprint(name: str) -> str:
    return _hashed(content(name))


def content(name: str) -> bytes:
    """The bytes of a served file, read anew only when it has changed."""
    path = _served().get(name)
    if path is None:
        raise FileNotFoundError(name)
    return _read(path, path.stat().st_mtime_ns)


@cache
def _served() -> dict[str, Path]:
    ours = {path.name: path for path in STATIC.iterdir() if path.suffix in _TYPES}
    return ours | {"bootstrap.css": _bootstrap()}


@cache
def _bootstrap() -> Path:
    return Path(str(files("flask_bootstrap"))) / "static/bootstrap5/css/bootstrap.min.css"


@cache
def _hashed(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


@cache
def _read(path: Path, _changed: int) -> bytes:
    body = path.read_bytes()
    if path != _bootstrap():
        return body
    sheet = body.removeprefix(b'@charset "UTF-8";').split(b"/*# sourceMappingURL")[0]
    return b"@layer bootstrap{" + sheet + b"}"


def init(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
