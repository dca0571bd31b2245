"""Codes that nobody has yet."""

from collections.abc import Iterator

from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.rules.codes import new_code

_ASKED_AT_ONCE = 500


def fresh_code() -> str:
    """A code that nobody has yet."""
    return next(fresh_codes(1))


def fresh_codes(count: int) -> Iterator[str]:
    """So many different codes that nobody has, as far as can be seen before they are written."""
    found: set[str] = set()
    while len(found) < count:
        more = sorted({new_code() for _ in range(count - len(found))})
        for start in range(0, len(more), _ASKED_AT_ONCE):
            some = more[start : start + _ASKED_AT_ONCE]
            found.update(set(some).difference(db.session.scalars(select(Client.code).where(Client.code.in_(some)))))
    return iter(found)
