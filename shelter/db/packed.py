"""Tables of the two packed stores: segments (directory, facts) and the inbox of facts."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shelter.db.base import Base, Id, own_id


class Segment(Base):
    """Up to 4,096 entries sealed as one message under the data key of their scope.

    `store` says which packed store it belongs to (directory, phones, facts ...), `scope_id` whose.
    """

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("store", "scope_id", "no"),)

    id: Mapped[bytes] = own_id()
    store: Mapped[str] = mapped_column(String(16))
    scope_id: Mapped[bytes] = mapped_column(Id)
    compartment_id: Mapped[bytes] = mapped_column(Id)
    no: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes]


class Inbox(Base):
    """A sealed batch of facts waiting to be folded; no time, no order, no plain id of anybody."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_compartment", "compartment_id"),)

    id: Mapped[bytes] = own_id()
    compartment_id: Mapped[bytes] = mapped_column(Id)
    ck_version: Mapped[int]
    sealed: Mapped[bytes]
