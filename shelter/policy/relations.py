"""The relations between a person and a client, each a claim that is true or not.

A relation is named here once; `holds` answers it from facts in memory, and the database room builds
the same claim as SQL, so that a list and a single record can never disagree.
"""

from enum import StrEnum

from shelter.policy.actor import Actor, ClientFacts


class Relation(StrEnum):
    ASSIGNED = "assigned"
    """She is the client's caseworker, or covers for the one who is."""
    ADVOCATE = "advocate"
    """She has a matter with the client, or covers for the one who has."""
    AT_MY_SITE = "at-my-site"
    """The client's file belongs to a site where she works."""
    AT_MY_OPEN_SITE = "at-my-open-site"
    """The same, at a site whose caseworkers open every client."""
    RESIDENT_HERE = "resident-here"
    """The client sleeps tonight at a site where she works, or was taken in at its door and has no bed yet."""
    BROKE_GLASS = "broke-glass"
    """She opened the client's record in an emergency, with a reason, within the hour."""
    NOT_DENIED = "not-denied"
    """Nobody has entered a conflict of interest between the two."""


def holds(relation: Relation, actor: Actor, facts: ClientFacts) -> bool:
    """Whether `relation` is true of this person and this client."""
    mine = actor.covers | {actor.id}
    match relation:
        case Relation.ASSIGNED:
            return bool(mine & facts.caseworkers)
        case Relation.ADVOCATE:
            return bool(mine & facts.advocates)
        case Relation.AT_MY_SITE:
            return facts.site in actor.sites
        case Relation.AT_MY_OPEN_SITE:
            return facts.site in actor.open_sites
        case Relation.RESIDENT_HERE:
            return bool(actor.sites & facts.resident_at)
        case Relation.BROKE_GLASS:
            return facts.client in actor.glass
        case Relation.NOT_DENIED:
            return actor.id not in facts.denied
