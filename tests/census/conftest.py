"""A house with one room, and people of the cast signed in."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from shelter.rules.clock import frozen, now
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


@pytest.fixture
def in_the_afternoon() -> Iterator[None]:
    """After noon at every site of a world: between midnight and noon the night that runs began on the day before."""
    with frozen(now().replace(hour=20, minute=30)):
        yield
