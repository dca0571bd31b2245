"""kill -9 of what changes who opens somebody runs in an interpreter of its own: `kill_opening.py`.

The store of files has threads, which a fork leaves behind: once any test of a process has used it, a process that is
forked from it waits for them for ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import workroom

ROUNDS = Path(__file__).with_name("kill_opening.py")


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_each_part_opens_for_exactly_its_holders_whenever_it_was_killed(
    database: str, pytestconfig: pytest.Config, rounds: object
) -> None:
    """`rounds` makes it a drill of its own, as what it runs would be."""
    inherited = ("PYTEST_", workroom.VARIABLE)  # a run of its own, with a server of its own
    environment = {name: value for name, value in os.environ.items() if not name.startswith(inherited)}
    drill = ["--drill"] if pytestconfig.getoption("--drill") else []
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--databases", database, *drill]
    ran = subprocess.run([*command, str(ROUNDS)], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-8000:]
