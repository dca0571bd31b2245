"""Checks an evidence pack with nothing but Python's own library: `python check_pack.py PACK.zip`.

It knows no code of the application: digests of all files against `SHA256SUMS`, and that each line of the ledger
names the digest of the one before it. Prints what is wrong; ends with 0 where nothing is.
"""

import hashlib
import sys
import zipfile


def wrong(path: str) -> list[str]:
    found = []
    with zipfile.ZipFile(path) as pack:
        sums = [row.split("  ", 1) for row in pack.read("SHA256SUMS").decode().splitlines()]
        named = {name: digest for digest, name in sums}
        for name in set(pack.namelist()) - {"SHA256SUMS"}:
            if hashlib.sha256(pack.read(name)).hexdigest() != named.get(name):
                found.append(f"{name} is not what was packed")
        found += [f"{name} is missing" for name in named if name not in pack.namelist()]
        photographs = {digest for name, digest in named.items() if name.startswith("line-")}
        before = ""
        for line in pack.read("ledger.txt").decode().split("\n\n"):
            text = line.rstrip("\n") + "\n"
            fields = dict(row.split(": ", 1) if ": " in row else (row.rstrip(":"), "") for row in text.splitlines())
            if fields["before"] != before:
                found.append(f"line {fields['line']} does not follow the one before it")
            if fields["photograph"] and fields["photograph"] not in photographs:
                found.append(f"the photograph of line {fields['line']} is not in the pack")
            before = hashlib.sha256(text.encode()).hexdigest()
    return found


if __name__ == "__main__":
    said = wrong(sys.argv[1])
    print("\n".join(said) or "ok")
    raise SystemExit(bool(said))
