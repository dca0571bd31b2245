"""What higher rooms do with a person's keys while she is here: at sign-in, when she unlocks, in her posts.

Nothing that runs without a signed-in person opens sealed data, so such work waits for somebody who may do it.
"""

import logging
from collections.abc import Callable

from shelter.db.transaction import abandon
from shelter.policy.actor import Actor

Duty = Callable[[Actor], object]
_duties: list[Duty] = []
log = logging.getLogger("shelter")


def when_somebody_is_here(duty: Duty) -> None:
    """Registers work that opens a transaction of its own; called once, when the application is made."""
    if duty not in _duties:
        _duties.append(duty)


def do_what_waits(actor: Actor) -> None:
    """Each duty by itself: one that fails is tried again at the next occasion and stops nobody's own work."""
    for duty in _duties:
        try:
            duty(actor)
        except Exception:
            abandon()
            log.exception("duty failed %s", duty.__name__)
