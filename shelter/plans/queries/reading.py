"""Whose plan it is and whether it may be read; every read of the room begins here."""

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read


def readable(actor: Actor, code: str, act: Act = Act.PLANS_READ) -> Client:
    """`Missing` outside her scope, `Denied` where plans are not hers; the read is written down."""
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PLANS_READ)
    decision = scope.allowed(actor, act, client)
    note_read(actor, act, [client.id], decision.clause)
    return client
