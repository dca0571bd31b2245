"""A client of a caseworker, and people of the cast signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk


@pytest.fixture
def code(world: World) -> str:
    return clients.begin(world)


@pytest.fixture
def desk(app: Flask, world: World) -> Callable[[str], Desk]:
    return lambda who: Desk(app, world, who)
