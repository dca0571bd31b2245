"""CPU time of a request: of this process and, where the database is a server of its own, of its backends too."""

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

SETTLES = 0.005  # seconds, which no CPU clock counts


class Cpu:
    """Seconds of CPU so far, with those of the backends that are connected when it is made; `note` says what counts.

    `peers` are processes of a peer that count too.
    """

    def __init__(self, engine: Engine, *peers: int) -> None:
        self._backends: list[Path] = []
        self.note = "CPU of the worker, which holds the database"
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                query = "select pid from pg_stat_activity where datname = current_database()"
                found = [Path(f"/proc/{pid}/schedstat") for pid in connection.execute(text(query)).scalars()]
            self._backends = [path for path in found if path.exists()]
            self.note = "CPU of worker and database" if self._backends else "CPU of the worker alone"
        self._backends += [Path(f"/proc/{pid}/schedstat") for pid in peers]

    @property
    def counts_the_database(self) -> bool:
        return bool(self._backends) or "holds" in self.note

    def __call__(self) -> float:
        return time.process_time() + sum(_nanoseconds(path) for path in self._backends) / 1e9


def _nanoseconds(schedstat: Path) -> int:
    """The time a process spent running, the first field of its schedstat, once the kernel has brought it up to date.

    A backend that has just answered is still on its core; what it used is written down when it leaves.
    """
    time.sleep(SETTLES)
    return int(schedstat.read_text().split()[0])


def of_process(pid: int) -> Callable[[], float]:
    """Seconds of CPU so far of this process and of one other."""
    path = Path(f"/proc/{pid}/schedstat")
    return lambda: time.process_time() + _nanoseconds(path) / 1e9
