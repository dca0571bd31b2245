"""Which compartments are to have a new key: read off the signed list, so that no mark can be lost or put there."""

from sqlalchemy import select

from shelter.accounts.models import Staff
from shelter.crypto.bodies import KeyVersion, Roster, Unbind, decode_body
from shelter.db import db
from shelter.db.keystore import KeyStatement
from shelter.db.roll import as_statement, current_roll


def marked() -> frozenset[bytes]:
    """Compartments that somebody was taken off by another's signature since their newest key was made.

    Who leaves a roster by her own signature, as a founder does after setup, marks nothing.
    """
    return frozenset(_read()[0])


def to_renew() -> frozenset[bytes]:
    """The same, and those of somebody who has left and whom no steward has unbound yet."""
    found, members = _read()
    gone = frozenset(db.session.scalars(select(Staff.id).where(Staff.state == "left")))
    return frozenset(found | {one for one, there in members.items() if there & gone})


def _read() -> tuple[set[bytes], dict[bytes, frozenset[bytes]]]:
    current_roll()  # the list is believed only once it has proved itself
    members: dict[bytes, frozenset[bytes]] = {}
    found: set[bytes] = set()
    for row in db.session.scalars(select(KeyStatement).order_by(KeyStatement.seq)):
        body, signers = decode_body(row.body), {each.signer for each in as_statement(row).signatures}
        match body:
            case Roster():
                gone = members.get(body.compartment, frozenset()) - set(body.members)
                members[body.compartment] = frozenset(body.members)
                found |= {body.compartment} if gone - signers else set()
            case Unbind():
                found |= {one for one, there in members.items() if body.user in there}
                members = {one: there - {body.user} for one, there in members.items()}
            case KeyVersion():
                found.discard(body.compartment)
    return found, members
