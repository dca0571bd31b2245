"""What the page of a person says of where she sleeps."""

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.stays.queries.history import StayView, views_of
from shelter.trail.record import note_read


def in_short(actor: Actor, client: Client) -> tuple[StayView, ...] | None:
    """Her stays, newest first; None for a reader who may not know them."""
    decision = decide(actor, Act.STAYS_READ, scope.facts_of(client))
    if not decision.allowed:
        return None
    note_read(actor, Act.STAYS_READ, [client.id], decision.clause)
    return tuple(views_of(actor, client))
