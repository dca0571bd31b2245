"""A version of a compartment's key comes into force: signed, kept under its maker's user key, sealed to the others."""

from collections.abc import Mapping

from shelter.crypto.compartments import CompartmentKey, seal_private_half
from shelter.db import db
from shelter.db.keyring import keyring_of
from shelter.db.keystore import Compartment, KeyVersion
from shelter.policy.actor import Actor
from shelter.stewards.founding import sealed_to
from shelter.stewards.membership import entitled, say


def enact(actor: Actor, key: CompartmentKey, earlier: Mapping[int, bytes]) -> None:
    """In the caller's transaction; `earlier` are the private halves of the versions before this one.

    Raises Unopenable where the list's own rules refuse, as for who is not on the roster.
    """
    keyring = keyring_of(actor)
    roll = say(actor, key.statement())
    compartment = db.session.get_one(Compartment, key.compartment)
    others = entitled(compartment, roll.members(key.compartment), roll.kit_id) - {actor.id}
    db.session.add(
        KeyVersion(
            compartment_id=key.compartment,
            version=key.version,
            key_id=key.id,
            public=key.public,
            private_sealed=seal_private_half(key, dict(earlier), keyring.agency),
        )
    )
    db.session.add_all(sealed_to(roll, key, one, "kit" if one == roll.kit_id else "user") for one in sorted(others))
    db.session.add(keyring.own_grant(key))
