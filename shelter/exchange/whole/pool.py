"""The keys of several people side by side: each section is opened by the first who holds its compartment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shelter.db import deks
from shelter.db.batch import open_each
from shelter.db.errors import NoKey
from shelter.db.keyring import keyring_of
from shelter.db.sections import Sealed, Section, row_of, take_refusals
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

EMPTY, OPENED, NO_KEY, REFUSED = "empty", "opened", "no-key", "refused"


@dataclass(frozen=True, slots=True)
class One:
    """One section of one row: what is in it, or why it does not open."""

    row_id: bytes
    version: int
    state: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Pool:
    """Who is here. Nobody's keyring is changed or joined with another's."""

    people: tuple[Actor, ...]

    def holder(self, kind: Kind, client: bytes | None = None) -> Actor | None:
        """The first who opens this kind of content (of this client, where she is restricted)."""
        for person in self.people:
            keyring = keyring_of(person)
            try:
                if keyring.compartment(kind, client) in keyring.held():
                    return person
            except NoKey:
                continue
        return None

    def open(self, rows: Sequence[Any], section: Section[Any]) -> list[One]:
        """One section of some rows, in their order."""
        sealed = [row_of(row, section) for row in rows]
        by_holder: dict[Actor | None, list[int]] = {}
        for place, row in enumerate(sealed):
            if row.sealed is not None:
                by_holder.setdefault(self._holder_of(rows[place], section), []).append(place)
        opened = [One(row.row_id, row.version, EMPTY if row.sealed is None else NO_KEY) for row in sealed]
        for person, places in by_holder.items():
            if person is None:
                continue
            for place, value in zip(places, self._values(person, [sealed[at] for at in places], section), strict=True):
                state = REFUSED if value is None else OPENED
                opened[place] = One(sealed[place].row_id, sealed[place].version, state, value)
        return opened

    def _holder_of(self, row: Sealed, section: Section[Any]) -> Actor | None:
        return self.holder(section.kind, row.subject().client)

    @staticmethod
    def _values(person: Actor, sealed: Sequence[Any], section: Section[Any]) -> list[Any]:
        try:
            return open_each(person, sealed, section).values
        finally:
            deks.put_away(keyring_of(person))
            take_refusals()  # counted here, and written down once at the end
