"""`tick`: all that is due by the clock. Holds no key, is safe to run twice and on several hosts."""

import os
import socket
import time
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from shelter.db.deployment import deployment
from shelter.db.lease import done, take
from shelter.db.transaction import write_transaction
from shelter.features import modules
from shelter.rules.clock import now
from shelter.trail.proof import head

NAME = "tick"
LASTS = timedelta(seconds=50)


@click.command("tick")
@click.option("--every", type=int, default=0, help="Repeat after so many seconds until stopped.")
@with_appcontext
def tick(every: int) -> None:
    """Do what is due: end sessions and holds, drop what expired, copy the head of the trail."""
    while True:
        tick_once(current_app._get_current_object())  # type: ignore[attr-defined] # the proxy's own way to its app
        if not every:
            return
        time.sleep(every)


def tick_once(app: Flask) -> bool:
    """One round; False where another host is at it."""
    at, holder = now(), f"{socket.gethostname()[:28]}-{os.getpid()}"
    with app.app_context():
        with write_transaction():
            if not take(NAME, holder, at, LASTS):
                return False
        for duty in _duties():
            with write_transaction():
                duty(at)
        copy_head(deployment().folder)
        with write_transaction():
            done(NAME, holder, now())
    return True


def _duties():  # type: ignore[no-untyped-def] # a generator over the features' own tuples
    for module in modules("upkeep"):
        yield from module.DUTIES


def copy_head(folder: Path) -> None:
    """Appends the newest link of the trail to a file, which an operator copies off the machine."""
    newest = head()
    if newest is None:
        return
    path = folder / "heads.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    if lines and lines[-1].endswith(str(newest)):
        return
    with path.open("a") as file:
        file.write(f"{_stamp(now())} {newest}\n")


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
