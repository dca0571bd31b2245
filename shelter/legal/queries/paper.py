"""Who could receive a paper of a matter: the live releases that cover her name and copies from it."""

from shelter.legal.queries.matters import readable
from shelter.policy.actor import Actor
from shelter.releases.queries import Cover, covering

ITEMS = ("name", "legal_papers")
"""What a recipient of any paper learns: her name, and copies from her matter."""


def covers(actor: Actor, code: str) -> list[Cover]:
    """Raises `Missing` outside the reader's scope."""
    client, _ = readable(actor, code)
    return covering(actor, client, ITEMS)
