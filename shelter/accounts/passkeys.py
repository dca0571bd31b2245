"""Passkeys as a second factor: discoverable, the person verified by her device, her own handle in the answer.

Challenges carry a MAC under this server's boot secret, live five minutes and serve once. What is kept of a
passkey lies sealed under her user key.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from webauthn import generate_registration_options, options_to_json
from webauthn import verify_authentication_response as verify_authentication
from webauthn import verify_registration_response as verify_registration
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shelter.accounts.keys import Passkey
from shelter.accounts.models import UsedChallenge
from shelter.crypto.errors import Unopenable
from shelter.crypto.tokens import CHALLENGE_SECONDS, check_challenge, new_challenge
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.rules.clock import now

SIGN_IN, REGISTER, UNLOCK = "sign-in", "register", "unlock"
MOST = 10
_LONGEST = 20_000


class BadPasskey(Exception):
    """The answer of a device does not hold; the page never says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page was served: `host` without port is what a passkey belongs to."""

    host: str
    origin: str


NOWHERE = Place("localhost", "http://localhost")


def challenge_text(purpose: str, user_id: bytes = b"") -> str:
    """A fresh challenge for a page, base64url without padding; `user_id` is empty before anybody is known."""
    made = new_challenge(deployment().boot_secret, purpose=purpose, user_id=user_id, at=now().timestamp())
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def registration(user_id: bytes, name: str, agency: str, known: list[Passkey], place: Place) -> str:
    """What `navigator.credentials.create` is asked, as JSON: a passkey that finds its owner by itself."""
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=agency or place.host,
        user_name=name,
        user_id=user_id,
        challenge=new_challenge(deployment().boot_secret, purpose=REGISTER, user_id=user_id, at=now().timestamp()),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.id) for one in known],
    )
    return options_to_json(options)


def registered(answer: str, user_id: bytes, name: str, place: Place) -> Passkey:
    """The new passkey, its challenge used up in the caller's transaction. Raises `BadPasskey`."""
    sent = _read(answer)
    challenge = _use(sent, REGISTER, user_id)
    try:
        proved = verify_registration(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise BadPasskey from None
    return Passkey(
        id=proved.credential_id,
        public_key=proved.credential_public_key,
        sign_count=proved.sign_count,
        name=name,
    )


def assertion(answer: str, user_id: bytes, known: list[Passkey], place: Place, purpose: str) -> Passkey:
    """The passkey that answered, with its new count; the challenge is used up in the caller's transaction.

    Raises `BadPasskey` unless the device verified the person and gave back her own handle.
    """
    sent = _read(answer)
    challenge = _use(sent, purpose, b"" if purpose == SIGN_IN else user_id)
    try:
        used = next((one for one in known if one.id == _bytes(sent["rawId"])), None)
        if used is None or _bytes(sent["response"]["userHandle"]) != user_id:
            raise BadPasskey
        proved = verify_authentication(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=used.public_key,
            credential_current_sign_count=used.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise BadPasskey from None
    return Passkey(id=used.id, public_key=used.public_key, sign_count=proved.new_sign_count, name=used.name)


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > _LONGEST:
        raise BadPasskey
    try:
        sent = json.loads(answer)
    except (ValueError, RecursionError):
        raise BadPasskey from None
    if not isinstance(sent, dict):
        raise BadPasskey
    return sent


def _use(sent: dict[str, Any], purpose: str, user_id: bytes) -> bytes:
    """The challenge that was answered, checked and used up. Raises `BadPasskey`."""
    at = now()
    try:
        response = sent["response"]
        client = json.loads(_bytes(response["clientDataJSON"]))
        challenge = _bytes(client["challenge"])
        digest = check_challenge(
            challenge, deployment().boot_secret, purpose=purpose, user_id=user_id, at=at.timestamp()
        )
        with db.session.begin_nested():
            db.session.add(UsedChallenge(digest=digest, ends=at + timedelta(seconds=CHALLENGE_SECONDS)))
    except (Unopenable, IntegrityError, ValueError, KeyError, TypeError, RecursionError):
        raise BadPasskey from None
    return challenge


def _bytes(text: object) -> bytes:
    if not isinstance(text, str):
        raise BadPasskey
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
