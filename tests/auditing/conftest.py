"""People of the cast, signed in, for the pages of the auditor."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories.agency import World
from tests.factories.clients import Desk


@pytest.fixture
def desk(app: Flask, world: World) -> Callable[..., Desk]:
    return lambda who: Desk(app, world, who)
