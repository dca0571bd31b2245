"""The plaintext twin of a client as a table of columns, with a trigram index over its names where there is one."""

from typing import Any

import msgspec
from sqlalchemy import JSON, Engine, Integer, LargeBinary, MetaData, String, Table, column, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from shelter.clients.models import Identity
from tests.bench.crowd import Invented


class PlainBase(DeclarativeBase):
    """Tables of the peer, which no migration knows."""

    metadata = MetaData()


_LISTS = frozenset({"aliases", "birth", "languages", "contact", "dangers", "skipped", "parts"})

PlainClient: Any = type(
    "PlainClient",
    (PlainBase,),
    {
        "__tablename__": "bench_plain_client",
        "id": mapped_column(LargeBinary(16), primary_key=True),
        "code": mapped_column(String(12), unique=True),
        "site_id": mapped_column(LargeBinary(16), index=True),
        "state": mapped_column(String(12)),
        "names": mapped_column(String),
        "desk_card": mapped_column(JSON),
        **{
            name: mapped_column(JSON if name in _LISTS else Integer if name == "entry" else String, nullable=True)
            for name in Identity.__struct_fields__
        },
    },
)


def table() -> Table:
    found: Table = PlainClient.__table__
    return found


def values(one: Invented, site: bytes) -> dict[str, Any]:
    """One row; `names` is what the index reads."""
    fields: dict[str, Any] = msgspec.to_builtins(one.identity)
    names = " ".join((one.identity.legal_name, *one.identity.aliases, one.identity.working_name))
    card = msgspec.to_builtins(one.card)
    return {
        "id": one.id,
        "code": one.code,
        "site_id": site,
        "state": "open",
        "names": names,
        "desk_card": card,
    } | fields


def index(engine: Engine) -> None:
    """The trigram index over the names: pg_trgm's GIN, or SQLite's own trigram tokenizer."""
    name = column("names").name
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("create extension if not exists pg_trgm"))
            connection.execute(text(f"create index bench_trgm on bench_plain_client using gin({name} gin_trgm_ops)"))
            return
        connection.execute(text("create virtual table bench_trgm using fts5(names, tokenize='trigram')"))
        connection.execute(text(f"insert into bench_trgm(rowid, names) select rowid, {name} from bench_plain_client"))
