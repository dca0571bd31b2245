"""The only place that commits.

A write transaction takes SQLite's write lock when it begins, so that what it read is still true when
it writes; on PostgreSQL it is an ordinary transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from shelter.db.base import db
from shelter.db.engine import WRITE


@contextmanager
def write_transaction() -> Iterator[scoped_session[Session]]:
    """Commits when the block ends, rolls back when it raises; everything or nothing."""
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changed outside a transaction")
    session.commit()
    session.connection(execution_options={WRITE: True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def abandon() -> None:
    """Gives up whatever this request has read or begun, so that what follows starts from a sound state."""
    db.session.rollback()
