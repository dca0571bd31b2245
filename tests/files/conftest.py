"""A client with an advocate, people of the cast signed in, and an object store, for every test about files."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from shelter.db.deployment import deploy, deployment
from shelter.files import store
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.support.s3_server import S3Server, s3_server

PLACE = "s3://vault/sealed"


@pytest.fixture
def code(world: World) -> str:
    found = clients.begin(world)
    clients.give_advocate(world, found)
    return found


@pytest.fixture
def desk(app: Flask, world: World) -> Callable[[str], Desk]:
    return lambda who: Desk(app, world, who)


@pytest.fixture
def remote(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """The agency of these tests keeps its files in an S3-compatible store."""
    with s3_server() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        store._remote.cache_clear()
        monkeypatch.setattr(store, "_GIVES_UP_AFTER", timedelta(seconds=2))
        deploy(replace(deployment(), store_url=PLACE))
        yield server
        store._remote.cache_clear()
