"""The first statements of an agency: genesis, and the birth of every agency-wide compartment.

Runs once, inside setup. Each founder's keys and the kit's sign; the founder holds every key until a
colleague whose work needs it has opened it, then she leaves that roster.
"""

from dataclasses import dataclass

from shelter.accounts.keys import OwnKeys
from shelter.crypto.bodies import Genesis, KitKeys, Person, Roster, id_set
from shelter.crypto.compartments import (
    CompartmentKey,
    grant_context,
    grant_to,
    new_compartment_key,
    seal_key_for_owner,
    seal_private_half,
)
from shelter.crypto.kit import Kit
from shelter.crypto.roll import Roll
from shelter.crypto.statements import extend, first_statement, next_statement, verify_chain
from shelter.db import db, new_id
from shelter.db.keystore import Compartment, KeyGrant, KeyVersion
from shelter.db.roll import as_row
from shelter.policy.kinds import Kind

NOT_BORN = frozenset({Kind.CLINICAL})
"""Off until an agency turns it on."""


@dataclass(frozen=True, slots=True)
class Founded:
    """What the configuration must keep: the agency's id and the fingerprint that never changes."""

    agency: bytes
    fingerprint: bytes


def found(agency: bytes, founders: list[OwnKeys], kit: Kit, *, fictional: bool) -> Founded:
    """Writes genesis, rosters, key versions and grants in the caller's transaction."""
    genesis = Genesis(
        agency=agency,
        fictional=fictional,
        founders=tuple(sorted((_person(one) for one in founders), key=lambda one: one.user)),
        kit=_kit_keys(kit),
    )
    first = first_statement(genesis, [*_signers(founders), (kit.id, kit.signing.private)])
    db.session.add(as_row(first))
    roll = verify_chain([first], None)
    for kind in Kind:
        if kind not in NOT_BORN:
            roll = _give_birth(roll, kind, founders, kit)
    db.session.flush()
    return Founded(agency, roll.fingerprint)


def _person(keys: OwnKeys) -> Person:
    return Person(keys.user_id, keys.exchange.public, keys.signing.public)


def _kit_keys(kit: Kit) -> KitKeys:
    return KitKeys(1, kit.exchange.public, kit.signing.public, kit.backup.public)


def _signers(founders: list[OwnKeys]) -> list[tuple[bytes, bytes]]:
    return [(one.user_id, one.signing.private) for one in founders]


def _give_birth(roll: Roll, kind: Kind, founders: list[OwnKeys], kit: Kit) -> Roll:
    """A compartment with its first key, sealed to the founders and the kit."""
    compartment = Compartment(id=new_id(), kind=kind.value)
    db.session.add(compartment)
    key = new_compartment_key(compartment.id, 1)
    members = id_set({one.user_id for one in founders} | {roll.kit_id})
    lead = founders[0]
    signer = [(lead.user_id, lead.signing.private)]
    for body in (Roster(compartment.id, members, id_set(roll.stewards)), key.statement()):
        statement = next_statement(roll, body, signer)
        db.session.add(as_row(statement))
        roll = extend(roll, statement)
    _store_key(roll.agency, key, {})
    for one in founders:
        db.session.add(_under_her_key(roll.agency, one, key))
    db.session.add(sealed_to(roll, key, roll.kit_id, "kit"))
    return roll


def _store_key(agency: bytes, key: CompartmentKey, earlier: dict[int, bytes]) -> None:
    db.session.add(
        KeyVersion(
            compartment_id=key.compartment,
            version=key.version,
            key_id=key.id,
            public=key.public,
            private_sealed=seal_private_half(key, earlier, agency),
        )
    )


def _under_her_key(agency: bytes, own: OwnKeys, key: CompartmentKey) -> KeyGrant:
    sealed = seal_key_for_owner(own.uk, own.uk_id, agency, own.user_id, key.compartment, key.version, key.secret)
    return KeyGrant(
        compartment_id=key.compartment, version=key.version, member_id=own.user_id, wrap="uk", sealed=sealed
    )


def sealed_to(roll: Roll, key: CompartmentKey, member: bytes, member_kind: str) -> KeyGrant:
    """A grant by HPKE to a bound member or to the kit."""
    context = grant_context(roll.agency, key.compartment, key.version, member)
    return KeyGrant(
        compartment_id=key.compartment,
        version=key.version,
        member_kind=member_kind,
        member_id=member,
        wrap="hpke",
        sealed=grant_to(roll.exchange_public(member), member, key, context),
    )
