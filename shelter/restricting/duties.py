"""What a member's keys do while she is here: take a restricted client's records over, and seal files anew in slices."""

from shelter.accounts.occasions import Slices, in_slices, when_somebody_is_here
from shelter.db.keyring import keyring_of
from shelter.db.roll import current_roll
from shelter.policy.actor import Actor
from shelter.restricting import lifting, moving

_looked: dict[bytes, tuple[bytes, frozenset[bytes]]] = {}
"""Where each person stood when nothing waited for her; it only saves looking again and may be lost at any time."""


def begin(actor: Actor) -> None:
    """Looks only where the signed list, or what she holds, has changed since she last did."""
    held = keyring_of(actor).held()
    place = (current_roll().head.hash, held)
    if not held or _looked.get(actor.id) == place:
        return
    moving.begin(actor)
    _looked[actor.id] = (current_roll().head.hash, keyring_of(actor).held())


def register() -> None:
    """Called once, when the application is made."""
    when_somebody_is_here(begin)
    in_slices(Slices(moving.waits, moving.go_on))
    in_slices(Slices(lifting.waits, lifting.go_on))
