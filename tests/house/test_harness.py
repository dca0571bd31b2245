"""The harness itself: each kind of database is real and new, and nothing reaches outside."""

import socket

import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from tests.support.loopback import ReachedOutside


@pytest.mark.parametrize("attempt", [1, 2])
def test_each_test_gets_an_empty_database_of_the_kind_it_asked_for(
    database_kind: str, database_url: str, attempt: int
) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert connection.dialect.name == database_kind
        connection.execute(text("CREATE TABLE left_behind (attempt integer)"))
    engine.dispose()


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_a_test_cannot_reach_past_this_machine(host: str) -> None:
    with pytest.raises(ReachedOutside):
        socket.create_connection((host, 443), timeout=1)


@pytest.mark.journey
def test_the_browser_reaches_the_loopback_only(chromium: Browser) -> None:
    with chromium.new_page() as page, pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
