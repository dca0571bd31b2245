"""What this process knows from its configuration: which agency it serves, and the secrets that hold no data."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import current_app

EXTENSION = "shelter"


@dataclass(frozen=True, slots=True)
class Deployment:
    """`fingerprint` is None until setup has finished; then only the list that begins with it is believed."""

    agency: bytes
    fingerprint: bytes | None
    pepper: bytes
    boot_secret: bytes
    fictional: bool
    files: Path
    folder: Path
    kdf: str = ""


def deployment() -> Deployment:
    return cast(Deployment, current_app.extensions[EXTENSION])


def deploy(value: Deployment) -> None:
    """Replaces what this process believes; used at start and when setup finishes."""
    current_app.extensions[EXTENSION] = value
