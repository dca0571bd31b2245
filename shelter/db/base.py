"""What every table shares: names of constraints, ids made in the constructor, UTC instants."""

import os
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, LargeBinary, MetaData, TypeDecorator, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID_BYTES = 16
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> bytes:
    """16 random bytes; ids are made here, never by the database, so that sealing can bind them."""
    return os.urandom(ID_BYTES)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps it without zone and gives it back with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = LargeBinary(ID_BYTES)
"""The column type of ids."""


class Base(DeclarativeBase):
    """All tables; ids and other defaults are there from the constructor on, and nothing prints its contents."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {bytes: LargeBinary, datetime: Instant}

    def __init__(self, **values: Any) -> None:
        mapper = inspect(type(self))
        for attribute in mapper.column_attrs:
            default = attribute.columns[0].default
            if attribute.key not in values and default is not None and default.is_scalar:
                values[attribute.key] = default.arg
            elif attribute.key not in values and default is not None and default.is_callable:
                values[attribute.key] = default.arg(None)
        for key, value in values.items():
            if key not in mapper.column_attrs:
                raise TypeError(key)
            setattr(self, key, value)

    def __repr__(self) -> str:
        row_id = getattr(self, "id", b"")
        return f"<{type(self).__name__} {row_id.hex() if isinstance(row_id, bytes) else row_id}>"


def own_id() -> Mapped[bytes]:
    """The primary key of a table with ids of its own."""
    return mapped_column(Id, primary_key=True, default=new_id)


_OPTIONS: dict[str, Any] = {"expire_on_commit": False}
db = SQLAlchemy(metadata=Base.metadata, session_options=_OPTIONS)
