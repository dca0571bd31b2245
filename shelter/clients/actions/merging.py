"""Two records of one person become one to those who read them; nothing is moved and nothing is sealed again."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select

from shelter.accounts.emptying import take_about
from shelter.clients import scope
from shelter.clients.models import MERGE, Assignment, Client, Denial, Merge, MergeAbout
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.inbox import say_same
from shelter.db.sections import fill, open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.settings.queries import limit
from shelter.stewards.restricted import compartments_of
from shelter.trail.record import Unit, recorded


def merge(actor: Actor, gone_code: str, kept_code: str) -> None:
    """`gone` is read with `kept` from now on, by everybody who worked with either; whom a conflict shut out of one
    is shut out of both. `Broken` where one of them is merged already, `Missing` or `Denied` for one that is not hers.
    """
    if gone_code == kept_code:
        raise Broken("clients.same_record", "code")
    with recorded(actor, Act.CLIENTS_MERGE) as unit:
        gone, kept = (_both(actor, unit, code) for code in (gone_code, kept_code))
        either = (gone.id, kept.id)
        if db.session.scalars(select(Merge.id).where(or_(Merge.gone_id.in_(either), Merge.kept_id == gone.id))).first():
            raise Broken("clients.merged_already", "code")
        inside = {one.id: _belong(one) for one in (gone, kept)}
        if (inside[gone.id] is None) != (inside[kept.id] is None):
            raise Broken("clients.merge-restricted", "code")
        row = Merge(gone_id=gone.id, kept_id=kept.id)
        assigned, denied = _share_team(gone, kept, inside), _share_denials(gone, kept)
        for client, staff in denied:
            take_about(actor, client, [staff], scope.facts_of(gone).advocates)
        fill(actor, row, MERGE, MergeAbout(by=actor.id, at=now(), assigned=assigned, denied=denied))
        db.session.add(row)
        gone.merged_into = kept.id
        say_same(actor, gone.id, kept.id, (row.id, 1))


def undo_merge(actor: Actor, gone_code: str) -> None:
    """Two records again, each with the team it had; `Broken` when it is too long ago."""
    with recorded(actor, Act.CLIENTS_MERGE) as unit:
        gone = _both(actor, unit, gone_code)
        row = db.session.scalars(select(Merge).where(Merge.gone_id == gone.id)).first()
        about = open_section(actor, row, MERGE) if row else None
        if row is None or about is None:
            raise Missing
        days = limit("merge_undo_days")
        if now() > about.at + timedelta(days=days):
            raise Broken("clients.merged_long_ago", values={"days": days})
        unit.about(row.kept_id)
        for client, staff, kind in about.assigned:
            _forget(Assignment, client, staff, Assignment.kind == kind)
        for client, staff in about.denied:
            _forget(Denial, client, staff)
        say_same(actor, gone.id, row.kept_id, (row.id, 2), undone=True)
        gone.merged_into = None
        db.session.delete(row)


def _both(actor: Actor, unit: Unit, code: str) -> Client:
    return scope.for_change(actor, unit, code, Act.CLIENTS_MERGE)


def _belong(client: Client) -> frozenset[bytes] | None:
    """Who alone may work with a restricted person, from the signature on; None for everybody else."""
    owns = compartments_of([client.id])
    return frozenset(one for own in owns for one in own.members) if owns else None


def _share_team(
    gone: Client, kept: Client, inside: dict[bytes, frozenset[bytes] | None]
) -> list[tuple[bytes, bytes, str]]:
    """Everybody who works with one works with both, who may know both; what was added is kept, to be taken back."""
    added = []
    for one, other in ((gone, kept), (kept, gone)):
        known = inside[other.id]
        for row in db.session.scalars(select(Assignment).where(Assignment.client_id == one.id)).all():
            if known is not None and row.staff_id not in known:
                continue
            if db.session.get(Assignment, (other.id, row.staff_id, row.kind)) is None:
                db.session.add(Assignment(client_id=other.id, staff_id=row.staff_id, kind=row.kind))
                added.append((other.id, row.staff_id, row.kind))
    return added


def _share_denials(gone: Client, kept: Client) -> list[tuple[bytes, bytes]]:
    added = []
    for one, other in ((gone, kept), (kept, gone)):
        for row in db.session.scalars(select(Denial).where(Denial.client_id == one.id)).all():
            if db.session.get(Denial, (other.id, row.staff_id)) is None:
                db.session.add(Denial(client_id=other.id, staff_id=row.staff_id))
                added.append((other.id, row.staff_id))
    return added


def _forget(model: type[Assignment] | type[Denial], client: bytes, staff: bytes, *more: ColumnElement[bool]) -> None:
    conditions = [model.client_id == client, model.staff_id == staff, *more]
    db.session.execute(delete(model).where(*conditions))
