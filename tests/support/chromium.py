"""A real Chromium: SHELTER_CHROMIUM, else an installed one, else Debian's package where we are root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from playwright.sync_api import Browser, sync_playwright

from tests.support import debian
from tests.support.workroom import Workroom

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root; the pages are ours
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # it reaches us only
)


@dataclass(frozen=True)
class Found:
    path: str | None
    version: str = ""
    missing: str = ""


def provide(workroom: Workroom, *, may_install: bool) -> Found:
    """Where Chromium is or why there is none; asked once a run."""
    found = Found(**workroom.once("chromium", lambda: asdict(_find(may_install))))
    if found.path:
        workroom.tell(found.version)
    else:
        workroom.tell(f"COULD NOT GET Chromium, the journeys are skipped: {found.missing}")
    return found


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def _find(may_install: bool) -> Found:
    if path := _installed():
        return Found(path, _version(path))
    if not may_install:
        return Found(None, missing="none is installed (make test installs Debian's where it runs as root)")
    missing = debian.install("chromium", "fonts-dejavu-core")
    path = _installed()
    return Found(path, _version(path)) if path else Found(None, missing=f"none is installed, and Debian's: {missing}")


def _installed() -> str | None:
    names = (os.environ.get("SHELTER_CHROMIUM", ""), *NAMES)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def _version(path: str) -> str:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    return " ".join(said.split()[:2])
