"""Every write of the plan's room: whom it is about, whether it may be, and its row in the trail."""

from collections.abc import Iterator
from contextlib import contextmanager

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import recorded


@contextmanager
def writing(actor: Actor, code: str, act: Act = Act.PLANS_WRITE) -> Iterator[Client]:
    """The client, locked, inside the transaction. `Missing` for whom she cannot see, `Denied` where it is not hers."""
    with recorded(actor, act) as unit:
        yield scope.for_change(actor, unit, code, act)
