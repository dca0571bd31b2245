"""Which of the shipped languages this agency offers on its pages, and in which a page begins for whoever chose none."""

import time
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError

from shelter.db import db
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.settings.history import LANGUAGE, keep
from shelter.settings.models import ListVersion
from shelter.trail.record import recorded

SHIPPED = ("en", "es")
CODE = "offered"
KNOWN_FOR = 10.0
"""Seconds for which a process goes by what it has read: a change is on every page of every host after them."""


class Languages(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`default` is one of those offered."""

    offered: tuple[str, ...] = SHIPPED
    default: str = SHIPPED[0]


@dataclass(slots=True)
class _Known:
    at: float
    said: Languages


_known: dict[str, _Known] = {}
"""By database; it only saves asking again and may be lost at any time."""
_NEWEST = (
    select(ListVersion.text)
    .where(ListVersion.kind == LANGUAGE, ListVersion.code == CODE)
    .order_by(ListVersion.number.desc())
    .limit(1)
)


def languages() -> Languages:
    """What holds; all that are shipped where nothing was decided, or while the database is away."""
    place = str(db.engine.url)
    known = _known.get(place)
    if known is None or time.monotonic() - known.at > KNOWN_FOR:
        known = _known[place] = _Known(time.monotonic(), _read())
    return known.said


def _read() -> Languages:
    """On a connection of its own: an error page asks too, when this request's has failed."""
    try:
        with db.engine.connect() as connection:
            text = connection.execute(_NEWEST).scalar()
    except (DBAPIError, OperationalError):
        return Languages()
    return msgspec.json.decode(text, type=Languages) if text else Languages()


def languages_changed() -> None:
    """Forget what this process has read."""
    _known.pop(str(db.engine.url), None)


def require_languages(wanted: Languages) -> Languages:
    """In the order they are shipped in. Raises `Broken` where none is left, or the default is not among them."""
    offered = tuple(one for one in SHIPPED if one in wanted.offered)
    if not offered or set(wanted.offered) - set(SHIPPED):
        raise Broken("settings.no-language", "offered")
    if wanted.default not in offered:
        raise Broken("settings.language-not-offered", "default")
    return Languages(offered=offered, default=wanted.default)


def offer(actor: Actor, wanted: Languages) -> None:
    """Decides it. Raises `Broken` as `require_languages` does."""
    wanted = require_languages(wanted)
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        unit.clause = require(actor, Act.SETTINGS_MANAGE).clause
        unit.detail = {"field": "languages"}
        put(actor, wanted)
    languages_changed()


def put(actor: Actor, wanted: Languages) -> None:
    """In the caller's transaction."""
    keep(actor, LANGUAGE, CODE, offered=wanted.offered, default=wanted.default)
