"""What is put before a person who makes her keys: a drawn passphrase and a new authenticator secret.

Nothing of it is stored before she has proved that she has it: the page carries it, under a MAC of this server.
"""

import hashlib
import hmac
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import segno

from shelter.accounts.breached import refuse_breached
from shelter.crypto import totp
from shelter.crypto.words import generate_passphrase, strength_of
from shelter.db.deployment import deployment
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.passphrases import refuse_guessable

WORDS, WORDS_OF_A_STEWARD = 4, 6
_MAC = 32


@dataclass(frozen=True, slots=True)
class Offer:
    """A drawn passphrase, a new TOTP secret, and both as the page carries them."""

    passphrase: str
    secret: bytes
    text: str

    @property
    def bits(self) -> int:
        return strength_of(self.passphrase, generated=True).proved_bits or 0

    @property
    def typed_by_hand(self) -> str:
        """The secret in groups of four, for an authenticator without a camera."""
        plain = b32encode(self.secret).decode().rstrip("=")
        return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))

    def qr(self, account: str, issuer: str) -> str:
        """The secret as a QR code, a data address of a PNG: dark on white, whatever the page's colours."""
        address = totp.provisioning_uri(self.secret, account=account, issuer=issuer)
        return str(segno.make(address, error="m").png_data_uri(scale=5, border=3))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What she sent back: the passphrase twice (once is enough for the drawn one) and a code."""

    passphrase: str
    again: str
    code: str


def new_offer(words: int) -> Offer:
    return _offer(generate_passphrase(words), totp.new_secret())


def new_words(words: int) -> Offer:
    """A drawn passphrase alone, for somebody who keeps her authenticator."""
    return _offer(generate_passphrase(words), b"")


def read_offer(text: str) -> Offer | None:
    """The offer that a page carried, or None for one that this server did not make."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii"))
        body, mac = raw[:-_MAC], raw[-_MAC:]
        if not hmac.compare_digest(_mac(body), mac):
            return None
        passphrase, secret = msgspec.msgpack.decode(body, type=tuple[str, bytes])
    except (ValueError, msgspec.MsgspecError):
        return None
    return Offer(passphrase, secret, text)


def check(offer: Offer, chosen: Chosen, own_words: Iterable[str]) -> int:
    """The TOTP step of her code, once everything she sent holds. Raises Broken beside the field that does not."""
    check_passphrase(offer, chosen, own_words)
    step = totp.check(offer.secret, chosen.code, now().timestamp(), None)
    if step is None:
        raise Broken("accounts.code-wrong", "code")
    return step


def check_passphrase(offer: Offer, chosen: Chosen, own_words: Iterable[str]) -> None:
    """The passphrase alone. Raises Broken for one that somebody guesses early, or that was typed in two ways."""
    if not _is_the_drawn(offer, chosen):
        refuse_guessable(chosen.passphrase, own_words)
        refuse_breached(chosen.passphrase)
        if chosen.passphrase != chosen.again:
            raise Broken("accounts.passphrase-again", "again")


def settled(offer: Offer, chosen: Chosen) -> str:
    """The passphrase as it counts: the drawn one as it was drawn, her own as she typed it."""
    return offer.passphrase if _is_the_drawn(offer, chosen) else chosen.passphrase


def _is_the_drawn(offer: Offer, chosen: Chosen) -> bool:
    return chosen.passphrase.split() == offer.passphrase.split()


def _offer(passphrase: str, secret: bytes) -> Offer:
    body = msgspec.msgpack.encode((passphrase, secret))
    return Offer(passphrase, secret, urlsafe_b64encode(body + _mac(body)).decode())


def _mac(body: bytes) -> bytes:
    return hmac.digest(deployment().boot_secret, b"offer" + body, hashlib.sha256)
