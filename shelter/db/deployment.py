"""What this process knows from its configuration: which agency it serves, and the secrets that hold no data."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from config import Settings

EXTENSION = "shelter"


@dataclass(frozen=True, slots=True)
class Deployment:
    """`fingerprint` is None until setup has finished; then only the list that begins with it is believed.

    Sealed files lie in the folder `files`, or in the object store of `store_url` where that is set.
    """

    agency: bytes
    fingerprint: bytes | None
    pepper: bytes
    boot_secret: bytes
    fictional: bool
    files: Path
    folder: Path
    most_file_bytes: int = 100 * 1024 * 1024
    store_url: str = ""
    kdf: str = ""


def deployment() -> Deployment:
    return cast(Deployment, current_app.extensions[EXTENSION])


def deploy(value: Deployment) -> None:
    """Replaces what this process believes; used at start and when setup finishes."""
    current_app.extensions[EXTENSION] = value


def settings() -> "Settings":
    """What this process was started with; `settings().again()` reads the file anew."""
    return cast("Settings", current_app.extensions["shelter_settings"])


def is_set_up() -> bool:
    """Whether there is an agency: while this process knows of none it looks into the settings file again.

    Another worker, or the setup command, may have written it since.
    """
    here = deployment()
    if here.fingerprint is not None:
        return True
    found = settings().again()
    if (found.agency_id, found.fingerprint) != (here.agency, None):
        if found.agency_id:
            deploy(replace(here, agency=found.agency_id, fingerprint=found.fingerprint, fictional=found.fictional))
        return found.fingerprint is not None
    return False
