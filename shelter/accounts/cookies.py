"""The session cookie: up to four sids of one desk, the first of them active."""

import base64
import binascii

from flask import Request
from werkzeug.wrappers import Response

from shelter.accounts.sessions import AT_ONE_DESK, SID_BYTES


def name(request: Request) -> str:
    """`__Host-` wherever the connection is encrypted; plain http exists on the loopback only."""
    return "__Host-sid" if request.is_secure else "sid"


def read(request: Request) -> list[bytes]:
    raw = request.cookies.get(name(request), "")
    return [sid for part in raw.split(".")[:AT_ONE_DESK] if (sid := _decode(part))]


def write(request: Request, response: Response, sids: list[bytes]) -> None:
    """Sets the cookie, or deletes it when nobody is left at the desk."""
    key, secure = name(request), request.is_secure
    if not sids:
        response.delete_cookie(key, path="/", secure=secure, httponly=True, samesite="Strict")
        return
    value = ".".join(_encode(sid) for sid in sids[:AT_ONE_DESK])
    response.set_cookie(key, value, path="/", secure=secure, httponly=True, samesite="Strict")


def _encode(sid: bytes) -> str:
    return base64.urlsafe_b64encode(sid).rstrip(b"=").decode()


def _decode(part: str) -> bytes | None:
    try:
        sid = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (ValueError, binascii.Error):
        return None
    return sid if len(sid) == SID_BYTES else None
