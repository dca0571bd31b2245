"""What every test may ask for: a database of each kind, an application, a browser; nothing from outside."""

from __future__ import annotations

import gc
import platform
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.support import chromium as chromiums
from tests.support import compiled, databases, loopback, postgres
from tests.support.workroom import Workroom, abandoned

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

    from config import Settings
    from tests.factories.agency import World

CHEAP_KDF = "argon2id,m=64,t=1,p=1"
"""A passphrase costs a test nothing; the real cost is asserted in tests/crypto."""
PEPPER = b"of every test world, so that it can be laid down again: 32+"
KINDS = ("sqlite", "postgresql")
WORKROOM = pytest.StashKey[Workroom]()

# A shared machine makes no promise about milliseconds; a failure prints what makes it fail again.
hypothesis_settings.register_profile(
    "house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("shelter")
    group.addoption("--databases", default=",".join(KINDS), help="which kinds to run on, for a quick look")
    group.addoption("--provide", action="store_true", help="as root, install a missing PostgreSQL or Chromium")
    group.addoption("--drill", action="store_true", help="full rounds where a test otherwise takes a sample")
    group.addoption("--fenced", action="store_true", help="on PostgreSQL, as a role that does not own the tables")
    group.addoption("--shots", action="store_true", help="keep screenshots in build/shots")


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(100_000, 50, 100)  # an application a test: a third of their time went into looking for rubbish
    config.stash[WORKROOM] = room = Workroom.open()
    if _is_worker(config):
        return
    for forgotten in abandoned():
        postgres.tidy_after(forgotten)
    if config.getoption("--provide"):
        chromiums.provide(room, may_install=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    room = config.stash.get(WORKROOM, None)
    if room is None or _is_worker(config):
        return
    databases.drop_template(room)
    postgres.stop(room)
    room.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.section("provided for these tests")
    terminalreporter.line(f"Python {platform.python_version()}")
    for line in config.stash[WORKROOM].told():
        terminalreporter.line(line, red=line.startswith("COULD NOT"), bold=line.startswith("COULD NOT"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches a database runs on both kinds, unless it says `@pytest.mark.postgres`."""
    if "database_kind" not in metafunc.fixturenames:
        return
    wanted = metafunc.config.getoption("--databases").split(",")
    only_postgres = metafunc.definition.get_closest_marker("postgres") is not None
    one_is_enough = getattr(metafunc.module, "DATABASES", KINDS)  # where the database has no part in the answer
    kinds = [kind for kind in KINDS if kind in wanted and kind in one_is_enough]
    kinds = [kind for kind in kinds if kind == "postgresql" or not only_postgres]
    marks = {"sqlite": (), "postgresql": (pytest.mark.postgres,)}
    parameters = [pytest.param(kind, marks=marks[kind]) for kind in kinds]
    metafunc.parametrize("database_kind", parameters, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that asks for `rounds` is its own drill: `make drill` runs it with all of them."""
    if config.getoption("--drill"):
        for item in items:
            if "rounds" in getattr(item, "fixturenames", ()):
                item.add_marker("drill")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Keys and ids are drawn anew by every process: a test is not named for one."""
    return argname if isinstance(val, bytes) else None


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.fixture(scope="session", autouse=True)
def _nothing_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        loopback.guard(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def templates() -> Iterator[compiled.Templates]:
    """Templates, addresses and statements, compiled once a process."""
    with pytest.MonkeyPatch.context() as patch:
        compiled.remember_addresses(patch)
        compiled.remember_statements(patch)
        databases.hurry(patch)
        yield compiled.Templates()


@pytest.fixture(scope="session")
def workroom(pytestconfig: pytest.Config) -> Workroom:
    return pytestconfig.stash[WORKROOM]


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """`rounds(sample, full)`: the sample in `make test`, all of them in `make drill`."""
    return lambda sample, full: full if pytestconfig.getoption("--drill") else sample


@pytest.fixture(scope="session")
def postgres_server(workroom: Workroom, pytestconfig: pytest.Config) -> postgres.Server:
    try:
        return postgres.provide(workroom, may_install=pytestconfig.getoption("--provide"))
    except postgres.Unavailable as missing:
        pytest.skip(f"no PostgreSQL: {missing}")


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(
    database_kind: str, workroom: Workroom, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A database of its own with today's schema and no rows, on SQLite and on PostgreSQL in turn."""
    if database_kind == "sqlite":
        yield databases.sqlite_clone(workroom, tmp_path)
        return
    server = request.getfixturevalue("postgres_server")
    with databases.postgres_clone(workroom, server) as url:
        fenced = request.config.getoption("--fenced")
        yield databases.application_role(workroom, server, url) if fenced else url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a deployment of its own; nothing of this machine's environment is in them."""
    from config import Settings

    environment = {"SHELTER_DATA": str(tmp_path), "SHELTER_DATABASE_URL": database_url}
    made = Settings.from_environment(environment)
    return replace(made, testing=True, kdf=CHEAP_KDF, pepper=PEPPER)


@pytest.fixture
def app(settings: Settings, templates: compiled.Templates) -> Iterator[Flask]:
    """The application as served, on a database of its own; no request or context is open yet."""
    from shelter import create_app

    application = create_app(settings)
    application.jinja_env.bytecode_cache = templates
    yield application
    databases.let_go(application)


@pytest.fixture
def db(app: Flask) -> Iterator[Any]:
    """`shelter.db.db` inside an application context."""
    from shelter.db import db as database

    with app.app_context():
        yield database


@pytest.fixture
def world(app: Flask, db: Any) -> World:
    """A founded agency with its cast, inside the context that `db` opened."""
    from tests.factories.agency import make_world

    return make_world(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def chromium(workroom: Workroom) -> Iterator[Browser]:
    """A real Chromium for the whole run; skips, and says why, where none can be had."""
    found = chromiums.provide(workroom, may_install=False)
    if found.path is None:
        pytest.skip(f"no Chromium: {found.missing}")
    with chromiums.launched(found.path) as browser:
        yield browser


@pytest.fixture(scope="session")
def shots(pytestconfig: pytest.Config) -> Path | None:
    """Where screenshots are kept; None unless asked for with --shots."""
    folder = databases.ROOT / "build" / "shots"
    return folder if pytestconfig.getoption("--shots") else None
