"""Who belongs, as the signed list says it: the state after a verified statement, the right to make the next.

A signer's right is judged at her place in the list. Any member rotates; only a steward admits; a change of
stewards needs two.
"""

from collections.abc import Mapping, Set
from copy import copy
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from shelter.crypto.bodies import (
    AnyBody,
    Binding,
    Genesis,
    KeyVersion,
    KitKeys,
    NewKit,
    Roster,
    Unbind,
    kit_id,
)
from shelter.crypto.errors import Unopenable

Signers: TypeAlias = Set[bytes]


class Head(NamedTuple):
    """The last place of a list: what a person's pin remembers and what the trail signs."""

    seq: int
    hash: bytes


class Members(NamedTuple):
    """Who may hold a compartment's key now, the kit among them, and the stewards named with them."""

    members: frozenset[bytes]
    stewards: frozenset[bytes]


def require(holds: bool) -> None:
    """Raises Unopenable unless it holds."""
    if not holds:
        raise Unopenable


@dataclass(eq=False)
class Roll:
    """The verified state of a signed list. Read it only: `statements.extend` answers a new one."""

    agency: bytes
    fictional: bool
    fingerprint: bytes
    kit: KitKeys
    kit_id: bytes
    bindings: dict[bytes, Binding] = field(default_factory=dict)
    stewards: frozenset[bytes] = frozenset()
    rosters: dict[bytes, Members] = field(default_factory=dict)
    key_versions: dict[tuple[bytes, int], KeyVersion] = field(default_factory=dict)
    newest: dict[bytes, int] = field(default_factory=dict)
    hashes: list[bytes] = field(default_factory=list)
    offices_changed_at: int = 1
    signing_keys: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    used_keys: set[bytes] = field(default_factory=set)

    @property
    def head(self) -> Head:
        """The place and the hash of the last statement."""
        return Head(len(self.hashes), self.hashes[-1])

    def members(self, compartment: bytes) -> frozenset[bytes]:
        """The user ids and the kit's id on the roster in force; empty for an unknown compartment."""
        roster = self.rosters.get(compartment)
        return roster.members if roster else frozenset()

    def newest_version(self, compartment: bytes) -> KeyVersion:
        """The key version to seal under. Raises Unopenable when the compartment has none."""
        return self.key_version(compartment, self.newest.get(compartment, 0))

    def key_version(self, compartment: bytes, version: int) -> KeyVersion:
        """A signed key version. Raises Unopenable when the list knows none."""
        found = self.key_versions.get((compartment, version))
        if found is None:
            raise Unopenable
        return found

    def binding(self, user: bytes) -> Binding:
        """The keys bound to a user now. Raises Unopenable for somebody who does not belong."""
        found = self.bindings.get(user)
        if found is None:
            raise Unopenable
        return found

    def exchange_public(self, member: bytes) -> bytes:
        """The X25519 key to seal to for a user or the kit. Raises Unopenable."""
        return self.kit.x25519 if member == self.kit_id else self.binding(member).x25519

    def signing_public(self, signer: bytes) -> bytes:
        """The Ed25519 key a user or the kit signs with now. Raises Unopenable."""
        return self.kit.ed25519 if signer == self.kit_id else self.binding(signer).ed25519

    def recipients(self, compartment: bytes) -> Mapping[bytes, bytes]:
        """X25519 public keys by member id: everybody on the roster in force."""
        return {member: self.exchange_public(member) for member in self.members(compartment)}

    def require_place(self, seq: int, hash_: bytes) -> None:
        """Returns only if the list has this statement at this place: a list cut short or told anew does not.

        Raises Unopenable.
        """
        require(1 <= seq <= len(self.hashes) and self.hashes[seq - 1] == hash_)

    def copied(self) -> "Roll":
        """A second roll that can change without this one."""
        other = copy(self)
        for name in ("bindings", "rosters", "key_versions", "newest", "hashes", "signing_keys", "used_keys"):
            setattr(other, name, getattr(self, name).copy())
        return other


def found(genesis: Genesis, signers: Signers, fingerprint: bytes) -> Roll:
    """The roll after the first statement. Raises Unopenable unless founders signed, the kit beside one."""
    kit = kit_id(genesis.agency)
    roll = Roll(genesis.agency, genesis.fictional, fingerprint, genesis.kit, kit)
    founders = {founder.user for founder in genesis.founders}
    require(kit not in founders and founders <= signers <= founders | {kit} and len(signers) >= 2)
    _use_new_keys(roll, genesis.kit.x25519, genesis.kit.ed25519, genesis.kit.backup)
    for founder in genesis.founders:
        _bind(roll, Binding(founder.user, founder.x25519, founder.ed25519))
    roll.stewards = frozenset(founders)
    roll.signing_keys[kit] = (genesis.kit.ed25519,)
    return roll


def needs_two(roll: Roll, body: AnyBody) -> bool:
    """Whether this would change who the stewards are or what they sign with, the kit counted among them."""
    match body:
        case NewKit():
            return True
        case Binding() | Unbind():
            return body.user in roll.stewards
        case Roster():
            return frozenset(body.stewards) != roll.stewards
        case _:
            return False


def apply(roll: Roll, body: AnyBody, signers: Signers) -> None:
    """Changes the roll by one statement. Raises Unopenable unless its signers may say this here."""
    if isinstance(body, KeyVersion):
        require(len(signers) == 1 and signers <= roll.members(body.compartment))
    elif needs_two(roll, body):
        in_office = signers <= roll.stewards | {roll.kit_id}
        require(len(signers) >= 2 and (in_office or _takes_office(roll, body, signers)))
        roll.offices_changed_at = len(roll.hashes) + 1
    else:
        require(len(signers) == 1 and signers <= roll.stewards)
    match body:
        case Binding():
            _bind(roll, body)
        case Unbind():
            _unbind(roll, body.user)
        case Roster():
            _enrol(roll, body)
        case KeyVersion():
            _add_version(roll, body)
        case NewKit():
            _replace_kit(roll, body.kit)
        case _:
            raise Unopenable


def _takes_office(roll: Roll, body: AnyBody, signers: Signers) -> bool:
    """Whether one who belongs takes the office for herself alone, with the kit, where every steward is gone.

    Members stay who they were: with this signature nobody is let in and nobody is put out.
    """
    people = signers - {roll.kit_id}
    if not isinstance(body, Roster) or roll.kit_id not in signers or len(people) != 1:
        return False
    same = frozenset(body.members) == roll.members(body.compartment)
    return people <= roll.bindings.keys() and frozenset(body.stewards) == people and same


def _use_new_keys(roll: Roll, *keys: bytes) -> None:
    # A key that was ever bound is never bound again: not to a second person, not after a suspected theft.
    require(roll.used_keys.isdisjoint(keys))
    roll.used_keys.update(keys)


def _bind(roll: Roll, body: Binding) -> None:
    require(body.user != roll.kit_id)
    _use_new_keys(roll, body.x25519, body.ed25519)
    roll.bindings[body.user] = body
    roll.signing_keys[body.user] = (*roll.signing_keys.get(body.user, ()), body.ed25519)


def _unbind(roll: Roll, user: bytes) -> None:
    require(user in roll.bindings and bool(roll.stewards - {user}))
    del roll.bindings[user]
    gone = {user}
    roll.stewards -= gone
    # Off every roster as well: bound again one day, she is not a member again by an old roster.
    for compartment, roster in roll.rosters.items():
        roll.rosters[compartment] = Members(roster.members - gone, roster.stewards - gone)


def _enrol(roll: Roll, body: Roster) -> None:
    members, stewards = frozenset(body.members), frozenset(body.stewards)
    require(roll.kit_id in members and members - {roll.kit_id} <= roll.bindings.keys())
    require(bool(stewards) and stewards <= roll.bindings.keys())
    roll.rosters[body.compartment] = Members(members, stewards)
    roll.stewards = stewards


def _add_version(roll: Roll, body: KeyVersion) -> None:
    require(body.version == roll.newest.get(body.compartment, 0) + 1)
    _use_new_keys(roll, body.commitment, body.public)
    roll.key_versions[body.compartment, body.version] = body
    roll.newest[body.compartment] = body.version


def _replace_kit(roll: Roll, kit: KitKeys) -> None:
    require(kit.number == roll.kit.number + 1)
    _use_new_keys(roll, kit.x25519, kit.ed25519, kit.backup)
    roll.kit = kit
    roll.signing_keys[roll.kit_id] += (kit.ed25519,)
