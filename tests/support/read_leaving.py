"""Reads an agency's own export with nothing of Shelter's: age as its page describes it, then ZIP, CSV and JSON.

`python read_leaving.py FILE AGE-SECRET-KEY-1...` prints, as JSON, what there is. Needs `cryptography` alone.
"""

import base64
import csv
import io
import json
import sys
import zipfile

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHUNK = 65536 + 16


def bech32_data(text):
    """The bytes of a bech32 text; its checksum is left to whoever typed it."""
    values = [LETTERS.index(letter) for letter in text.lower().rpartition("1")[2][:-6]]
    bits = "".join(f"{value:05b}" for value in values)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def unpadded(text):
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def derive(secret, salt, info):
    return HKDF(hashes.SHA256(), 32, salt or None, info).derive(secret)


def opened(raw, identity):
    """What an age file of one X25519 recipient holds; raises where anything was changed or cut."""
    private = X25519PrivateKey.from_private_bytes(bech32_data(identity))
    version, stanza, body, rest = raw.split(b"\n", 3)
    assert version == b"age-encryption.org/v1"
    assert stanza.startswith(b"-> X25519 ")
    share = unpadded(stanza.split(b" ")[2])
    salt = share + private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    wrapping = derive(shared, salt, b"age-encryption.org/v1/X25519")
    file_key = ChaCha20Poly1305(wrapping).decrypt(bytes(12), unpadded(body), None)
    last, payload = rest.split(b"\n", 1)
    mac = hmac.HMAC(derive(file_key, b"", b"header"), hashes.SHA256())
    mac.update(b"\n".join((version, stanza, body, b"---")))
    mac.verify(unpadded(last.removeprefix(b"--- ")))
    cipher = ChaCha20Poly1305(derive(file_key, payload[:16], b"payload"))
    sealed, pieces = payload[16:], []
    count = max(1, -(-len(sealed) // CHUNK))
    for number in range(count):
        nonce = number.to_bytes(11, "big") + bytes((number == count - 1,))
        pieces.append(cipher.decrypt(nonce, sealed[number * CHUNK : (number + 1) * CHUNK], None))
    return b"".join(pieces)


def read(path, identity):
    """Tables as lists of rows, sections as lists of lines, files as bytes, and the three explaining files."""
    with open(path, "rb") as file:
        archive = zipfile.ZipFile(io.BytesIO(opened(file.read(), identity)))
    found = {"tables": {}, "sections": {}, "files": {}}
    for name in archive.namelist():
        raw = archive.read(name)
        place, _, short = name.partition("/")
        if place == "tables":
            text = io.StringIO(raw.decode("utf-8"), newline="")
            found["tables"][short.removesuffix(".csv")] = list(csv.DictReader(text))
        elif place == "sections":
            found["sections"][short.removesuffix(".jsonl")] = [json.loads(line) for line in raw.splitlines()]
        elif place == "files":
            found["files"][short] = raw
        else:
            found[name.removesuffix(".json")] = json.loads(raw)
    return found


if __name__ == "__main__":
    whole = read(sys.argv[1], sys.argv[2])
    whole["files"] = {name: base64.b64encode(raw).decode() for name, raw in whole["files"].items()}
    json.dump(whole, sys.stdout)
