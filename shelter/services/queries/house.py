"""Whom the desk can enter a service for: those who sleep here, by what the desk calls them."""

from sqlalchemy import select

from shelter.clients import scope
from shelter.clients.models import DESK_CARD, Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read


def in_the_house(actor: Actor) -> list[tuple[str, str]]:
    """(code, what to call her), by name; one without a name comes last."""
    query = select(Client).where(Client.state == "open", scope.scope(actor, Act.SERVICES_HOUSE))
    people = list(db.session.scalars(query.order_by(Client.code)))
    note_read(actor, Act.SERVICES_HOUSE, [one.id for one in people])
    cards = open_each(actor, [row_of(one, DESK_CARD) for one in people], DESK_CARD).values
    called = [(one.code, card.working_name if card else "") for one, card in zip(people, cards, strict=True)]
    return sorted(called, key=lambda pair: (pair[1] == "", pair[1].casefold(), pair[0]))
