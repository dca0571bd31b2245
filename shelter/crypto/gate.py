"""The gate before Argon2id: one derivation at a time per process, a few per host, a limit to those who wait.

A derivation takes 64 MiB and a fifth of a second of a core; without a gate twenty people who sign in at once
stop everybody else's pages.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shelter.crypto.errors import Busy

_POLL_SECONDS = 0.005


class Gate:
    """Turns in one process, and a lock file per slot where processes of one host share a folder.

    `waiting_limit` is the number of threads that may wait (half of the server's threads); `slots` how many
    derivations run at once on this host, as many as cores where not given.
    """

    def __init__(self, *, waiting_limit: int = 8, folder: Path | None = None, slots: int | None = None) -> None:
        self._waiting_limit = waiting_limit
        self._folder = folder
        self._slots = slots or os.cpu_count() or 1
        self._turn = threading.Lock()
        self._count = threading.Lock()
        self._inside = 0

    @property
    def is_full(self) -> bool:
        """Whether the next one would be turned away, to be asked before a request's body is read."""
        return self._inside > self._waiting_limit

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn and holds it. Raises Busy at once when the limit waits already."""
        with self._count:
            if self.is_full:
                raise Busy
            self._inside += 1
        try:
            with self._turn, self._host_slot():
                yield
        finally:
            with self._count:
                self._inside -= 1

    @contextmanager
    def _host_slot(self) -> Iterator[None]:
        if self._folder is None:
            yield
            return
        descriptor = self._first_free(self._folder)
        try:
            yield
        finally:
            os.close(descriptor)  # closing gives the lock back, even when the process is killed

    def _first_free(self, folder: Path) -> int:
        while True:
            for slot in range(self._slots):
                descriptor = os.open(folder / f"argon2-{slot}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(descriptor)
                else:
                    return descriptor
            time.sleep(_POLL_SECONDS)
