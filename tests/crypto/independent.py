"""The formats of docs and design written a second time, from primitives alone: nothing here imports shelter.

`python -m tests.crypto.independent` prints the vectors; the stored ones change only with a new format number.
"""

import hashlib
import hmac
import json
import struct
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

MAGIC = bytes.fromhex("d548")
CONTEXT_ORDER = ("table", "row", "section", "subject_kind", "subject", "compartment")


def numbered(start: int, length: int) -> bytes:
    """Bytes that count up: nobody suspects a choice in them."""
    return bytes((start + each) % 256 for each in range(length))


def field(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def u64(value: int) -> bytes:
    return struct.pack(">Q", value)


def raw(value: str | bytes) -> bytes:
    return value.encode("ascii") if isinstance(value, str) else value


def aad(place: dict[str, Any], header: bytes, key_id: bytes) -> bytes:
    out = field(raw(place["label"])) + field(header) + field(place["agency"])
    out += b"".join(field(raw(place.get(name, b""))) for name in CONTEXT_ORDER)
    out += field(key_id) + field(b"" if place.get("version") is None else u64(place["version"]))
    return out if place.get("ck_version") is None else out + field(u64(place["ck_version"]))


def suite_1(key: bytes, key_id: bytes, place: dict[str, Any], plaintext: bytes, salt: bytes) -> bytes:
    header = MAGIC + bytes((1, 1)) + key_id[:8]
    keys = HKDFExpand(SHA256(), 64, raw(place["label"]) + salt).derive(key)
    sealed = AESGCM(keys[:32]).encrypt(bytes(12), plaintext, aad(place, header, key_id))
    return header + salt + keys[32:] + sealed


def _labeled_extract(suite_id: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite_id + label + ikm, "sha256")


def _labeled_expand(suite_id: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = struct.pack(">H", length) + b"HPKE-v1" + suite_id + label + info
    return HKDFExpand(SHA256(), length, labeled).derive(prk)


def suite_129(public: bytes, recipient_id: bytes, place: dict[str, Any], plaintext: bytes, ephemeral: bytes) -> bytes:
    """RFC 9180, mode base, KEM 0x0020, KDF 0x0001, AEAD 0x0002, with a known ephemeral key."""
    header = MAGIC + bytes((1, 129)) + recipient_id[:8]
    own = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = own.public_key().public_bytes_raw()
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
    eae_prk = _labeled_extract(kem, b"", b"eae_prk", shared)
    secret = _labeled_expand(kem, eae_prk, b"shared_secret", enc + public, 32)
    psk_id_hash = _labeled_extract(suite, b"", b"psk_id_hash", b"")
    info_hash = _labeled_extract(suite, b"", b"info_hash", aad(place, header, recipient_id))
    schedule = b"\x00" + psk_id_hash + info_hash
    root = _labeled_extract(suite, secret, b"secret", b"")
    key = _labeled_expand(suite, root, b"key", schedule, 32)
    nonce = _labeled_expand(suite, root, b"base_nonce", schedule, 12)
    return header + enc + AESGCM(key).encrypt(nonce, plaintext, b"")


def signature(private: bytes, label: str, agency: bytes, encoded_fields: bytes) -> bytes:
    signed = field(raw(label)) + field(agency) + encoded_fields
    return Ed25519PrivateKey.from_private_bytes(private).sign(signed)


def file(dek: bytes, dek_id: bytes, place: dict[str, Any], content: bytes, salt: bytes) -> bytes:
    header = MAGIC + bytes((1, 1)) + dek_id[:8]
    keys = HKDF(SHA256(), 64, salt, aad(place, header, dek_id)).derive(dek)
    out = header + salt + keys[32:]
    chunks = [content[at : at + 65536] for at in range(0, len(content), 65536)] or [b""]
    for counter, chunk in enumerate(chunks):
        nonce = bytes(7) + struct.pack(">I", counter) + bytes((counter == len(chunks) - 1,))
        out += AESGCM(keys[:32]).encrypt(nonce, chunk, None)
    return out


def derived(passphrase: bytes, salt: bytes, pepper: bytes, user_id: bytes, memory: int) -> tuple[bytes, bytes]:
    root = Argon2id(
        salt=salt,
        length=32,
        iterations=1,
        lanes=1,
        memory_cost=memory,
        ad=field(b"shelter/1/kdf") + field(user_id),
        secret=pepper,
    ).derive(passphrase)
    verifier = HKDFExpand(SHA256(), 32, b"shelter/1/kdf/verifier").derive(root)
    return hashlib.sha256(verifier).digest(), HKDFExpand(SHA256(), 32, b"shelter/1/kdf/unlock").derive(root)


AGENCY = numbered(0xA0, 16)
KEY = numbered(0x00, 32)
KEY_ID = numbered(0x40, 16)
SALT = numbered(0x80, 24)
FULL = {
    "label": "shelter/1/section",
    "agency": AGENCY,
    "table": "client",
    "row": numbered(0x10, 16),
    "section": "identity",
    "subject_kind": "client",
    "subject": numbered(0x20, 16),
    "compartment": numbered(0x30, 16),
    "version": 7,
}
WRAP = {**FULL, "label": "shelter/1/dek-wrap", "section": "", "version": None, "ck_version": 3}
GRANT = {**WRAP, "label": "shelter/1/ck-grant", "table": "key_grant"}
FILE = {**FULL, "label": "shelter/1/file", "table": "file", "section": ""}


def vectors() -> dict[str, str]:
    """Every vector by name, as hex."""
    private = numbered(0x50, 32)
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    signing = numbered(0x60, 32)
    items = b"".join(map(field, sorted([numbered(9, 16), numbered(3, 16)])))
    signed = field(b"words") + field(u64(5)) + field(numbered(1, 40)) + field(items)
    stored, unlock = derived(b"four plain words here", numbered(1, 16), numbered(2, 32), numbered(3, 16), 64)
    kit = numbered(0x70, 32)
    found = {
        "aad of a section": aad(FULL, MAGIC, KEY_ID),
        "aad of a wrap": aad(WRAP, MAGIC, KEY_ID),
        "suite 1 section": suite_1(KEY, KEY_ID, FULL, b"a section of plain bytes", SALT),
        "suite 1 wrap": suite_1(KEY, KEY_ID, WRAP, numbered(0x90, 32), SALT),
        "suite 1 empty": suite_1(KEY, KEY_ID, {"label": "shelter/1/uk", "agency": AGENCY}, b"", SALT),
        "suite 129 grant": suite_129(public, KEY_ID, GRANT, numbered(0x90, 32), numbered(0xB0, 32)),
        "signature": signature(signing, "shelter/1/sign/trail-head", AGENCY, signed),
        "file of nothing": file(KEY, KEY_ID, FILE, b"", SALT),
        "file of 100 bytes": file(KEY, KEY_ID, FILE, numbered(0, 100), SALT),
        "hash of a file of 200,000 bytes": hashlib.sha256(file(KEY, KEY_ID, FILE, numbered(0, 200_000), SALT)).digest(),
        "stored verifier": stored,
        "unlock key": unlock,
        "kit x25519": HKDF(SHA256(), 32, AGENCY, b"shelter/1/kit/x25519").derive(kit),
        "kit ed25519": HKDF(SHA256(), 32, AGENCY, b"shelter/1/kit/ed25519").derive(kit),
        "kit backup": HKDF(SHA256(), 32, AGENCY, b"shelter/1/kit/backup").derive(kit),
        "commitment": hashlib.sha256(b"shelter/1/ck-commitment" + KEY).digest(),
        "pseudonym": hmac.digest(KEY, field(b"client") + field(u64(1)) + field(KEY_ID), "sha256")[:16],
        "fact source": hmac.digest(KEY, field(b"source") + field(b"stay") + field(KEY_ID) + field(b"facts"), "sha256"),
    }
    return {name: value.hex() for name, value in found.items()}


if __name__ == "__main__":
    print(json.dumps(vectors(), indent=1))
