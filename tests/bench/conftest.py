"""The ledger of a bench run, and its table at the end; sizes by SIZE=small (ten minutes) or SIZE=full."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.bench.ledger import Ledger

KEY = pytest.StashKey[Ledger]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[KEY] = Ledger()


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Iterator[Ledger]:
    if KEY not in pytestconfig.stash:
        pytestconfig.stash[KEY] = Ledger()
    book = pytestconfig.stash[KEY]
    yield book
    print()
    for line in book.table():
        print(line)


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether the sizes of the issues were asked for."""
    return os.environ.get("SIZE", "small") == "full"


@pytest.fixture(autouse=True)
def nobody_is_too_quick(request: pytest.FixtureRequest) -> None:
    """One person of a bench asks more in a minute than people do in an hour."""
    if "app" in request.fixturenames:
        app = request.getfixturevalue("app")
        settings = app.extensions["shelter_settings"]
        app.extensions["shelter_settings"] = replace(settings, answers_an_hour=0)
