"""Where a request may come from and in what shape: our own pages, hosts we answer to, methods we know, each value once.

The second lock beside the CSRF token (`shelter.web.forms`). A browser says where a request comes from; a client that
says nothing is not a browser somebody else's page could steer.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.exceptions import MethodNotAllowed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KNOWN = SAFE | {"POST"}
_KEY = "TRUSTED_HOSTS"


class NoHosts(Exception):
    """The application was made without saying which host names it answers to."""


def init(app: Flask) -> None:
    """Check every request before anything reads it. Raises NoHosts without a `TRUSTED_HOSTS` setting.

    Flask itself answers 400 to a host that is not among TRUSTED_HOSTS.
    """
    if not app.config.get(_KEY):
        raise NoHosts(_KEY)
    app.before_request(_check)


def _check() -> None:
    if request.method not in KNOWN:
        raise MethodNotAllowed(valid_methods=sorted(KNOWN))
    if any(len(values) > 1 for _, values in request.args.lists()):
        abort(400)
    if request.method not in SAFE and not comes_from_here():
        abort(403)


def comes_from_here() -> bool:
    """Whether an unsafe request was made by a page of ours.

    Sec-Fetch-Site decides where it is sent: pages that send no Referer say `Origin: null` even to themselves
    (Fetch standard, "serializing a request origin"). Without it the Origin must be our own host.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    sent = urlsplit(origin)
    return sent.scheme == request.scheme and sent.netloc == request.host
