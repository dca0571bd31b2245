"""What rooms above this one keep of a person outside her own rows: each says here how it takes her out of it."""

from collections.abc import Callable, Collection
from datetime import datetime

from shelter.policy.actor import Actor

Taker = Callable[[Actor, Collection[bytes], datetime], None]
_TAKERS: list[Taker] = []


def when_erased(taker: Taker) -> None:
    """From now on it is asked in every erasing of a whole file, in the eraser's transaction, before her rows go."""
    if taker not in _TAKERS:
        _TAKERS.append(taker)


def take_from_further(actor: Actor, clients: Collection[bytes], at: datetime) -> None:
    for taker in _TAKERS:
        taker(actor, clients, at)
