"""Whether the chain holds: by itself, and against heads that were kept where this machine cannot change them."""

from dataclasses import dataclass

from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.trail.heads import Kept, copies, first_unlike, of_lines
from shelter.trail.proof import Proof, prove
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Standing:
    """The chain by itself, the files of heads that this machine keeps, and heads that somebody brought along.

    `unlike` is the place of the first head brought along that the chain does not have, 0 where it has them all.
    """

    proof: Proof
    copies: list[Kept]
    brought: int = 0
    unlike: int = 0


def proof(actor: Actor, brought: str = "") -> Standing:
    """The whole chain walked now, held against every head that is known. Raises `Broken` where a line is no head."""
    require(actor, Act.AUDIT_READ)
    note_read(actor, Act.AUDIT_READ, [])
    try:
        heads = of_lines(brought)
    except ValueError:
        raise Broken("auditing.no-head", "heads") from None
    return Standing(prove(), copies(), len(heads), first_unlike(heads))
