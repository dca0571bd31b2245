"""Who was written down at the door and has no bed yet, because the house waits for the conflict check: the desk sees
her all the same. As SQL, and the same in memory.
"""

from sqlalchemy import ColumnElement, exists, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.keyring import chunks
from shelter.desk.models import IntakeItem
from shelter.policy.actor import Actor
from shelter.stays.models import Stay

_NO_BED = ~exists().where(Stay.client_id == IntakeItem.client_id, Stay.state != "undone")


def _claim(actor: Actor | scope.Reach) -> ColumnElement[bool]:
    """Asked from the files that wait, which are few."""
    waits = select(IntakeItem.client_id).where(_NO_BED)
    return Client.site_id.in_(actor.sites) & Client.id.in_(waits)


def _lookup(client_ids: list[bytes]) -> dict[bytes, frozenset[bytes]]:
    found: dict[bytes, frozenset[bytes]] = {}
    for part in chunks(client_ids):
        query = select(Client.id, Client.site_id).join(IntakeItem, IntakeItem.client_id == Client.id)
        rows = db.session.execute(query.where(Client.id.in_(part), _NO_BED)).all()
        found |= {client: frozenset({site}) for client, site in rows if site}
    return found


scope.register_residents(_claim, _lookup)
