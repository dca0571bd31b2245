"""Peers of a page: the same view, query, policy, template and trail; only what opens a section is another."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from shelter.clients import scope
from shelter.clients.models import Identity
from shelter.clients.queries import people as people_queries
from shelter.db import db
from shelter.db.batch import Opened
from shelter.db.sections import SealedRow
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail import record
from shelter.web import guard

_decode = msgspec.msgpack.Decoder(Identity, strict=False).decode


def _read_plain(actor: object, rows: Sequence[SealedRow], section: object) -> Opened[Identity]:
    """What `open_each` would be if nothing were sealed: the same struct from the same column."""
    return Opened([None if row.sealed is None else _decode(row.sealed) for row in rows], [])


@contextmanager
def plaintext() -> Iterator[None]:
    """Inside, list pages read plain msgpack."""
    with _instead("open_each", _read_plain):
        yield


@contextmanager
def without_trail() -> Iterator[None]:
    """Inside, reads are forgotten instead of committed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "commit_reads", lambda: record.db.session.info.pop(record.READS, None))
        yield


@contextmanager
def opened_by(instead: Any) -> Iterator[None]:
    """Inside, `instead(actor, rows)` makes the lines of a list from the rows of its query, which brings no keys."""
    with _instead("_page", _page_without_keys), _instead("_opened", instead):
        yield


def _page_without_keys(actor: Actor, after: str) -> list[Any]:
    query = people_queries._behind(scope.reach(actor, Act.CLIENTS_READ), ())
    return list(db.session.execute(query, {"after": after}).all())


@contextmanager
def _instead(name: str, value: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people_queries, name, value)
        yield
