"""Whether the ledger of facts and the records agree: what `doctor` asks a holder of facts.

Nobody holds the keys of both sides, so numbers are compared: how many clients, stays, matters, interviews and requests
turned away there are, and of how many the ledger knows. No fact is named.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from shelter.clients.models import Client, ClientCoded
from shelter.db import db
from shelter.desk.models import RequestTurnedAway
from shelter.legal.models import Matter
from shelter.policy.actor import Actor
from shelter.reports import ledger
from shelter.stays.models import Stay
from shelter.trail.models import Trail

_GO_BY_TIME = frozenset({"turned_away"})
"""Facts that stay where their records went by the clock."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One kind of fact: `records` that should have told one, and `facts` that count.

    With `outlive` there may be more facts: their records went by the clock, the coarse fact stays.
    """

    what: str
    records: int
    facts: int
    outlive: bool = False

    @property
    def holds(self) -> bool:
        return self.records == self.facts or (self.outlive and self.facts > self.records)


def agreements(actor: Actor) -> list[Agreement]:
    """Raises `NoKey` for those who may not open facts."""
    waiting = ledger.waiting_facts(actor)
    told = list(ledger.standing_of(ledger.everything(actor), waiting).facts())
    purged = db.session.scalar(select(Trail.seq).where(Trail.act == "purged").limit(1)) is not None
    rows = {
        "person": select(func.count())
        .select_from(Client)
        .where(Client.identity.is_not(None)),  # an arrival at night waits
        "stay": select(func.count())
        .select_from(Stay)
        .join(Client, Client.id == Stay.client_id)
        .where(Stay.state != "undone", Client.state != "erased"),  # the days of a bed outlive whose they were
        "matter": select(func.count()).select_from(Matter),
        "happened": select(func.count()).select_from(ClientCoded).where(ClientCoded.happened.is_not(None)),
        "herself": select(func.count()).select_from(ClientCoded).where(ClientCoded.herself.is_not(None)),
        "turned_away": select(func.count()).select_from(RequestTurnedAway),
    }
    return [
        Agreement(
            what,
            db.session.scalar(query) or 0,
            sum(fact.what == what for fact in told),
            outlive=purged and what in _GO_BY_TIME,
        )
        for what, query in rows.items()
    ]
