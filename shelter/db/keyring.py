"""The keys of one signed-in person, for the length of one request."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from sqlalchemy import bindparam, select

from shelter.crypto.compartments import (
    CompartmentKey,
    grant_context,
    key_id_of,
    open_grant,
    open_own_key,
    open_private_half,
    seal_key_for_owner,
)
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.userkey import open_under_user_key, seal_under_user_key
from shelter.db.base import db
from shelter.db.errors import NoKey
from shelter.db.keystore import Compartment, KeyGrant, KeyUser, KeyVersion
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class GrantRow:
    version: int
    sealed: bytes


_BORN = (
    Compartment.client_id.is_(None)
    | select(KeyVersion.version).where(KeyVersion.compartment_id == Compartment.id).exists()
)
"""One of a restricted client counts from the moment that it has a key: until then what is hers lies where it lay."""
_RESTRICTED = select(Compartment.id).where(Compartment.client_id.is_not(None), _BORN)
_GRANTS = (
    select(Compartment.id, Compartment.kind, Compartment.client_id, KeyGrant.version, KeyGrant.wrap, KeyGrant.sealed)
    .outerjoin(
        KeyGrant,
        (KeyGrant.compartment_id == Compartment.id)
        & (KeyGrant.member_id == bindparam("me"))
        & (KeyGrant.member_kind == "user"),
    )
    .where(_BORN)
    .order_by(Compartment.id, KeyGrant.version)
)
"""Every compartment, with somebody's grants of it."""


class Keyring:
    """Opens compartment keys lazily under the user key; nothing here outlives the request.

    Only grants already sealed under her user key count; fresh HPKE grants are taken in at sign-in or in her next POST.
    One of a newer key of what she holds already counts at once, so that a renewal never shuts anybody out.
    """

    def __init__(self, *, agency: bytes, user_id: bytes, uk: bytes, uk_id: bytes) -> None:
        self.agency = agency
        self.user_id = user_id
        self._uk = uk
        self._uk_id = uk_id
        self._grants: dict[bytes, list[GrantRow]] = {}
        self._agency_wide: dict[Kind, bytes] = {}
        self._restricted: dict[tuple[Kind, bytes], bytes] = {}
        self._secrets: dict[tuple[bytes, int], bytes] = {}
        self._missed: set[tuple[bytes, int]] = set()
        self._load()

    def _load(self) -> None:
        rows = db.session.execute(_GRANTS, {"me": self.user_id})
        fresh: list[tuple[bytes, GrantRow]] = []
        for compartment, kind, client, version, wrap, sealed in rows:
            if client is None:
                self._agency_wide[Kind(kind)] = compartment
            else:
                self._restricted[Kind(kind), client] = compartment
            if wrap == "uk":
                self._grants.setdefault(compartment, []).append(GrantRow(version, sealed))
            elif wrap == "hpke":
                fresh.append((compartment, GrantRow(version, sealed)))
        for compartment, grant in fresh:
            if compartment in self._grants:
                self._count_fresh(compartment, grant)

    def _count_fresh(self, compartment: bytes, grant: GrantRow) -> None:
        """A key that nobody signed, or that was not sealed to her, is left where it is."""
        try:
            roll = current_roll()
            signed = roll.key_version(compartment, grant.version)
            context = grant_context(self.agency, compartment, grant.version, self.user_id)
            secret = open_grant(self.exchange_private, self.user_id, grant.sealed, context, signed.commitment)
            if self.user_id not in roll.members(compartment):
                return
        except Unopenable:
            return
        self._secrets[compartment, grant.version] = secret
        self._grants[compartment].append(grant)
        self._grants[compartment].sort(key=lambda one: one.version)

    def reload(self) -> None:
        """Reads her grants again: a key was renewed since this request began, or a compartment is no more."""
        self._grants.clear()
        self._restricted.clear()
        self._load()

    # -- what policy asks -------------------------------------------------

    def holds(self, kind: Kind, client: bytes | None = None) -> bool:
        compartment = self.find(kind, client)
        return compartment is not None and compartment in self._grants

    def find(self, kind: Kind, client: bytes | None = None) -> bytes | None:
        """The compartment where this kind of content lives (of this client, where she is restricted)."""
        if client is not None and (kind, client) in self._restricted:
            return self._restricted[kind, client]
        return self._agency_wide.get(kind)

    def compartment(self, kind: Kind, client: bytes | None = None) -> bytes:
        found = self.find(kind, client)
        if found is None:
            raise NoKey(kind)
        return found

    def held(self) -> frozenset[bytes]:
        """The compartments of which she holds a key."""
        return frozenset(self._grants)

    def held_of(self, kind: Kind) -> list[bytes]:
        """The compartments of one kind of which she holds a key: the agency's and those of restricted clients."""
        known = [self._agency_wide.get(kind), *(c for (k, _), c in self._restricted.items() if k == kind)]
        return [compartment for compartment in known if compartment is not None and compartment in self._grants]

    def has(self, compartment: bytes, version: int) -> bool:
        """Whether she holds this version of a compartment's key."""
        return any(grant.version == version for grant in self._grants.get(compartment, ()))

    def restricted_clients(self) -> frozenset[bytes]:
        return frozenset(client for _, client in self._restricted)

    def is_outdated(self) -> bool:
        """Whether somebody got or lost a compartment of her own since this was read: what is sealed now might miss."""
        return set(db.session.scalars(_RESTRICTED)) != set(self._restricted.values())

    # -- compartment keys -------------------------------------------------

    def newest_version(self, compartment: bytes) -> int:
        """The newest version of the compartment's key that she holds; `NoKey` if she holds none."""
        grants = self._grants.get(compartment)
        if not grants:
            raise NoKey(compartment.hex())
        return grants[-1].version

    def secret(self, compartment: bytes, version: int) -> bytes:
        """The compartment key itself."""
        known = self._secrets.get((compartment, version))
        if known is None:
            known = self._open_grant(compartment, version)
            self._secrets[compartment, version] = known
        return known

    def _open_grant(self, compartment: bytes, version: int) -> bytes:
        grant = self._grant(compartment, version)
        if grant is None and (compartment, version) not in self._missed:
            self._missed.add((compartment, version))
            self.reload()
            grant = self._grant(compartment, version)
        if grant is None:
            raise NoKey(compartment.hex())
        known = self._secrets.get((compartment, version))
        if known is not None:  # came fresh with the reload
            return known
        return open_own_key(self._uk, self._uk_id, self.agency, self.user_id, compartment, version, grant.sealed)

    def _grant(self, compartment: bytes, version: int) -> GrantRow | None:
        return next((one for one in self._grants.get(compartment, ()) if one.version == version), None)

    def private_halves(self, compartment: bytes) -> dict[int, bytes]:
        """The X25519 private halves of every version so far, by version."""
        newest = self.newest_version(compartment)
        row = db.session.get(KeyVersion, (compartment, newest))
        if row is None:
            raise Unopenable
        return open_private_half(self.secret(compartment, newest), row.private_sealed, self.agency, compartment, newest)

    def private_half(self, compartment: bytes, version: int) -> bytes:
        """The private half of one version, to open what somebody sealed to the compartment."""
        halves = self.private_halves(compartment)
        if version not in halves:
            raise Unopenable
        return halves[version]

    def compartment_key(self, compartment: bytes, version: int | None = None) -> CompartmentKey:
        """A version of the key with both halves, for renewing and for granting to others; the newest unless named."""
        version = self.newest_version(compartment) if version is None else version
        row = db.session.get(KeyVersion, (compartment, version))
        if row is None:
            raise Unopenable
        return CompartmentKey(
            compartment=compartment,
            version=version,
            secret=self.secret(compartment, version),
            private=self.private_half(compartment, version),
            public=row.public,
        )

    def key_id(self, compartment: bytes, version: int) -> bytes:
        """The id of a version; of one that is retired by now the signed list knows it."""
        if self.has(compartment, version):
            return key_id_of(self.secret(compartment, version))
        return current_roll().key_version(compartment, version).id

    def own_grant(self, key: CompartmentKey) -> KeyGrant:
        """A key that she has just made, kept under her own user key."""
        sealed = seal_key_for_owner(
            self._uk, self._uk_id, self.agency, self.user_id, key.compartment, key.version, key.secret
        )
        return KeyGrant(
            compartment_id=key.compartment, version=key.version, member_id=self.user_id, wrap="uk", sealed=sealed
        )

    # -- what is hers alone -----------------------------------------------

    def seal_own(self, label: Label, section: str, plaintext: bytes) -> bytes:
        return seal_under_user_key(self._uk, self._uk_id, label, self.agency, self.user_id, section, plaintext)

    def open_own(self, label: Label, section: str, sealed: bytes) -> bytes:
        return open_under_user_key(self._uk, self._uk_id, label, self.agency, self.user_id, section, sealed)

    @cached_property
    def _key_user(self) -> KeyUser:
        row = db.session.get(KeyUser, self.user_id)
        if row is None:
            raise Unopenable
        return row

    @cached_property
    def signing_private(self) -> bytes:
        return self.open_own(Label.PRIVATE, "signing", self._key_user.signing_sealed)

    @cached_property
    def exchange_private(self) -> bytes:
        return self.open_own(Label.PRIVATE, "exchange", self._key_user.exchange_sealed)


def keyring_of(actor: Actor) -> Keyring:
    """The concrete keyring behind the protocol that policy knows."""
    return cast(Keyring, actor.keyring)


def chunks(ids: Iterable[K], size: int = 500) -> Iterable[list[K]]:
    """Ids or numbers in portions that fit one IN list on both databases."""
    rest = list(dict.fromkeys(ids))
    for start in range(0, len(rest), size):
        yield rest[start : start + size]
