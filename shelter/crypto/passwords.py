"""From a passphrase to two keys: one that proves who she is, one that opens her user key.

Argon2id (RFC 9106) with one lane only: with more, cryptography 50.0.2 hung when called from several threads.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from shelter.crypto.context import prefixed
from shelter.crypto.errors import Unopenable
from shelter.crypto.gate import Gate
from shelter.crypto.labels import Label

SALT_LENGTH = 16
_LENGTH = 32

# One per process: replaced at start by `share_gate`, before the first thread serves.
_gate = Gate()


def share_gate(gate: Gate) -> None:
    """Makes all derivations of this process go through `gate` from now on."""
    global _gate
    _gate = gate


def current_gate() -> Gate:
    """The gate in force: ask `is_full` before the body of a sign-in is read."""
    return _gate


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """Cost of Argon2id: memory in KiB, passes, lanes. Stored with each person, so that it can rise later."""

    memory_kib: int = 65536
    iterations: int = 3
    lanes: int = 1

    def encode(self) -> str:
        """A short ASCII text for a column: `argon2id,m=65536,t=3,p=1`."""
        return f"argon2id,m={self.memory_kib},t={self.iterations},p={self.lanes}"

    @classmethod
    def decode(cls, text: str) -> "KdfParameters":
        """Reads `encode`'s text. Raises Unopenable for any other."""
        try:
            _, *costs = text.split(",")
            memory, iterations, lanes = (int(cost.partition("=")[2]) for cost in costs)
        except ValueError:
            raise Unopenable from None
        parameters = cls(memory, iterations, lanes)
        if parameters.encode() != text or lanes != 1:
            raise Unopenable
        return parameters


@dataclass(frozen=True, slots=True)
class Derived:
    """What a passphrase gives: `verifier`, stored as its SHA-256, and `unlock_key`, stored nowhere."""

    verifier: bytes = field(repr=False)
    unlock_key: bytes = field(repr=False)

    @property
    def stored(self) -> bytes:
        """SHA-256 of the verifier, for the column."""
        return hashlib.sha256(self.verifier).digest()


def derive(passphrase: str, *, salt: bytes, pepper: bytes, user_id: bytes, parameters: KdfParameters) -> Derived:
    """Verifier and unlock key, after waiting at the gate.

    Spaces round the passphrase do not count; letters are composed (NFC), since keyboards differ. Raises Busy
    when too many wait, Unopenable for parameters that Argon2id refuses.
    """
    typed = unicodedata.normalize("NFC", passphrase.strip()).encode("utf-8", "surrogatepass")
    try:
        function = Argon2id(
            salt=salt,
            length=_LENGTH,
            iterations=parameters.iterations,
            lanes=parameters.lanes,
            memory_cost=parameters.memory_kib,
            ad=prefixed(Label.KDF.raw) + prefixed(user_id),
            secret=pepper,
        )
    except ValueError:
        raise Unopenable from None
    with _gate.turn():
        root = function.derive(typed)
    return Derived(
        verifier=HKDFExpand(SHA256(), _LENGTH, Label.KDF_VERIFIER.raw).derive(root),
        unlock_key=HKDFExpand(SHA256(), _LENGTH, Label.KDF_UNLOCK.raw).derive(root),
    )


def verifier_matches(derived: Derived, stored: bytes) -> bool:
    """Whether this passphrase belongs to the stored SHA-256, in constant time."""
    return hmac.compare_digest(derived.stored, stored)
