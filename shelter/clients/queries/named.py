"""Names that become known in a file, hers or of somebody who endangers her: told at once to whoever compares names."""

from collections.abc import Callable

from shelter.clients.models import Client, Identity
from shelter.policy.actor import Actor
from shelter.rules.names import normalise

Listener = Callable[[Actor, Client], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Called by a higher feature that wants every new name, in the transaction that saves it."""
    if listener not in _listeners:
        _listeners.append(listener)


def names_in(identity: Identity) -> frozenset[str]:
    """Names on papers and other names, of her and of who endangers her; not what she likes to be called."""
    hers = (identity.legal_name, *identity.aliases)
    theirs = (name for one in identity.dangers for name in (*one.names, *one.aliases))
    return frozenset(normalise(name) for name in (*hers, *theirs) if name)


def told(actor: Actor, client: Client, old: Identity, new: Identity) -> None:
    """Tells the listeners where a name is new; one that went, or is spelt alike, is no news."""
    if names_in(new) - names_in(old):
        for listener in _listeners:
            listener(actor, client)
