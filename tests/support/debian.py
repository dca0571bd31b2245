"""Packages of the operating system, installed only as root and only when the run was asked to provide."""

from __future__ import annotations

import os
import shutil
import subprocess

PATIENCE = 600  # seconds


def install(*packages: str) -> str | None:
    """Install Debian packages; None when they are there afterwards, otherwise why not, in one line."""
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        return "needs root and apt-get"
    quiet = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "RUNLEVEL": "1",  # packages must not start their services: the tests start their own
    }
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        try:
            done = subprocess.run(
                ["apt-get", "-q", *command], env=quiet, capture_output=True, text=True, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            return f"apt-get {command[0]} took longer than {PATIENCE} s"
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["apt-get failed and said nothing"])[-1]
    return None
