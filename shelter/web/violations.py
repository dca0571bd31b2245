"""What browsers say they refused to run on our pages: a line of the log that names the rule and nothing else.

A report names the page, so it names a code: none of it is kept. It belongs to no session and is never answered.
"""

import json
import re
import time

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from shelter.web.errors import log
from shelter.web.forms import csrf
from shelter.web.headers import REPORTS_TO
from shelter.web.may import public

LONGEST = 16 * 1024
SILENCE = 60.0
"""Seconds in which the same rule is written down once by a process."""
RULES = frozenset(
    {
        "child-src",
        "connect-src",
        "default-src",
        "font-src",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "prefetch-src",
        "script-src",
        "script-src-elem",
        "script-src-attr",
        "style-src",
        "style-src-elem",
        "style-src-attr",
        "worker-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
        "require-trusted-types-for",
        "sandbox",
        "trusted-types",
        "upgrade-insecure-requests",
    }
)
"""What a policy can say (CSP level 3): whoever invents another name fills neither the log nor our memory with it."""
_RULE = re.compile(r"[a-z-]{1,40}")

blueprint = Blueprint("violations", __name__)
_said: dict[str, float] = {}


@blueprint.post(REPORTS_TO)
@public("a browser says which rule of the policy a page broke; nothing of the report is kept", before_setup=True)
def refused() -> Response:
    if (request.content_length or 0) > LONGEST:
        raise RequestEntityTooLarge
    rule, at = _rule(request.get_data()), time.monotonic()
    if at - _said.get(rule, -SILENCE) >= SILENCE:
        _said[rule] = at
        log.warning("content policy broken %s", rule)
    return Response(status=204)


def _rule(raw: bytes) -> str:
    """The directive that was broken, of a report in either form; `unreadable` for whatever is none."""
    try:
        found = json.loads(raw)
        report = (found[0]["body"] if isinstance(found, list) else found["csp-report"]) or {}
        said = report.get("effective-directive") or report.get("effectiveDirective") or report["violated-directive"]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return "unreadable"
    match = _RULE.match(str(said))
    return match[0] if match and match[0] in RULES else "unreadable"


def init(app: Flask) -> None:
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
