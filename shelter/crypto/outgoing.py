"""A file for somebody outside, in the age format (age-encryption.org/v1): one X25519 recipient, 64 KiB chunks.

Whoever holds the other half opens it with any age tool, or with forty lines of her own (docs/leaving.md); we
keep nothing that opens it. Nothing of ours is in the format: no label, no agency, no id.
"""

import base64
import os
from typing import IO, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter.crypto.errors import Unopenable

CHUNK: Final = 64 * 1024
_VERSION = b"age-encryption.org/v1"
_PREFIX = "age"
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6


def read_recipient(text: str) -> bytes:
    """The 32 bytes of an `age1...` recipient. Raises Unopenable where a letter is wrong or it is no such thing."""
    lowered = text.strip().lower()
    prefix, one, letters = lowered.rpartition("1")
    if prefix != _PREFIX or not one or text.strip() not in (lowered, lowered.upper()):
        raise Unopenable
    try:
        values = [_ALPHABET.index(letter) for letter in letters]
    except ValueError:
        raise Unopenable from None
    spread = [*(ord(each) >> 5 for each in prefix), 0, *(ord(each) & 31 for each in prefix)]
    if len(values) <= _CHECKSUM or _polymod(spread + values) != 1:
        raise Unopenable
    public = _bytes_of(values[:-_CHECKSUM])
    if len(public) != 32:
        raise Unopenable
    return public


def _polymod(values: list[int]) -> int:
    """The checksum of bech32 (BIP 173)."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check


def _bytes_of(fives: list[int]) -> bytes:
    """Groups of five bits as bytes; what is left over must be zeros of less than one group."""
    held = 0
    for five in fives:
        held = held << 5 | five
    spare = len(fives) * 5 % 8
    if spare >= 5 or held & ((1 << spare) - 1):
        raise Unopenable
    return (held >> spare).to_bytes(len(fives) * 5 // 8, "big")


class Outgoing:
    """Written from the beginning to `finish`, which alone makes it whole: without it whoever opens it sees it was cut.

    No file of Python's own kind: one of those would be finished by being forgotten, also after an error.
    """

    def __init__(self, target: IO[bytes], recipient: bytes) -> None:
        """Raises Unopenable where `recipient` is no key."""
        self._target, self._held, self._counter = target, bytearray(), 0
        file_key, nonce = os.urandom(16), os.urandom(16)
        target.write(_header(file_key, recipient) + nonce)
        self._cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > CHUNK:  # a full one waits until more follows: only then it is not the last
            self._put(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """What is held back waits for more, or for the end."""

    def finish(self) -> None:
        """Writes the last chunk, which says that it is the last."""
        self._put(bytes(self._held), is_last=True)
        self._held.clear()

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        nonce = self._counter.to_bytes(11, "big") + bytes((is_last,))
        self._target.write(self._cipher.encrypt(nonce, chunk, None))
        self._counter += 1


def _header(file_key: bytes, recipient: bytes) -> bytes:
    once = X25519PrivateKey.generate()
    share = once.public_key().public_bytes_raw()
    try:
        shared = once.exchange(X25519PublicKey.from_public_bytes(recipient))
    except ValueError:
        raise Unopenable from None
    wrapping = _derived(shared, share + recipient, _VERSION + b"/X25519")
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    head = b"\n".join((_VERSION, b"-> X25519 " + _base64(share), _base64(wrapped), b"---"))
    mac = HMAC(_derived(file_key, b"", b"header"), SHA256())
    mac.update(head)
    return head + b" " + _base64(mac.finalize()) + b"\n"


def _derived(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt or None, info).derive(secret)


def _base64(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")
