"""What a member's keys do for others while she is here: hand on what they wait for, leave what is not hers."""

from shelter.accounts.occasions import Slices, in_slices, when_somebody_is_here
from shelter.db.keyring import keyring_of
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.policy.kinds import held_by
from shelter.policy.roles import Role
from shelter.stewards import renewing
from shelter.stewards.membership import deliver, leave_what_is_not_mine, to_leave, undelivered
from shelter.trail.record import recorded

_marks_seen: dict[bytes, tuple[bytes, frozenset[bytes]]] = {}
_looked: dict[bytes, tuple[bytes, frozenset[bytes]]] = {}
"""Where each person stood when nothing waited for her; both only save looking again and may be lost at any time."""


def hand_on(actor: Actor) -> None:
    """Delivers waiting keys. Looks only where the signed list, or what she holds, has changed since she last did."""
    held = keyring_of(actor).held()
    if not held:
        return
    place = (current_roll().head.hash, held)
    if _looked.get(actor.id) == place:
        return
    if undelivered(actor):
        with recorded(actor, "keys-delivered") as unit:
            unit.detail["grants"] = deliver(actor)
    _looked[actor.id] = place


def leave_rosters(actor: Actor) -> None:
    """A founder leaves the rosters that her roles do not need, once another member and the kit open them."""
    keyring = keyring_of(actor)
    kinds = held_by(actor.roles)
    needed = {compartment for kind in kinds if (compartment := keyring.find(kind))}
    if not actor.has(Role.STEWARD) or keyring.held() <= needed or not to_leave(actor):
        return
    with recorded(actor, "rosters-left") as unit:
        unit.detail["rosters"] = leave_what_is_not_mine(actor)


def begin_renewals(actor: Actor) -> None:
    """New keys for compartments that somebody was taken off. Looks only where the signed list or she has changed."""
    held = keyring_of(actor).held()
    if not held:
        return
    place = (current_roll().head.hash, held)
    if _marks_seen.get(actor.id) != place:
        renewing.begin(actor)
        _marks_seen[actor.id] = (current_roll().head.hash, held)


def renewals_wait(actor: Actor) -> bool:
    """Whether data keys that she can wrap again are still under an older key."""
    return bool(keyring_of(actor).held()) and bool(renewing.unfinished(actor))


when_somebody_is_here(begin_renewals)
when_somebody_is_here(hand_on)
when_somebody_is_here(leave_rosters)
in_slices(Slices(renewals_wait, renewing.go_on))
