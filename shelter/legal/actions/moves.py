"""She moved: whom the law asks to tell, each receipt number apart, with the address that will stand there."""

from msgspec.structs import replace

from shelter.db import new_id
from shelter.legal import reckoning
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import TellMove
from shelter.legal.models import Due
from shelter.legal.reckoning import MOVES, receipts_of
from shelter.policy.actor import Actor
from shelter.rules.addresses import warning
from shelter.rules.broken import Broken
from shelter.rules.deadlines import Facts


def tell_move(actor: Actor, command: TellMove) -> list[Due]:
    """The dates by which each office and, with a T, U or VAWA case, each receipt number has the new address.

    Raises `Broken` for an address that one of their forms may not take, unless it was planned with counsel.
    """
    with working(actor, command.code, command.matter) as work:
        rules = [rule for rule in MOVES if rule in work.kind.rules]
        if not rules:
            raise Broken("legal.nobody_to_tell")
        if command.address and not command.address_planned:
            for form in sorted({MOVES[rule] for rule in rules}):
                found = warning(form, command.address, command.on)
                if found is not None:
                    raise Broken(found.key, field="address")
        known = work.dates().dates
        fresh = [due for rule in rules for due in _told(rule, command, work) if not _stands(due, known)]
        work.keep_dates([*known, *fresh])
    return fresh


def _told(rule: str, command: TellMove, work: Work) -> list[Due]:
    due = reckoning.of_rule(rule, command.on, Facts(), work.stamp, work.book)
    papers = work.papers()
    each = sorted(receipts_of(papers.filings, papers.notices)) if MOVES[rule] == "AR-11" and work.kind.protected else []
    return [due, *(replace(due, id=new_id(), about=receipt) for receipt in each)]


def _stands(due: Due, known: list[Due]) -> bool:
    """Whether the same is open already, told of the same move."""
    return any(reckoning.same_count(one, due) and one.about == due.about and one.end is None for one in known)
