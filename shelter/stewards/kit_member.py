"""The recovery kit as a member like any other: a keyring from its private half, never kept beyond one request."""

from sqlalchemy import select

from shelter.crypto.compartments import grant_context, open_grant
from shelter.crypto.kit import Kit
from shelter.crypto.roll import Roll
from shelter.db import db
from shelter.db.keyring import GrantRow, Keyring
from shelter.db.keystore import KeyGrant
from shelter.policy.actor import Actor


class KitKeyring(Keyring):
    """Opens the grants that were sealed to the kit. Raises Unopenable for one that is not its key."""

    def __init__(self, kit: Kit, roll: Roll) -> None:
        self._kit, self._roll = kit, roll
        super().__init__(agency=roll.agency, user_id=kit.id, uk=b"", uk_id=b"")

    def _load(self) -> None:
        super()._load()
        mine = select(KeyGrant).where(KeyGrant.member_id == self._kit.id, KeyGrant.member_kind == "kit")
        for grant in db.session.scalars(mine.order_by(KeyGrant.version)):
            signed = self._roll.key_version(grant.compartment_id, grant.version)
            context = grant_context(self.agency, grant.compartment_id, grant.version, self._kit.id)
            secret = open_grant(self._kit.exchange.private, self._kit.id, grant.sealed, context, signed.commitment)
            self._secrets[grant.compartment_id, grant.version] = secret
            self._grants.setdefault(grant.compartment_id, []).append(GrantRow(grant.version, grant.sealed))

    def all_held(self) -> list[tuple[bytes, int]]:
        """Every compartment and version of which it has the key."""
        return [(compartment, one.version) for compartment, grants in self._grants.items() for one in grants]


def kit_as_actor(kit: Kit, roll: Roll) -> Actor:
    """The kit where code asks for an actor: it holds keys and no role."""
    return Actor(id=kit.id, agency=roll.agency, roles=frozenset(), keyring=KitKeyring(kit, roll))
