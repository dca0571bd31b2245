"""`run-server`: migrate, make the fictional agency where there is none, serve with gunicorn on the loopback."""

import ipaddress
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from config import Settings
from shelter.cli import schema
from shelter.cli.demo_command import announce, make_fictional_agency
from shelter.crypto.gate import Gate
from shelter.crypto.passwords import share_gate
from shelter.db import db, running
from shelter.db.transaction import abandon, write_transaction
from shelter.rules.clock import now
from shelter.web.errors import keep_log_clean

THREADS = 4


class NotLoopback(Exception):
    """Something would be open to another machine: published passphrases, or a line on which people are named."""


@click.command("run-server")
def run_server() -> None:
    """Serve this agency; a fictional one is made the first time."""
    from shelter import create_app

    os.umask(0o077)  # what is written beside the database is for its owner alone
    settings = Settings.from_environment()
    host, port = os.environ.get("SHELTER_BIND", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    app = create_app(settings)
    require_private_line(settings.database_url)
    schema.bring_up(app)
    if settings.fingerprint is None and not settings.agency_id:
        make_apart(app)
        settings = Settings.from_environment()
        app = create_app(settings)
    if settings.fictional:
        require_loopback(host)
        announce(settings, click.echo)
    serve(app, host, port)


def make_apart(app: Flask) -> None:
    """The fictional agency, in a process of its own that ends: what keeps files has threads, which no fork takes along.

    A worker that was forked after them would wait for the first file for ever.
    """

    def make() -> None:
        _own_connections(app)
        make_fictional_agency(app, click.echo)

    child = multiprocessing.get_context("fork").Process(target=make)
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(1)


def require_loopback(host: str) -> None:
    """Raises `NotLoopback` for an address that others can reach."""
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host == "localhost"
    if not inside:
        raise NotLoopback("The fictional agency serves the loopback only; run `setup` for a real one.")


def require_private_line(database_url: str) -> None:
    """Raises `NotLoopback` for a PostgreSQL on another machine whose certificate is not proved."""
    url = make_url(database_url)
    if not url.drivername.startswith("postgresql"):
        return
    host = str(url.host or url.query.get("host", ""))
    near = host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")
    if not near and url.query.get("sslmode") != "verify-full":
        raise NotLoopback("A database on another machine wants ?sslmode=verify-full in SHELTER_DATABASE_URL.")


class CodesLogger(Logger):
    """The server's own words in the form of ours: by itself it writes down whoever sent a bad request, and paths."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)  # type: ignore[no-untyped-call] # gunicorn ships no types
        keep_log_clean(self.error_log)


class Served(BaseApplication):
    """The application under gunicorn: loaded once in the master, so that the boot secret is inherited."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()  # type: ignore[no-untyped-call] # gunicorn ships no types

    def load_config(self) -> None:
        for key, value in self.options.items():
            cast(Any, self.cfg).set(key, value)

    def load(self) -> Flask:
        return self.app


def serve(app: Flask, host: str, port: int) -> None:
    """Serves until it is stopped; at most half the threads of a worker wait to be signed in."""
    locks = Path(app.extensions["shelter_settings"].folder) / "locks"
    locks.mkdir(mode=0o700, exist_ok=True)
    share_gate(Gate(waiting_limit=THREADS // 2, folder=locks))
    timer = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "tick", "--every", "60"])
    options = {
        "bind": f"{host}:{port}",
        "workers": int(os.environ.get("SHELTER_WORKERS", "2")),
        "worker_class": "gthread",
        "threads": THREADS,
        "preload_app": True,
        "accesslog": None,  # a calendar's address is its key, and who asked for which page is nobody's business
        "logger_class": CodesLogger,
        "errorlog": "-",
        "loglevel": "warning",
        "timeout": 120,
        "graceful_timeout": 5,
        "when_ready": lambda server: click.echo(f"Ready: http://localhost:{port}   (Ctrl-C ends it)"),
        "post_fork": lambda server, worker: _own_connections(app),
    }
    _say(app, lambda: running.is_here(now()))
    here = os.getpid()
    try:
        Served(app, options).run()
    finally:
        if os.getpid() == here:  # a worker is forked in there and passes this place when it ends: others go on
            timer.terminate()
            _say(app, lambda: running.is_gone(here, timer.pid))


def _say(app: Flask, what: Callable[[], None]) -> None:
    """To the other hosts, of this process; a database that is away stops neither a start nor an end."""
    with app.app_context():
        try:
            with write_transaction():
                what()
        except DBAPIError:
            abandon()
        db.engine.dispose()


def _own_connections(app: Flask) -> None:
    """A worker never uses a connection that its parent opened."""
    with app.app_context():
        db.engine.dispose(close=False)
