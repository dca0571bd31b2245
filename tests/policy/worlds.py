"""Random people and clients for the laws of policy; no database, no keys."""

from dataclasses import dataclass

from hypothesis import strategies as st

from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.kinds import Kind, held_by
from shelter.policy.roles import Role, clashes

STAFF = tuple(bytes([n]) * 16 for n in range(1, 5))
SITES = tuple(bytes([n]) * 16 for n in range(11, 14))
CLIENTS = tuple(bytes([n]) * 16 for n in range(21, 24))


@dataclass(frozen=True)
class Keys:
    """A keyring that says what it holds."""

    kinds: frozenset[Kind]
    restricted: frozenset[bytes] = frozenset()
    opened: frozenset[bytes] = frozenset()

    def holds(self, kind: Kind, client: bytes | None = None) -> bool:
        if client in self.restricted and kind is not Kind.HOUSE:
            return client in self.opened
        return kind in self.kinds

    def restricted_clients(self) -> frozenset[bytes]:
        return self.restricted


def subset(of: tuple[bytes, ...]) -> st.SearchStrategy[frozenset[bytes]]:
    return st.frozensets(st.sampled_from(of))


role_sets = st.frozensets(st.sampled_from(list(Role)), max_size=3).filter(lambda roles: not clashes(roles))


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    roles = draw(role_sets)
    restricted = draw(subset(CLIENTS))
    keys = Keys(held_by(roles), restricted, draw(subset(CLIENTS)) & restricted)
    sites = draw(subset(SITES))
    return Actor(
        id=STAFF[0],
        agency=bytes(16),
        roles=roles,
        keyring=keys,
        sites=sites,
        open_sites=sites & draw(subset(SITES)),
        covers=draw(subset(STAFF[1:])),
        glass=draw(subset(CLIENTS)),
    )


@st.composite
def client_facts(draw: st.DrawFn) -> ClientFacts:
    return ClientFacts(
        client=draw(st.sampled_from(CLIENTS)),
        site=draw(st.sampled_from(SITES)),
        caseworkers=draw(subset(STAFF)),
        advocates=draw(subset(STAFF)),
        denied=draw(subset(STAFF)),
        resident_at=draw(subset(SITES)),
    )
