"""What goes into the archive and what stays, with the reason; and sealed structs as JSON that explains itself."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import LargeBinary, Table

from shelter.db import Base
from shelter.db.sections import Sealed, Section
from shelter.exchange.models import KeptCells

LEFT_OUT = {
    "calendar_entry": "copies of dates under a calendar's own key; the dates are in the matters",
    "calendar_feed": "addresses that a calendar program reads",
    "draft": "unfinished words under one person's own key",
    "inbox": "counted facts on their way; the records they were made of are here",
    "invitation": "ends by itself",
    "key_dek": "a key, useless outside",
    "key_grant": "a key, useless outside",
    "key_tombstone": "ids of people who were erased",
    "key_user": "a key, useless outside",
    "key_version": "a key, useless outside",
    "lease": "means something on the machine that runs now",
    "message": "notices to one person",
    "pseudonym_key": "a key, useless outside",
    "running": "means something on the machine that runs now",
    "section_copy": "a copy of a section for one person; the section is here",
    "segment": "directories and ledgers packed from records that are here",
    "session": "means something on the machine that runs now",
    "staged_import": "an import that is not finished",
    "staged_row": "an import that is not finished",
    "stay_undo": "gone after ten minutes",
    "throttle": "means something on the machine that runs now",
    "used_challenge": "means something on the machine that runs now",
}
"""Tables that are not taken along. Any other table is, also one that somebody adds later."""
UNSECTIONED = {("dropped_referral", "dropped"), ("trail_detail", "sealed")}
"""Sealed columns that are no sections of a record; opened by their own rooms."""


def taken_along() -> list[Table]:
    """Every table of the export, those that others point to first."""
    return [one for one in Base.metadata.sorted_tables if one.name not in LEFT_OUT]


def sealed_models() -> Iterator[tuple[Any, Section[Any]]]:
    """Every section of a table that is taken along."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        model: Any = mapper.class_
        if issubclass(model, Sealed) and model.__table__.name not in LEFT_OUT:
            yield from ((model, section) for section in model.sections.values())


def plain_columns(table: Table) -> list[str]:
    """The columns that are not sealed, as they stand in the CSV file of a table."""
    sealed = {section.name for model, section in sealed_models() if model.__table__ is table}
    sealed |= {column for name, column in UNSECTIONED if name == table.name}
    return [str(one.name) for one in table.columns if one.name not in sealed]


def cell(value: Any) -> str:
    """One value of a CSV file: ids and hashes in hexadecimal, days and instants in ISO 8601, yes and no."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case bytes():
            return value.hex()
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def readable(value: Any) -> Any:
    """A sealed struct as JSON has it: the same names, bytes in hexadecimal, imported cells as texts."""
    match value:
        case KeptCells():
            cells = msgspec.msgpack.decode(value.cells, type=list[str])
            return {"key": value.key, "digest": value.digest.hex(), "cells": cells, "aside": value.aside}
        case msgspec.Struct():
            return {name: readable(getattr(value, name)) for name in value.__struct_fields__}
        case dict():
            return {cell(key): readable(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [readable(each) for each in value]
        case bytes() | datetime() | date():
            return cell(value)
        case _:
            return value


def kind_of_column(table: Table, name: str) -> str:
    """What a column of a CSV file holds, for the file that explains them."""
    column = table.columns[name]
    points = next(iter(column.foreign_keys), None)
    if points is not None:
        return f"id of {points.column.table.name}"
    if isinstance(column.type, LargeBinary):
        return "hexadecimal"
    return {"Boolean": "yes or no", "Date": "day", "Instant": "instant, UTC", "Integer": "number"}.get(
        type(column.type).__name__, "text"
    )


def schema_of(section: Section[Any]) -> dict[str, Any]:
    """JSON Schema of the value of a section, as `readable` writes it."""
    found: dict[str, Any] = _in_hexadecimal(msgspec.json.schema(section.struct))
    kept = found.get("$defs", {}).get("KeptCells")
    if kept is not None:
        texts = {"type": "array", "items": {"type": "string"}}
        names = {"key": {"type": "string"}, "digest": {"type": "string"}, "cells": texts, "aside": {"type": "boolean"}}
        found["$defs"]["KeptCells"] = {"type": "object", "properties": names}
    return found


def _in_hexadecimal(schema: Any) -> Any:
    if isinstance(schema, dict):
        if schema.get("contentEncoding") == "base64":
            schema = schema | {"contentEncoding": "base16"}
        return {key: _in_hexadecimal(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_in_hexadecimal(one) for one in schema]
    return schema
