"""The questions the other rooms ask: may she, must she, why may she, and which clauses make a list."""

from dataclasses import dataclass
from datetime import datetime

from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.errors import Denied, NotFromHere, StepUpNeeded
from shelter.policy.relations import holds
from shelter.policy.roles import Role
from shelter.policy.table import NEEDS, OFFICE, STEP_UP, TABLE, Clause, about_a_client


@dataclass(frozen=True, slots=True)
class Decision:
    """`clause` is the one that allowed it, for the trail and for the page that explains access."""

    allowed: bool
    clause: str = ""


DENIED = Decision(False)
_OFFICERS = frozenset({Role.STEWARD, Role.ADMINISTRATOR})


def decide(actor: Actor, act: Act, facts: ClientFacts | None = None) -> Decision:
    """Whether `actor` may do `act`, to the client of `facts` where the act is about a client.

    Pure: the same arguments always give the same answer. An act about a client without facts is denied.
    """
    if facts is None and about_a_client(act):
        return DENIED
    if not holds_keys(actor, act, facts.client if facts else None):
        return DENIED
    for clause in clauses(actor, act):
        if facts is None or all(holds(relation, actor, facts) for relation in clause.relations):
            return Decision(True, str(clause))
    return DENIED


def clauses(actor: Actor, act: Act) -> tuple[Clause, ...]:
    """The clauses that her roles put in play: what the SQL scope of a list is built from."""
    return tuple(clause for clause in TABLE.get(act, ()) if clause.role in actor.roles)


def holds_keys(actor: Actor, act: Act, client: bytes | None = None) -> bool:
    return all(actor.keyring.holds(kind, client) for kind in NEEDS.get(act, ()))


def may_ever(actor: Actor, act: Act) -> bool:
    """Whether her role could do this to somebody: what a route asks before it looks at any record."""
    return bool(clauses(actor, act)) and holds_keys(actor, act)


def require(actor: Actor, act: Act, facts: ClientFacts | None = None) -> Decision:
    """The decision, or `Denied`."""
    decision = decide(actor, act, facts)
    if not decision.allowed:
        raise Denied(act)
    return decision


def require_office(actor: Actor, act: Act, *, is_near: bool, passkeys_only: bool) -> None:
    """Raises `NotFromHere` for work of an office from elsewhere, or, where it is demanded, without a passkey."""
    if act not in OFFICE or not actor.roles & _OFFICERS:
        return
    if not is_near:
        raise NotFromHere(act, "network")
    if passkeys_only and not actor.by_passkey:
        raise NotFromHere(act, "passkey")


def require_step_up(actor: Actor, act: Act, at: datetime) -> None:
    """Raises `StepUpNeeded` where the act wants a recent confirmation and there is none."""
    if act in STEP_UP and (actor.step_up_until is None or actor.step_up_until < at):
        raise StepUpNeeded
