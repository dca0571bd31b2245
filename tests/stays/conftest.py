"""A house with two rooms, and people of the cast signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.stays import make_beds


@pytest.fixture
def beds(world: World) -> dict[str, bytes]:
    """Four beds of the north house: A and B in Room 1, C and D in Room 2."""
    return make_beds(world) | make_beds(world, room="Room 2", labels="CD")


@pytest.fixture
def desk(app: Flask, world: World) -> Callable[[str], Desk]:
    """`desk("desk")`: somebody of the cast, signed in at a browser of her own."""
    return lambda who: Desk(app, world, who)
