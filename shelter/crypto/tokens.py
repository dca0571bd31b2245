"""Secrets that travel: one-use links, session cookies, challenges. The database holds no usable copy."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter.crypto.context import Context, prefixed
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import ID_LENGTH, KEY_LENGTH, seal, unseal

TOKEN_LENGTH = 32
CHALLENGE_SECONDS = 300
_MAC_LENGTH = 32
_TIME = slice(TOKEN_LENGTH, TOKEN_LENGTH + 8)
_CHALLENGE_LENGTH = TOKEN_LENGTH + 8 + _MAC_LENGTH


def new_token() -> bytes:
    """32 random bytes: an invitation, a session id."""
    return os.urandom(TOKEN_LENGTH)


def stored_token(token: bytes) -> bytes:
    """What the database holds of a token: its SHA-256, which is no use to who reads it."""
    return hashlib.sha256(token).digest()


def token_text(token: bytes) -> str:
    """A token as 43 characters for an address or a cookie."""
    return urlsafe_b64encode(token).rstrip(b"=").decode("ascii")


def read_token(text: str) -> bytes:
    """The token in a text. Raises Unopenable for any other text."""
    try:
        token = urlsafe_b64decode(text.encode("ascii") + b"=")
    except ValueError:
        raise Unopenable from None
    if len(token) != TOKEN_LENGTH or token_text(token) != text:
        raise Unopenable
    return token


def _session(sid: bytes, boot_secret: bytes, agency: bytes, user_id: bytes) -> tuple[bytes, bytes, Context]:
    key = HKDF(SHA256(), KEY_LENGTH, None, Label.SESSION.raw).derive(sid + boot_secret)
    key_id = stored_token(sid)[:ID_LENGTH]
    return key, key_id, Context(Label.SESSION, agency, "session", key_id, "uk", "user", user_id)


def seal_session(uk: bytes, sid: bytes, boot_secret: bytes, agency: bytes, user_id: bytes) -> bytes:
    """The user key for one session: opened by its cookie together with this server's boot secret."""
    key, key_id, context = _session(sid, boot_secret, agency, user_id)
    return seal(key, key_id, context, uk)


def open_session(sealed: bytes, sid: bytes, boot_secret: bytes, agency: bytes, user_id: bytes) -> bytes:
    """The user key of a session. Raises Unopenable, as for every session after a restart of the server."""
    key, key_id, context = _session(sid, boot_secret, agency, user_id)
    return unseal(key, key_id, context, sealed)


def _challenge_mac(boot_secret: bytes, purpose: str, user_id: bytes, start: bytes) -> bytes:
    fields = (Label.CHALLENGE.prefixed, prefixed(purpose.encode("ascii")), prefixed(user_id), prefixed(start))
    return hmac.digest(boot_secret, b"".join(fields), "sha256")


def new_challenge(boot_secret: bytes, *, purpose: str, user_id: bytes = b"", at: float) -> bytes:
    """A challenge that only this server made: random, the second of its making, and a MAC.

    `user_id` is empty where the person is not known yet.
    """
    start = new_token() + int(at).to_bytes(8, "big")
    return start + _challenge_mac(boot_secret, purpose, user_id, start)


def check_challenge(challenge: bytes, boot_secret: bytes, *, purpose: str, user_id: bytes = b"", at: float) -> bytes:
    """The SHA-256 under which the caller remembers that it was used, for as long as it lives (five minutes).

    Raises Unopenable for a challenge of another server, purpose or person, and after its time.
    """
    start = challenge[: TOKEN_LENGTH + 8]
    mac = _challenge_mac(boot_secret, purpose, user_id, start)
    if len(challenge) != _CHALLENGE_LENGTH or not hmac.compare_digest(mac, challenge[TOKEN_LENGTH + 8 :]):
        raise Unopenable
    made = int.from_bytes(challenge[_TIME], "big")
    if not made <= at < made + CHALLENGE_SECONDS:
        raise Unopenable
    return hashlib.sha256(challenge).digest()
