"""Suite 129: one message sealed to a public key, by somebody who cannot open it afterwards.

`magic 2 | version 1 | suite 1 | key id 8 | enc 32 | ciphertext | tag 16`. HPKE base mode (RFC 9180), single
shot, all context in `info`. Anybody can seal to a public key, so a payload names its maker and carries her
signature inside the seal.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from shelter.crypto.context import Context
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import HEADER_LENGTH, ID_LENGTH, header
from shelter.crypto.signing import SIGNATURE_LENGTH, sign, verify

SUITE = 129
OVERHEAD = HEADER_LENGTH + 32 + 16

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NOBODY = bytes(ID_LENGTH)
_NO_SIGNATURE = bytes(SIGNATURE_LENGTH)
_PAYLOAD = ID_LENGTH + SIGNATURE_LENGTH


@dataclass(frozen=True, slots=True)
class SignedPayload:
    """What came out of a seal, with who says she made it. None of it is true before `verify` has returned."""

    maker: bytes
    payload: bytes
    signature: bytes
    agency: bytes
    place: bytes

    @property
    def is_signed(self) -> bool:
        """False for what nobody can sign: audit detail from before sign-in, dropped referrals."""
        return self.signature != _NO_SIGNATURE

    def verify(self, public: bytes) -> None:
        """Returns only if the holder of this Ed25519 key made it for this place. Raises Unopenable."""
        fields = (self.place, self.maker, self.payload)
        verify(public, self.signature, Label.SIGN_PAYLOAD, self.agency, fields)

    def verify_any(self, publics: Iterable[bytes]) -> None:
        """The same for a maker whose keys were replaced since: one of those ever bound to her must fit."""
        for public in publics:
            try:
                return self.verify(public)
            except Unopenable:
                continue
        raise Unopenable


class Recipient:
    """A private X25519 half with its id, ready for many messages; keep it no longer than the request."""

    __slots__ = ("_private", "recipient_id")

    def __init__(self, private: bytes, recipient_id: bytes) -> None:
        self._private = X25519PrivateKey.from_private_bytes(private)
        self.recipient_id = recipient_id

    def unseal(self, context: Context, message: bytes) -> bytes:
        """The plaintext, only if sealed to this key for this context. Raises Unopenable and nothing else."""
        try:
            start = message[:HEADER_LENGTH]
            if len(message) < OVERHEAD or start != header(SUITE, self.recipient_id):
                raise Unopenable
            info = context.aad(start, self.recipient_id)
            return _HPKE.decrypt(message[HEADER_LENGTH:], self._private, info)
        except (InvalidTag, ValueError):
            raise Unopenable from None

    def unseal_signed(self, context: Context, message: bytes) -> SignedPayload:
        """The payload, not yet verified. Raises Unopenable and nothing else."""
        plaintext = self.unseal(context, message)
        if len(plaintext) < _PAYLOAD:
            raise Unopenable
        return SignedPayload(
            maker=plaintext[:ID_LENGTH],
            signature=plaintext[ID_LENGTH:_PAYLOAD],
            payload=plaintext[_PAYLOAD:],
            agency=context.agency,
            place=context.aad(b"", self.recipient_id),
        )


def seal_to(public: bytes, recipient_id: bytes, context: Context, plaintext: bytes) -> bytes:
    """One message that only the holder of the private half opens. Raises Unopenable when this is no key."""
    start = header(SUITE, recipient_id)
    info = context.aad(start, recipient_id)
    try:
        return start + _HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info)
    except ValueError:
        raise Unopenable from None


def unseal_from(private: bytes, recipient_id: bytes, context: Context, message: bytes) -> bytes:
    """The plaintext of one message. Raises Unopenable and nothing else."""
    return _recipient(private, recipient_id).unseal(context, message)


def seal_signed_to(
    public: bytes,
    recipient_id: bytes,
    context: Context,
    payload: bytes,
    *,
    maker: bytes,
    signing_private: bytes,
) -> bytes:
    """`maker 16 | Ed25519 signature 64 | payload`, sealed; it covers context, recipient and maker too."""
    if len(maker) != ID_LENGTH or maker == _NOBODY:
        raise ValueError("a maker has an id of 16 bytes")
    fields = (context.aad(b"", recipient_id), maker, payload)
    signature = sign(signing_private, Label.SIGN_PAYLOAD, context.agency, fields)
    return seal_to(public, recipient_id, context, maker + signature + payload)


def seal_unsigned_to(public: bytes, recipient_id: bytes, context: Context, payload: bytes) -> bytes:
    """The same frame without a maker, for what comes before anybody signed in; it is shown as unsigned."""
    return seal_to(public, recipient_id, context, _NOBODY + _NO_SIGNATURE + payload)


def unseal_signed(private: bytes, recipient_id: bytes, context: Context, message: bytes) -> SignedPayload:
    """The payload with its maker, not yet verified. Raises Unopenable and nothing else."""
    return _recipient(private, recipient_id).unseal_signed(context, message)


def _recipient(private: bytes, recipient_id: bytes) -> Recipient:
    try:
        return Recipient(private, recipient_id)
    except ValueError:
        raise Unopenable from None
