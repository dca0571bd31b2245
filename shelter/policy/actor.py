"""The person who acts, as policy sees her, and what is known about a client before anything is opened."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shelter.policy.kinds import Kind
from shelter.policy.roles import Role


class Keyring(Protocol):
    """The keys a signed-in person holds, as far as policy needs to know."""

    def holds(self, kind: Kind, client: bytes | None = None) -> bool:
        """Whether she can open what lives in this kind of compartment (of this client, if restricted)."""
        ...

    def restricted_clients(self) -> frozenset[bytes]:
        """The clients who have compartments of their own, whoever holds their keys."""
        ...


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in member of staff for the length of one request.

    `sites` are the places she works at, `open_sites` those among them where caseworkers open every
    client, `covers` the colleagues she stands in for today, `glass` the
    clients she opened in an emergency within the hour. `front` is the site she looks at first; it decides nothing.
    `by_passkey` says how she signed in.
    """

    id: bytes
    agency: bytes
    roles: frozenset[Role]
    keyring: Keyring
    sites: frozenset[bytes] = frozenset()
    open_sites: frozenset[bytes] = frozenset()
    covers: frozenset[bytes] = frozenset()
    glass: frozenset[bytes] = frozenset()
    step_up_until: datetime | None = None
    session_id: bytes = b""
    front: bytes | None = None
    by_passkey: bool = False

    def has(self, role: Role) -> bool:
        return role in self.roles


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """The relations of one client that decide about access; ids only, nothing about the person."""

    client: bytes
    site: bytes | None = None
    caseworkers: frozenset[bytes] = frozenset()
    advocates: frozenset[bytes] = frozenset()
    denied: frozenset[bytes] = frozenset()
    resident_at: frozenset[bytes] = field(default_factory=frozenset)
