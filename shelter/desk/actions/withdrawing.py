"""An arrival taken back within its ten minutes: nobody came, so nothing of her is left but the trail."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from shelter.clients.models import ALERT, Assignment, Client, DoorAlert, Household, HouseholdMember, client_subject
from shelter.db import db
from shelter.db.aside import Message
from shelter.db.deks import discard
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.desk.asking import need_fresh
from shelter.desk.models import ConflictCheck, IntakeItem, RollMark
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.stays.beds import first_come, for_change
from shelter.stays.models import Stay
from shelter.trail.record import recorded


def withdraw(actor: Actor, undo_id: bytes, alert: bytes | None = None) -> None:
    """Beds, records, what was sealed at the door, their keys and the alert that was made with them are gone.

    `Missing` later than ten minutes, or where the arrival was not hers; Broken where a stay has changed since, or where
    somebody has written something about one of them.
    """
    with first_come(), recorded(actor, Act.STAYS_UNDO) as unit:
        act = for_change(actor, unit, undo_id)
        act.take_back(actor)
        if alert is not None:
            _drop_alert(actor, alert)
        try:
            _drop_people(list(db.session.scalars(select(Client).where(Client.id.in_(act.clients)))))
        except IntegrityError:
            raise Broken("desk.written_meanwhile") from None


def _drop_alert(actor: Actor, alert: bytes) -> None:
    row = db.session.get(DoorAlert, alert)
    value = open_section(actor, row, ALERT) if row is not None and row.site_id in actor.sites else None
    if row is None or value is None:
        raise Missing
    need_fresh(actor, value.by, value.at)
    db.session.execute(delete(DoorAlert).where(DoorAlert.id == alert))


def _drop_people(clients: list[Client]) -> None:
    """What an arrival makes, and no more: anything else about them refuses to be left without them."""
    ids = [client.id for client in clients]
    if any(client.identity_version for client in clients):
        raise Broken("desk.written_meanwhile")
    for item in db.session.scalars(select(IntakeItem).where(IntakeItem.client_id.in_(ids))):
        discard(item.subject())
    households = list(
        db.session.scalars(select(HouseholdMember.household_id).where(HouseholdMember.client_id.in_(ids)))
    )
    for model in (IntakeItem, ConflictCheck, RollMark, Stay, HouseholdMember, Assignment, Message):
        db.session.execute(delete(model).where(model.client_id.in_(ids)))
    db.session.execute(delete(Household).where(Household.id.in_(households)))
    db.session.execute(delete(Client).where(Client.id.in_(ids)))
    for client in ids:
        discard(client_subject(client))
