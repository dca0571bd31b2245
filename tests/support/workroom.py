"""One folder that the processes of a test run share: what was started once, and what to tell at the end."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PREFIX = "shelter-tests-"
VARIABLE = "SHELTER_TESTS_WORKROOM"


class Workroom:
    """Shared by the controlling process and its workers; the controller makes it and takes it away."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def open(cls) -> Workroom:
        """Make it in the controlling process, find it again in a worker."""
        if VARIABLE not in os.environ:
            path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
            path.chmod(0o755)
            os.environ[VARIABLE] = str(path)
        return cls(Path(os.environ[VARIABLE]))

    def close(self) -> None:
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        with (self.path / f"{name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def once(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `make` answered the first time any process asked for `name`."""
        answer = self.path / f"{name}.json"
        with self.locked(name):
            if not answer.exists():
                answer.write_text(json.dumps(make()))
        found: dict[str, Any] = json.loads(answer.read_text())
        return found

    def known(self, name: str) -> dict[str, Any] | None:
        answer = self.path / f"{name}.json"
        return json.loads(answer.read_text()) if answer.exists() else None

    def tell(self, line: str) -> None:
        """Put a line under "provided for these tests" at the end of the run, once."""
        with self.locked("told"), (self.path / "told.txt").open("a+") as told:
            told.seek(0)
            if line not in told.read().splitlines():
                told.write(line + "\n")

    def told(self) -> list[str]:
        told = self.path / "told.txt"
        return told.read_text().splitlines() if told.exists() else []


def abandoned() -> list[Path]:
    """Workrooms of this user whose controlling process is gone: it was killed before it could tidy."""
    rooms = Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*")
    return [room for room in rooms if room.stat().st_uid == os.getuid() and not _alive(room)]


def _alive(room: Path) -> bool:
    pid = room.name.removeprefix(PREFIX).split("-")[0]
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
