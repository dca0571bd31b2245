"""One served agency a journey, its clock on a Saturday in November 2026 and going on as real time does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from shelter.db import db as database
from shelter.rules import clock
from tests.factories.agency import World
from tests.journeys.hand import House
from tests.support.live_server import served

SATURDAY = datetime(2026, 11, 21, 18, tzinfo=UTC)


@dataclass
class Hours:
    """The clock of the whole process: it begins on Saturday morning, and `later` moves it on."""

    ahead: timedelta = field(default_factory=lambda: SATURDAY - datetime.now(UTC))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, how: timedelta) -> None:
        self.ahead += how


@pytest.fixture(autouse=True)
def hours() -> Iterator[Hours]:
    """Requests are answered in threads of their own, so the clock of the process is set, not a block's."""
    told = Hours()
    clock.set_clock(told.now)
    yield told
    clock.set_clock(None)


@pytest.fixture
def house(
    app: Flask, world: World, hours: Hours, chromium: Browser, shots: Path | None, request: pytest.FixtureRequest
) -> Iterator[House]:
    """The cast's agency over HTTP; a test prepares it through `house.world` before anybody signs in."""
    database.session.remove()
    with served(app) as url:
        yield House(chromium, url, world, hours, shots, request.path.stem.removeprefix("test_"))
    database.session.remove()
