"""Who can go along or stand in, and what would fall due while somebody is away."""

from dataclasses import dataclass
from datetime import date

from shelter.accounts.queries import Colleague, CoverOnScreen, colleagues, my_absences, who_may_stand_in
from shelter.clients import scope
from shelter.clients.queries import agency_today
from shelter.legal.team import eyes_on
from shelter.policy.actor import Actor
from shelter.policy.acts import Act


@dataclass(frozen=True, slots=True)
class Away:
    """What the page of a hand-over offers: colleagues who may stand in, and what is arranged already."""

    colleagues: tuple[Colleague, ...]
    arranged: tuple[CoverOnScreen, ...]
    today: date


def away(actor: Actor) -> Away:
    ids = who_may_stand_in(actor)
    return Away(tuple(colleagues(actor, ids)) if ids else (), tuple(my_absences(actor)), agency_today())


def companions(actor: Actor, code: str) -> list[Colleague]:
    """Who of the legal staff may read this client's matters, and so may go along. Raises `Missing`."""
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MATTERS_READ)
    return colleagues(actor, sorted(eyes_on([client.id])[client.id]))
