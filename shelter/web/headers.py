"""The headers of every answer: nothing inline runs, nothing is framed, nothing is kept by a browser or a proxy."""

import unicodedata
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

REPORTS_TO = "/refused-by-policy"
CSP = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        f"report-uri {REPORTS_TO}",
    )
)
CSP_OF_FILES = "sandbox; default-src 'none'; frame-ancestors 'none'"
_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "serial",
    "usb",
)
PERMISSIONS = ", ".join([f"{name}=()" for name in _FEATURES] + ["publickey-credentials-get=(self)"])
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": PERMISSIONS,
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def init(app: Flask) -> None:
    app.after_request(_put_on)


def as_download(response: Response, filename: str) -> Response:
    """Make an answer a file to be kept, never shown or run; the name is written both plainly and as RFC 6266 asks.

    `filename` is ours (a code and a kind), never a person's name.
    """
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = "".join(c if c.isalnum() or c in "-_. " else "_" for c in plain).strip(". ") or "file"
    exact = quote("".join(c for c in filename if c.isprintable() and c not in "/\\"), safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
    response.headers["Content-Security-Policy"] = CSP_OF_FILES
    return response


def forget_everything(response: AnyResponse) -> AnyResponse:
    """For the answer that ends a session: the browser drops what it keeps of us."""
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _put_on(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.pop("Server", None)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return response
