"""What an erasing takes out of spreadsheets: her lines of what was made, and what waits, which may name anybody."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from shelter.db import db
from shelter.db.forgetting import destroy_keys
from shelter.db.keyring import keyring_of
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.sheets import staging
from shelter.sheets.models import SheetImport, SheetPart, SheetRows


def take_out(actor: Actor, clients: Collection[bytes], at: datetime) -> None:
    """In the caller's transaction. Whom rows that wait are about nobody can tell: every such file is thrown away, as
    drafts are; it is a day old at most, and whoever sent it has it still.

    Own numbers stand in what people were made of, which lies under the key of advocacy that an eraser holds. A
    part under another key names ids alone.
    """
    for waiting in db.session.scalars(select(SheetImport.id).where(SheetImport.state == "waiting")).all():
        staging.throw_away(waiting)
    keyring, hers = keyring_of(actor), frozenset(clients)
    for part in db.session.scalars(select(SheetRows).where(SheetRows.sheet == staging.MADE)).all():
        if keyring.holds(staging.section_of(part).kind):
            _without(actor, part, hers, at)


def _without(actor: Actor, part: SheetRows, clients: frozenset[bytes], at: datetime) -> None:
    """The others' lines, sealed anew under a key of their own; the key that opened hers is gone from backups too."""
    text = open_section(actor, part, staging.section_of(part))
    if not isinstance(text, SheetPart):
        return
    others = [one for one in text.made if one.client not in clients]
    if len(others) == len(text.made):
        return
    staging.put(actor, db.session.get_one(SheetImport, part.import_id), part.sheet, part.place, SheetPart(made=others))
    destroy_keys([part.id], at)
    db.session.delete(part)
    db.session.flush()
