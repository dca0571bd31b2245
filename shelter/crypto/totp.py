"""Time-based codes of a second factor (RFC 6238: SHA-1, six digits, 30 seconds), each good for one use."""

import hmac
import os

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECRET_LENGTH = 20
DIGITS = 6
STEP_SECONDS = 30
DRIFT_STEPS = 1


def new_secret() -> bytes:
    """20 random bytes, as long as the hash of the codes (RFC 4226, section 4)."""
    return os.urandom(SECRET_LENGTH)


def _codes(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what authenticator apps compute


def provisioning_uri(secret: bytes, *, account: str, issuer: str) -> str:
    """The otpauth address for a QR code; it is the secret itself and is shown once."""
    return _codes(secret).get_provisioning_uri(account, issuer)


def code_at(secret: bytes, at: float) -> str:
    """The code of the step in which the instant `at` lies (seconds since 1970, UTC)."""
    return _codes(secret).generate(int(at)).decode("ascii")


def check(secret: bytes, code: str, at: float, last_step: int | None) -> int | None:
    """The step that a code belongs to, one before or after `at` allowed, or None.

    A step not after `last_step` is refused: the caller stores what is returned, so that no code serves twice.
    Spaces in the typed code do not count.
    """
    typed = "".join(code.split()).encode("utf-8", "surrogatepass")
    now = int(at) // STEP_SECONDS
    earliest = -1 if last_step is None else last_step
    for step in range(max(0, now - DRIFT_STEPS), now + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step * STEP_SECONDS).encode("ascii"), typed) and step > earliest:
            return step
    return None
