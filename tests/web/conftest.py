"""An application of the web room alone: its headers, forms and layouts with invented context, and the pattern page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient

from shelter.db.errors import Missing
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.web import (
    assets,
    crossorigin,
    errors,
    forms,
    headers,
    i18n,
    nav,
    patterns,
    preferences,
    render,
    sentences,
    tables,
    times,
    violations,
)
from shelter.web.uploads import BoundedRequest, takes_files
from tests.support.databases import ROOT
from tests.support.live_server import served

MENU = ("Today", "People", "Beds", "Papers", "Services")


def invented_context() -> dict[str, object]:
    menu = [
        nav.MenuEntry(label, "/patterns/" if n == 0 else f"/patterns/#{label}", n == 0) for n, label in enumerate(MENU)
    ]
    return {
        "agency": SimpleNamespace(name_on_screen="Lantern Agency", fictional=True, exit_url=""),
        "me": SimpleNamespace(working_name="Rosa M.", initials="RM", roles=("caseworker",)),
        "nav": menu,
        "notices_count": 2,
        "notices_url": "/patterns/#notices",
        "find_url": "/patterns/",
        "site_name": "Harbor House",
        "sites": [{"name": "Harbor House", "url": "/patterns/"}, {"name": "Orchard", "url": "/patterns/"}],
        "account_links": [{"label": "Your account", "url": "/patterns/#account"}],
        "sign_out_url": "/leave",
    }


def _add_failing_views(app: Flask) -> None:
    """Views that go wrong in each way, with a name in the exception that no page or log may show."""

    def fail(how: str) -> str:
        raises: dict[str, Callable[[], Exception]] = {
            "denied": lambda: Denied("clients:read"),
            "missing": lambda: Missing("Rosalinda"),
            "broken": lambda: Broken("web_test.too_long", values={"most": 3}),
            "unforeseen": lambda: RuntimeError("Rosalinda Quintanilla, 415 555 0100"),
        }
        if how in raises:
            raise raises[how]()
        abort(int(how))

    def send() -> dict[str, Any]:
        return {name: len(file.read()) for name, file in request.files.items()}

    app.add_url_rule("/fail/<how>", "fail", fail)
    app.add_url_rule("/echo", "echo", lambda: dict(request.form), methods=["POST"])
    app.add_url_rule("/send", "send", takes_files(2_000_000)(send), methods=["POST"])
    for ending in ("/lock", "/stay", "/patterns/draft"):
        app.add_url_rule(ending, ending, lambda: ("", 204), methods=["POST"])
    app.add_url_rule("/leave", "leave", lambda: preferences.leave_for("/away"), methods=["POST"])


def make_app(context: render.Context | None = invented_context) -> Flask:
    app = Flask("shelter", static_folder=None, template_folder=str(ROOT / "templates"))
    app.request_class = BoundedRequest
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, SECRET_KEY="for tests")
    app.config["TRUSTED_HOSTS"] = ["localhost", "127.0.0.1"]
    crossorigin.init(app)
    i18n.init(app)
    headers.init(app)
    forms.init(app)
    errors.init(app)
    render.init(app, context)
    for room in (assets, preferences, tables, times, patterns, violations):
        room.init(app)
    _add_failing_views(app)
    return app


@pytest.fixture(scope="session", autouse=True)
def _a_sentence() -> None:
    sentences.say({"web_test.too_long": "At most %(most)d."})


@pytest.fixture
def web_app() -> Flask:
    return make_app()


@pytest.fixture
def web(web_app: Flask) -> FlaskClient:
    return web_app.test_client()


@pytest.fixture
def unchecked(web_app: Flask) -> FlaskClient:
    """A client without CSRF tokens, for what is asked before or after them."""
    web_app.config["WTF_CSRF_ENABLED"] = False
    return web_app.test_client()


@pytest.fixture(scope="session")
def web_url() -> Iterator[str]:
    with served(make_app()) as url:
        yield url


@pytest.fixture(scope="session")
def idle_url() -> Iterator[str]:
    """The same for somebody whose screen locks after two minutes."""
    idle = {"seconds": 120, "lock_url": "/lock", "stay_url": "/stay"}
    with served(make_app(lambda: invented_context() | {"idle": idle})) as url:
        yield url
