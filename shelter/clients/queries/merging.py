"""Two records of one person: which belong together, and both side by side before a supervisor says so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import MERGE, Client, Merge
from shelter.db import db
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.settings.queries import limit


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merge that stands: which record is kept, who said so, and until when it can be undone."""

    gone: str
    kept: str
    by: str
    at: datetime
    until: datetime

    @property
    def can_be_undone(self) -> bool:
        return now() <= self.until


def other_codes(client: bytes) -> tuple[str, ...]:
    """The codes of her other records, the one that was kept first; ids and codes only, nothing is opened."""
    other = aliased(Merge)
    kept = select(Client.code).join(Merge, Merge.kept_id == Client.id).where(Merge.gone_id == client)
    gone = select(Client.code).join(other, other.gone_id == Client.id).where(other.kept_id == client)
    return (*db.session.scalars(kept), *sorted(db.session.scalars(gone)))


def merged_with(actor: Actor, client: Client) -> list[Client]:
    """The records that were merged into this one, as far as this reader may open them."""
    mine = select(Merge.gone_id).where(Merge.kept_id == client.id)
    rows = db.session.scalars(select(Client).where(Client.id.in_(mine), scope.scope(actor, Act.CLIENTS_READ)))
    return sorted(rows, key=lambda one: one.code)


def records_of_hers(actor: Actor, client: Client, act: Act) -> list[Client]:
    """This record first, then what else belongs to the same person and is open to this reader for `act`.

    The caller has asked whether she may do it with this one.
    """
    kept = client.merged_into or client.id
    same = or_(Client.id == kept, Client.merged_into == kept) & (Client.id != client.id)
    query = select(Client).where(same, scope.scope(actor, Act.CLIENTS_READ)).order_by(Client.code)
    others = list(db.session.scalars(query))
    facts = scope.facts_of_many(others) if others else {}
    return [client, *(one for one in others if scope.may_with(actor, act, facts[one.id]))]


def apart_from_the_kept(code: str) -> str:
    """What a merged record's files are called by beside those of the record that was kept: its code, or nothing."""
    merged = select(Client.code).where(Client.code == code, Client.merged_into.is_not(None))
    return f"{code}-" if db.session.scalar(merged) else ""


def merges(actor: Actor, code: str) -> list[MergeView]:
    """The merges in which this record has a part, for who may undo them."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    scope.allowed(actor, Act.CLIENTS_MERGE, client)
    rows = db.session.scalars(select(Merge).where(or_(Merge.gone_id == client.id, Merge.kept_id == client.id))).all()
    codes = _codes({one for row in rows for one in (row.gone_id, row.kept_id)})
    found = []
    for row in rows:
        about = open_section(actor, row, MERGE)
        if about is not None:
            until = about.at + timedelta(days=limit("merge_undo_days"))
            by = names_of(actor, {about.by}).get(about.by, "")
            found.append(MergeView(codes[row.gone_id], codes[row.kept_id], by, about.at, until))
    return found


def _codes(ids: Collection[bytes]) -> dict[bytes, str]:
    return {row.id: row.code for row in db.session.execute(select(Client.id, Client.code).where(Client.id.in_(ids)))}
