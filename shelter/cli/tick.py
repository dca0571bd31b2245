"""`tick`: all that is due by the clock. Holds no key, is safe to run twice and on several hosts."""

import logging
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from shelter.cli.backup_commands import back_up_all
from shelter.db import running
from shelter.db.agency import the_agency
from shelter.db.deployment import deployment
from shelter.db.deployment import settings as settings_here
from shelter.db.lease import done, last_done, take
from shelter.db.traces import write_anew
from shelter.db.transaction import abandon, write_transaction
from shelter.features import modules
from shelter.files.store import Away
from shelter.rules.clock import now
from shelter.stewards.backing_up import LEASE
from shelter.trail.heads import copy_head, places
from shelter.web.application import this_app

LASTS = timedelta(seconds=50)
BACKUP_EVERY = timedelta(hours=1)


@click.command("tick")
@click.option("--every", type=int, default=0, help="Repeat after so many seconds until stopped.")
@with_appcontext
def tick(every: int) -> None:
    """Do what is due: end sessions and holds, drop what expired, copy the head of the trail."""
    while True:
        tick_once(this_app())
        if not every:
            return
        time.sleep(every)


def tick_once(app: Flask) -> bool:
    """One round; False where another host is at it."""
    at, holder = now(), running.name_of(os.getpid())
    with app.app_context():
        with write_transaction():
            running.is_here(at)
        with write_transaction():
            if not take(running.TICK, holder, at, LASTS):
                return False
        for duty in _duties():
            with write_transaction():
                duty(at)
        _write_anew()
        _copy_heads()
        _back_up(at, holder)
        with write_transaction():
            done(running.TICK, holder, now())
    return True


def _copy_heads() -> None:
    """A place that takes no more stops neither the other places nor the backup; `doctor` asks for it."""
    for folder in places():
        try:
            copy_head(folder)
        except OSError as error:
            click.echo(f"No head in {folder}: {type(error).__name__}.", err=True)


def _back_up(at: datetime, holder: str) -> None:
    """An hourly backup where a folder is named for it; one that fails is tried again, and `doctor` asks for it.

    A folder that is not there is a disk that is not mounted: nothing is made in its place.
    """
    folder = settings_here().backups
    if folder is None or the_agency() is None or deployment().fingerprint is None:
        return
    last = last_done(LEASE)
    if last is not None and last <= at < last + BACKUP_EVERY:
        return
    if not folder.is_dir():
        click.echo(f"No backup: {folder} is not there.", err=True)
        return
    with write_transaction():
        if not take(LEASE, holder, at, BACKUP_EVERY):
            return
    try:
        back_up_all(folder)
    except (OSError, Away) as error:
        click.echo(f"No backup: {type(error).__name__}.", err=True)


def _duties() -> Iterator[Any]:
    """What features do by the clock, from their own tuples."""
    for module in modules("upkeep"):
        yield from module.DUTIES


def _write_anew() -> None:
    """A database that is too busy, or whose tables another role owns, is written anew at a later round."""
    try:
        write_anew()
    except (DBAPIError, sqlite3.Error) as error:
        abandon()
        logging.getLogger("shelter").warning("not written anew: %s", type(error).__name__)
