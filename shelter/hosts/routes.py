"""Addresses for machines: alive, ready, and behind a token counts and the trail's head. None starts a session."""

from flask import Blueprint, abort, make_response, request
from werkzeug.wrappers import Response

from shelter.hosts import queries
from shelter.web.may import public

blueprint = Blueprint("hosts", __name__)


@blueprint.get("/health/live")
@public("a supervisor of processes asks whether this one answers; it says nothing else", before_setup=True)
def live() -> Response:
    return _text("ok\n", 200)


@blueprint.get("/health/ready")
@public("a proxy asks whether to send people here: database, schema, store, a word each", before_setup=True)
def ready() -> Response:
    parts = queries.readiness()
    well = all(word == queries.OK for word in parts.values())
    return _text("".join(f"{part} {word}\n" for part, word in parts.items()), 200 if well else 503)


@blueprint.get("/metrics")
@public("counts by endpoint and kind of answer, for whoever brings the operator's token; else there is no such page")
def metrics() -> Response:
    lines = queries.metrics(request.headers.get("Authorization", ""))
    if lines is None:
        abort(404)
    return _text("".join(f"{line}\n" for line in lines), 200)


@blueprint.get("/metrics/head")
@public("the newest link of the trail, for a second host that keeps it; for whoever brings the operator's token")
def head() -> Response:
    found = queries.trail_head(request.headers.get("Authorization", ""))
    if found is None:
        abort(404)
    return _text(f"{found}\n", 200)


def _text(words: str, status: int) -> Response:
    answer = make_response(words, status)
    answer.mimetype = "text/plain"
    answer.headers["Cache-Control"] = "no-store"
    return answer
