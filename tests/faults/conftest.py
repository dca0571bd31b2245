"""A job in a process of its own, killed at a random moment."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

Job = Callable[[], object]


class Killer:
    """Runs a job in a process of its own and kills it at a random moment of its usual length."""

    def __init__(self, db: Any, seed: int) -> None:
        self.db, self.luck, self.lasts, self.killed = db, Random(seed), 0.0, 0

    def run(self, job: Job) -> bool:
        """Kills it; whether that came before it ended."""
        child = self._begin(job)
        time.sleep(self.luck.uniform(0, self.lasts))
        os.kill(child, signal.SIGKILL)  # also one that has ended: nobody has waited for it yet
        _, status = os.waitpid(child, 0)
        self.killed += os.WIFSIGNALED(status)
        return os.WIFSIGNALED(status)

    def measure(self, job: Job) -> None:
        """Lets it end; as long as it took, later ones have until they are killed."""
        began = time.monotonic()
        self.spare(job)
        self.lasts = time.monotonic() - began

    def spare(self, job: Job) -> None:
        """Lets it end well."""
        _, status = os.waitpid(self._begin(job), 0)
        assert status == 0, "the job ends well when nobody kills it"

    def _begin(self, job: Job) -> int:
        self.db.session.remove()
        self.db.engine.dispose()
        child = os.fork()
        if child:
            return child
        os.setsid()
        try:
            job()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)


@pytest.fixture
def killer(db: Any) -> Iterator[Killer]:
    yield Killer(db, seed=5)
    db.session.remove()
