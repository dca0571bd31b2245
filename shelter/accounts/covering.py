"""Who wants to know that somebody stands in for a colleague, or does so no more."""

from collections.abc import Callable

from shelter.policy.actor import Actor

Follow = Callable[[Actor, bytes, bytes], None]
"""Called with who arranged it, who is away and who stands in, inside the transaction that begins or ends the cover."""

_followers: dict[str, Follow] = {}


def register_follower(name: str, follow: Follow) -> None:
    """A room that keeps something for whoever stands in names itself here, once."""
    _followers[name] = follow


def tell_followers(actor: Actor, for_staff: bytes, by_staff: bytes) -> None:
    """The cover has been written or deleted already: a follower reads what holds now."""
    for follow in _followers.values():
        follow(actor, for_staff, by_staff)
