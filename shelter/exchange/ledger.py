"""What was imported before: for each person, project, household and file of an export, what it said and whose it is.

Sealed in the identity compartment, because the keys of the other system name people there.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from shelter.db import segments
from shelter.db.keyring import keyring_of
from shelter.db.segments import Shelf
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

STORE = "imported"
SCOPE = "ledger"
ENTRIES = 4096
_ID = 16
_ENTRY = 3 * _ID  # hash of the key, digest of what was said, id of whose it is


NOTHING = bytes(_ID)
"""In the place of a digest: a name could be guessed from what it was made of."""


class Known(NamedTuple):
    """What an earlier import knows of a key: 16 bytes that say what it said, 16 bytes of id."""

    digest: bytes
    owner: bytes


class Ledger:
    """The entries of one source, to be looked up and added to. Later ones count."""

    def __init__(self, actor: Actor, source: str) -> None:
        self._actor = actor
        self._source = source
        self._known: dict[bytes, Known] = {}
        self._fresh: dict[bytes, Known] = {}
        with segments.scanning(actor, shelf(actor)) as contents:
            for _, content in contents:
                self._read(content)

    def find(self, kind: str, key: str) -> Known | None:
        """What was imported under a key of the other system; `kind` is person, project, household or file."""
        place = self._place(kind, key)
        return self._fresh.get(place) or self._known.get(place)

    def put(self, kind: str, key: str, digest: bytes, owner: bytes) -> None:
        """Remembers an entry until `store`."""
        self._fresh[self._place(kind, key)] = Known(digest, owner)

    def store(self) -> None:
        """Appends the new entries, in the caller's transaction."""
        entries = [place + one.digest + one.owner for place, one in self._fresh.items()]
        place = shelf(self._actor)
        no = segments.next_no(place)
        for start in range(0, len(entries), ENTRIES):
            segments.put_new(self._actor, place, no, b"".join(entries[start : start + ENTRIES]))
            no += 1

    def _place(self, kind: str, key: str) -> bytes:
        parts = (self._source.encode(), kind.encode(), key.encode())
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hashlib.blake2b(framed, digest_size=_ID).digest()

    def _read(self, content: memoryview) -> None:
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            one = bytes(content[at : at + _ENTRY])
            self._known[one[:_ID]] = Known(one[_ID : 2 * _ID], one[2 * _ID :])


def forget_said(actor: Actor, clients: Collection[bytes], because: datetime | Kind) -> None:
    """What was said of people who are erased (when), or get a compartment of their own (of which kind), goes.

    That a key is theirs stays, so that a later import neither brings back somebody erased nor makes a second record
    of a restricted person. In the caller's transaction.
    """
    if isinstance(because, Kind) and because is not Kind.IDENTITY:
        return
    place, gone = shelf(actor), frozenset(clients)

    def edit(content: bytes) -> bytes | None:
        told = bytearray(content)
        for at in range(0, len(told) - _ENTRY + 1, _ENTRY):
            if bytes(told[at + 2 * _ID : at + _ENTRY]) in gone:
                told[at + _ID : at + 2 * _ID] = NOTHING
        return bytes(told) if told != content else None

    for no in range(segments.next_no(place)):
        segments.change(actor, place, no, edit)


def shelf(actor: Actor) -> Shelf:
    """Where the ledger lies. Raises `NoKey` for those who may not open identities."""
    scope = hashlib.sha256(b"import ledger" + actor.agency).digest()[:_ID]
    return Shelf(STORE, SCOPE, scope, keyring_of(actor).compartment(Kind.IDENTITY))
