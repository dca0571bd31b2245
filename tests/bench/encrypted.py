"""The peer of a type decorator: clients whose nineteen fields are columns of sqlalchemy-utils' StringEncryptedType."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, load_only, mapped_column
from sqlalchemy_utils import StringEncryptedType
from sqlalchemy_utils.types.encrypted.encrypted_type import AesEngine

from shelter.clients.models import Birth, ContactRule, Identity
from shelter.clients.queries.card import age_on, agency_today
from shelter.clients.queries.contact import confirmation_lasts, safest
from shelter.clients.queries.people import PersonRow
from shelter.db import db
from tests.bench.crowd import Invented

KEY = "a key in the configuration of the server"
WHOLE = frozenset({"working_name", "hmis_personal_id", "birth", "contact"})
"""What a list page shows."""


def _secret() -> StringEncryptedType:
    return StringEncryptedType(String, KEY, AesEngine, "pkcs5")


class PeerBase(DeclarativeBase):
    """Tables of the peer, which no migration knows."""


def _columns() -> dict[str, Any]:
    return {name: mapped_column(_secret()) for name in Identity.__struct_fields__}


EncryptedClient: Any = type(
    "EncryptedClient",
    (PeerBase,),
    {
        "__tablename__": "bench_encrypted_client",
        "__annotations__": {"id": Mapped[bytes]},
        "id": mapped_column(LargeBinary(16), primary_key=True),
        **_columns(),
    },
)


def lay_down(people: list[Invented]) -> None:
    """Creates the table and fills it with the same people."""
    PeerBase.metadata.create_all(db.engine)
    with db.engine.begin() as connection:
        connection.execute(EncryptedClient.__table__.insert(), [_row(one) for one in people])


def _row(one: Invented) -> dict[str, Any]:
    fields = msgspec.to_builtins(one.identity)
    return {"id": one.id} | {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()
    }


def whole_entities(actor: object, rows: Sequence[Any]) -> list[PersonRow]:
    """The lines of a page as its users write them: entities by their ids."""
    return _lines(rows, select(EncryptedClient))


def shown_columns(actor: object, rows: Sequence[Any]) -> list[PersonRow]:
    """The same by somebody who asks only for the columns that the page shows."""
    shown = load_only(*(getattr(EncryptedClient, name) for name in sorted(WHOLE)))
    return _lines(rows, select(EncryptedClient).options(shown))


def _lines(rows: Sequence[Any], query: Any) -> list[PersonRow]:
    found = db.session.scalars(query.where(EncryptedClient.id.in_([row.id for row in rows]))).all()
    codes, day, lasts = {row.id: row.code for row in rows}, agency_today(), confirmation_lasts()
    return [
        PersonRow(
            code=codes[one.id],
            called=one.working_name or one.hmis_personal_id,
            age=age_on(msgspec.convert(json.loads(one.birth), Birth), day),
            contact=safest(msgspec.convert(json.loads(one.contact), list[ContactRule]), day, lasts),
        )
        for one in found
    ]
