"""The stored matrix is the one that the code makes: a changed right shows as a changed line."""

import os
from pathlib import Path

from flask import Flask

from tests.policy import matrix

DATABASES = ("sqlite",)
STORED = Path(__file__).with_name("matrix.txt")


def test_every_route_method_role_and_relation_is_as_written_down(app: Flask) -> None:
    """`UPDATE_MATRIX=1` writes it anew; then read the difference as you would read a change of law."""
    made = "\n".join(matrix.lines(app)) + "\n"
    if os.environ.get("UPDATE_MATRIX"):
        STORED.write_text(made)
    assert made == STORED.read_text()
