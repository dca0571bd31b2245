"""CPU time of a request: of this process and, where the database is a server of its own, of its backends too."""

import time
from pathlib import Path

from sqlalchemy import Engine, text


class Cpu:
    """Seconds of CPU so far; `note` says what is counted. Made after a first request, so that the backends are there."""

    def __init__(self, engine: Engine) -> None:
        self._backends: list[Path] = []
        self.note = "CPU of the worker, which holds the database"
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                query = "select pid from pg_stat_activity where datname = current_database()"
                found = [Path(f"/proc/{pid}/schedstat") for pid in connection.execute(text(query)).scalars()]
            self._backends = [path for path in found if path.exists()]
            self.note = "CPU of worker and database" if self._backends else "CPU of the worker alone"

    def __call__(self) -> float:
        return time.process_time() + sum(_nanoseconds(path) for path in self._backends) / 1e9


def _nanoseconds(schedstat: Path) -> int:
    """The time a process spent running, the first field of its schedstat."""
    return int(schedstat.read_text().split()[0])
