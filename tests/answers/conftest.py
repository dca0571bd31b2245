"""A house with one room, and people of the cast signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.stays import make_beds


@pytest.fixture
def beds(world: World) -> dict[str, bytes]:
    """Beds A and B in Room 1 of the north house."""
    return make_beds(world)


@pytest.fixture
def desk(app: Flask, world: World) -> Callable[[str], Desk]:
    return lambda who: Desk(app, world, who)
