"""Every change of a setting is one more row that is never changed: what, to what, by whom and when.

Services, funds and languages are nothing but such rows; the others stand in tables of their own as they are now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, select

from shelter.accounts.queries import names_of
from shelter.db import db
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.clock import now
from shelter.settings.models import ListVersion
from shelter.trail.record import note_read, serialise

PAGE = 100
FIELD, PICK, LIMIT, SITE, LANGUAGE = "field", "pick", "limit", "site", "language"


@dataclass(frozen=True, slots=True)
class Change:
    """One version of one setting: `kind` and `code` say which, `values` what it was set to, by name."""

    number: int
    kind: str
    code: str
    values: dict[str, str]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """One page, the newest first. `older` and `newer` are numbers to ask with, None where there is no such page."""

    shown: list[Change]
    older: int | None
    newer: int | None


def keep(actor: Actor, kind: str, code: str, **values: object) -> None:
    """One more version, in the caller's transaction."""
    add_row(actor, kind, code, msgspec.json.encode(values).decode())


def add_row(actor: Actor, kind: str, code: str, text: str) -> None:
    """The same of a text that is written already; numbers are given one at a time."""
    serialise()
    number = (db.session.scalar(select(func.max(ListVersion.number))) or 0) + 1
    db.session.add(ListVersion(number=number, kind=kind, code=code, text=text, made_by=actor.id, made_at=now()))
    db.session.flush()


def changes(actor: Actor, before: int | None = None, after: int | None = None) -> Changes:
    """What was decided here, those before a number or after one."""
    require(actor, Act.SETTINGS_MANAGE)
    note_read(actor, Act.SETTINGS_MANAGE, [])
    query = select(ListVersion).limit(PAGE + 1)
    older: int | None
    if after is not None:
        rows = list(db.session.scalars(query.where(ListVersion.number > after).order_by(ListVersion.number)))
        more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        older, newer = after + 1, (rows[0].number if more else None)
    else:
        query = query if before is None else query.where(ListVersion.number < before)
        rows = list(db.session.scalars(query.order_by(ListVersion.number.desc())))
        more, rows = len(rows) > PAGE, rows[:PAGE]
        older, newer = (rows[-1].number if more else None), (None if before is None else before - 1)
    names = names_of(actor, {row.made_by for row in rows})
    shown = [
        Change(row.number, row.kind, row.code, _values(row.text), names.get(row.made_by, ""), row.made_at)
        for row in rows
    ]
    return Changes(shown, older, newer)


def _values(text: str) -> dict[str, str]:
    found: dict[str, Any] = msgspec.json.decode(text)
    return {name: _said(value) for name, value in found.items() if name != "code" and value not in ("", None, {}, [])}


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{name}: {one}" for name, one in value.items())
        case list() | tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
