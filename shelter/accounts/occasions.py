"""What higher rooms do with a person's keys while she is here: at sign-in, when she unlocks, in her posts.

Nothing that runs without a signed-in person opens sealed data, so such work waits for somebody who may do it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from shelter.db import fence
from shelter.db.transaction import abandon
from shelter.policy.actor import Actor

Duty = Callable[[Actor], object]


@dataclass(frozen=True, slots=True)
class Slices:
    """Work that is done a slice at a time; `waits` says quickly whether there is any for her."""

    waits: Callable[[Actor], bool]
    go_on: Duty


_duties: list[Duty] = []
_slices: list[Slices] = []
log = logging.getLogger("shelter")


def when_somebody_is_here(duty: Duty) -> None:
    """Registers work that opens a transaction of its own; called once, when the application is made."""
    if duty not in _duties:
        _duties.append(duty)


def in_slices(work: Slices) -> None:
    """Registers long work: a slice of at most a second, after the answer to one of her own requests has left."""
    if work not in _slices:
        _slices.append(work)


def do_what_waits(actor: Actor) -> None:
    """Each duty by itself: one that fails is tried again at the next occasion and stops nobody's own work.

    From here on she works in this request; to nobody the database would show no row about anybody.
    """
    fence.enter(actor.id)
    for duty in _duties:
        _try(duty, actor)


def slices_waiting(actor: Actor) -> list[Duty]:
    """The long work that she could go on with now."""
    return [work.go_on for work in _slices if _try(work.waits, actor)]


def do_slices(actor: Actor, waiting: list[Duty]) -> None:
    """One slice of each."""
    for go_on in waiting:
        _try(go_on, actor)


def _try(duty: Duty, actor: Actor) -> object:
    try:
        return duty(actor)
    except Exception:
        abandon()
        log.exception("duty failed %s", getattr(duty, "__name__", "duty"))
        return None
