"""People of the cast, signed in, for every test about clients."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories.agency import World
from tests.factories.clients import Desk


@pytest.fixture
def desk(app: Flask, world: World) -> Callable[..., Desk]:
    """`desk("caseworker")`: somebody of the cast, signed in at a browser of her own."""
    return lambda who, **more: Desk(app, world, who, **more)
