"""The verified signed list: read from the database, believed only as far as it proves itself."""

from threading import Lock

from sqlalchemy import func, select

from shelter.crypto.errors import Unopenable
from shelter.crypto.roll import Roll
from shelter.crypto.statements import Statement, extend, verify_chain
from shelter.db.base import db
from shelter.db.deployment import deployment
from shelter.db.keystore import KeyStatement

_lock = Lock()
_verified: dict[bytes | None, Roll] = {}


def current_roll() -> Roll:
    """The list as it stands, verified up to the agency's fingerprint; cached by head.

    Raises `Unopenable` where a link does not hold or the list does not begin with our fingerprint.
    """
    fingerprint = deployment().fingerprint
    head = db.session.scalar(select(func.max(KeyStatement.seq)))
    with _lock:
        known = _verified.get(fingerprint)
        if known is not None and head is not None and known.head[0] <= head and _continues(known):
            roll = known
            for statement in _statements(after=known.head[0]):
                roll = extend(roll, statement)
        else:
            roll = verify_chain(_statements(after=-1), fingerprint)
        if fingerprint is not None:
            _verified[fingerprint] = roll
    return roll


def _continues(known: Roll) -> bool:
    """Whether the row we verified last is still the one in the database."""
    row = db.session.get(KeyStatement, known.head[0])
    return row is not None and as_statement(row).hash == known.head[1]


def _statements(after: int) -> list[Statement]:
    rows = db.session.scalars(select(KeyStatement).where(KeyStatement.seq > after).order_by(KeyStatement.seq))
    return [as_statement(row) for row in rows]


def as_statement(row: KeyStatement) -> Statement:
    return Statement.from_row(row.seq, row.prev, row.body, row.signatures)


def as_row(statement: Statement) -> KeyStatement:
    return KeyStatement(
        seq=statement.seq,
        prev=statement.prev,
        body=statement.body,
        signer=statement.signer,
        signatures=statement.encoded_signatures(),
    )


def signers_keys(roll: Roll, user: bytes) -> tuple[bytes, ...]:
    """Every Ed25519 key this person was ever bound with, to verify what she signed at the time."""
    keys = roll.signing_keys.get(user)
    if not keys:
        raise Unopenable
    return keys
