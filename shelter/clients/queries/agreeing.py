"""Whether the directory of names and the records agree: what `doctor` asks a holder of identities.

Only counts come out; no name and no id.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from shelter.clients import directory, scope
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.db import db, segments
from shelter.db.batch import open_each
from shelter.db.keyring import keyring_of
from shelter.db.sections import row_of
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules import directory as lane

PORTION = 500


@dataclass(frozen=True, slots=True)
class Agreement:
    """`entries` of the directory; records `missing` in it or `different` there; entries that are `stray`."""

    entries: int
    missing: int = 0
    different: int = 0
    stray: int = 0

    @property
    def holds(self) -> bool:
        return not (self.missing or self.different or self.stray)


def directory_agrees(actor: Actor) -> Agreement | None:
    """Every identity her keys open against every entry of the agency's directory; None for who holds no such key.

    Restricted people have directories of their own and are left out.
    """
    if not keyring_of(actor).holds(Kind.IDENTITY):
        return None
    written = _written(actor)
    entries, missing, different = len(written), 0, 0
    for client_id, identity in _identities(actor):
        found = written.pop(client_id, None)
        if identity is None:
            continue
        told = directory.names_of(identity)
        if told and found is None:
            missing += 1
        elif (found or ()) != (_as_written(client_id, told) if told else ()):
            different += 1
    return Agreement(entries, missing, different, len(written))


def _written(actor: Actor) -> dict[bytes, tuple[str, ...]]:
    with segments.scanning(actor, directory.shelf(actor, directory.Lane.NAMES)) as contents:
        return {row.client_id: row.names for _, content in contents for row in lane.unpack(content)}


def _as_written(client_id: bytes, names: tuple[str, ...]) -> tuple[str, ...]:
    (row,) = lane.unpack(lane.pack([lane.Entry(client_id, names)]))
    return row.names


def _identities(actor: Actor) -> Iterator[tuple[bytes, Identity | None]]:
    """All that arrived and are not restricted, in portions; None for a seal that does not hold, another finding."""
    restricted, after = keyring_of(actor).restricted_clients(), b""
    while True:
        query = select(Client).where(Client.id > after, scope.arrived()).order_by(Client.id).limit(PORTION)
        rows = list(db.session.scalars(query))
        if not rows:
            return
        after = rows[-1].id
        ours = [row for row in rows if row.id not in restricted]
        opened = open_each(actor, [row_of(row, IDENTITY) for row in ours], IDENTITY)
        yield from ((row.id, identity) for row, identity in zip(ours, opened.values, strict=True))
        db.session.expunge_all()
