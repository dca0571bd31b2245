"""What becomes of an open date that a changed rule counts otherwise: taken or kept by somebody, never by itself."""

from msgspec.structs import replace

from shelter.db.errors import Conflict
from shelter.legal import reckoning
from shelter.legal.actions.work import working
from shelter.legal.commands import DecideDate
from shelter.legal.models import End
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken


def decide_date(actor: Actor, command: DecideDate) -> None:
    """Takes the day that the rule counts now, superseding the one before, or keeps that one with a reason.

    Raises `Conflict` where the date or the rule changed meanwhile.
    """
    if not command.take and not command.why:
        raise Broken("legal.say_why", field="why")
    with working(actor, command.code, command.matter) as work:
        due = work.open_date(command.due)
        asked = reckoning.asked_about(due, work.book)
        if asked is None or asked.version != command.version:
            raise Conflict("matter", "dates")
        if not command.take:
            kept = replace(due, kept_over=asked.version, kept_why=command.why)
            work.keep_dates(work.with_date(kept))
            return
        fresh = reckoning.counted_anew(due, asked, work.stamp)
        stamp = work.stamp
        why = command.why or f"{asked.rule_id} {asked.version}"
        end = End(how="superseded", by=stamp.by, at=stamp.at, on=stamp.on, why=why, next=fresh.id)
        work.keep_dates([*work.with_date(replace(due, end=end)), fresh])
        work.ask_for_look(fresh)
