"""Checks an evidence pack: `python check_pack.py PACK.zip PASSPHRASE`, with Python and its `cryptography` alone.

It knows no code of the application. It opens each member as WinZip's AE-2 says (AES-256, counter mode, HMAC-SHA1),
then checks digests of all files against `SHA256SUMS`, and that each line of the ledger names the digest of the one
before it. Prints what is wrong; ends with 0 where nothing is.
"""

import hashlib
import hmac
import sys
import zipfile

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def opened(pack: zipfile.ZipFile, path: str, passphrase: str) -> dict[str, bytes]:
    members = {}
    with open(path, "rb") as raw:
        for entry in pack.infolist():
            raw.seek(entry.header_offset)
            head = raw.read(30)
            raw.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
            sealed = raw.read(entry.compress_size)
            salt, check, text, code = sealed[:16], sealed[16:18], sealed[18:-10], sealed[-10:]
            keys = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), salt, 1000, 66)
            if keys[64:] != check or hmac.new(keys[32:64], text, "sha1").digest()[:10] != code:
                raise SystemExit(f"{entry.filename} does not open with this passphrase")
            blocks = b"".join(n.to_bytes(16, "little") for n in range(1, len(text) // 16 + 2))
            stream = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor().update(blocks)  # noqa: S305
            members[entry.filename] = bytes(a ^ b for a, b in zip(text, stream, strict=False))
    return members


def wrong(path: str, passphrase: str) -> list[str]:
    found = []
    with zipfile.ZipFile(path) as pack:
        members = opened(pack, path, passphrase)
        sums = [row.split("  ", 1) for row in members["SHA256SUMS"].decode().splitlines()]
        named = {name: digest for digest, name in sums}
        for name in set(members) - {"SHA256SUMS"}:
            if hashlib.sha256(members[name]).hexdigest() != named.get(name):
                found.append(f"{name} is not what was packed")
        found += [f"{name} is missing" for name in named if name not in members]
        photographs = {digest for name, digest in named.items() if name.startswith("line-")}
        before = ""
        for line in members["ledger.txt"].decode().split("\n\n"):
            text = line.rstrip("\n") + "\n"
            fields = dict(row.split(": ", 1) if ": " in row else (row.rstrip(":"), "") for row in text.splitlines())
            if fields["before"] != before:
                found.append(f"line {fields['line']} does not follow the one before it")
            if fields["photograph"] and fields["photograph"] not in photographs:
                found.append(f"the photograph of line {fields['line']} is not in the pack")
            before = hashlib.sha256(text.encode()).hexdigest()
    return found


if __name__ == "__main__":
    said = wrong(sys.argv[1], sys.argv[2])
    print("\n".join(said) or "ok")
    raise SystemExit(bool(said))
