"""One more version of something of the book, numbered after the last."""

import msgspec
from sqlalchemy import func, select

from shelter.db import db
from shelter.lawbook.models import LawVersion
from shelter.policy.actor import Actor
from shelter.rules.clock import now


def keep(actor: Actor, kind: str, text: msgspec.Struct, *, state: str = "in_force") -> int:
    """One more row, in the caller's transaction; its number."""
    number = (db.session.scalar(select(func.max(LawVersion.number))) or 0) + 1
    written = msgspec.json.encode(text).decode()
    row = LawVersion(number=number, kind=kind, state=state, text=written, made_by=actor.id, made_at=now())
    db.session.add(row)
    return number
