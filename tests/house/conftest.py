"""One application for all tests about it: on SQLite, asked about itself and never served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import databases
from tests.support.workroom import Workroom

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture(scope="session")
def house(workroom: Workroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    from config import Settings
    from shelter import create_app

    folder: Path = tmp_path_factory.mktemp("house")
    url = databases.sqlite_clone(workroom, folder)
    app = create_app(Settings.from_environment({"SHELTER_DATA": str(folder), "SHELTER_DATABASE_URL": url}))
    yield app
    databases.let_go(app)
