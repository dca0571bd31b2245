"""`bill-of-materials`: what this version is made of, as CycloneDX JSON, from the lock file and nothing else.

The same lock file gives the same bytes: no time, no machine, a serial number made of what is listed.
"""

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from shelter.cli.schema import ROOT

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>[^ ;\\]+)\s*(;\s*(?P<marker>[^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@click.command("bill-of-materials")
def bill_of_materials() -> None:
    """Print what this version is made of: a CycloneDX software bill of materials."""
    click.echo(json.dumps(bill(ROOT), indent=1, sort_keys=True))


def bill(tree: Path) -> dict[str, Any]:
    """The bill of a tree of the code. Raises OSError where it has no lock file."""
    lock = (tree / "requirements.txt").read_bytes()
    project = tomllib.loads((tree / "pyproject.toml").read_text())["project"]
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    parts = components(lock.decode())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{UUID(bytes=hashlib.sha256(lock).digest()[:16], version=4)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": own, "name": project["name"], "version": project["version"]}
        },
        "components": parts,
        "dependencies": [{"ref": own, "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def components(lock: str) -> list[dict[str, Any]]:
    """One for each pinned package, with the hashes of every file that may be installed of it."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            found.append(_component(pin["name"].lower(), pin["version"], pin["marker"]))
        elif digest := _HASH.search(line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": digest[1]})
    return found


def _component(name: str, version: str, marker: str | None) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    made: dict[str, Any] = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if marker:
        made["properties"] = [{"name": "python:marker", "value": marker.strip()}]
    return made | {"hashes": []}
