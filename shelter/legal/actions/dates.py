"""The dates of a matter: counted, looked at by a second person, done, replaced with a reason; none is ever removed."""

from datetime import date

from msgspec.structs import replace

from shelter.db import new_id
from shelter.db.errors import Conflict
from shelter.legal import reckoning
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import AddDate, AddRemedy, ConfirmDate, FinishDate, MissDate, ReopenDate, ReplaceDate
from shelter.legal.models import Due, End, Remedy
from shelter.legal.reckoning import require_past
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken


def add_date(actor: Actor, command: AddDate) -> Due:
    """A date that a rule counts from a day other than a notice's. Raises `Broken` as the rule does."""
    with working(actor, command.code, command.matter) as work:
        due = work.count_date(command)
        work.add_date(due)
    return due


def confirm_date(actor: Actor, command: ConfirmDate) -> None:
    """A second look. Raises `Broken` for who set the date herself, `Conflict` where it holds no longer."""
    with working(actor, command.code, command.matter) as work:
        due = work.open_date(command.due)
        if not reckoning.waits_for_look(due):
            raise Conflict("matter", "dates")
        look = reckoning.looked_at(due, work.stamp, others=bool(work.others()))
        work.keep_dates(work.with_date(replace(due, look=look)))


def replace_date(actor: Actor, command: ReplaceDate) -> None:
    """Another day, or none, with a reason; the one that stood before stays, superseded. A new day wants a new look."""
    if not command.why:
        raise Broken("legal.say_why", field="why")
    with working(actor, command.code, command.matter) as work:
        due = work.open_date(command.due)
        if command.day == due.day:
            raise Broken("legal.same_day", field="day")
        fresh = _moved(due, work, command.day, command.why) if command.day else None
        ended = replace(due, end=_end(work, "superseded", command.why, fresh))
        work.keep_dates([*work.with_date(ended), fresh] if fresh else work.with_date(ended))
        work.ask_for_look(fresh)


def finish_date(actor: Actor, command: FinishDate) -> None:
    """Done on a day, with what was done. Raises `Broken` for a day after today, or before that which it counts from.

    What counts from a day still to come when it was set, such as the end of a status, may be done before that day.
    """
    with working(actor, command.code, command.matter) as work:
        due = work.open_date(command.due)
        require_past(command.on, work.stamp, "on")
        begun = due.trigger_date <= due.set_on
        if due.kind == "due" and begun and command.on < min(due.trigger_date, due.day):
            raise Broken("legal.done_before_begun", field="on")
        end = replace(_end(work, "done", command.what, None), on=command.on)
        work.keep_dates(work.with_date(replace(due, end=end)))


def miss_date(actor: Actor, command: MissDate) -> None:
    """A day that passed undone: how it came about and what was done goes into the register. Raises `Broken`."""
    if not command.happened:
        raise Broken("legal.say_what_happened", field="happened")
    if not command.done:
        raise Broken("legal.say_what_was_done", field="done")
    with working(actor, command.code, command.matter) as work:
        due = work.open_date(command.due)
        if due.day >= work.stamp.on:
            raise Broken("legal.not_missed_yet", field="happened")
        first = Remedy(what=command.done, by=work.stamp.by, at=work.stamp.at)
        end = replace(_end(work, "missed", command.happened, None), remedies=(first,))
        work.keep_dates(work.with_date(replace(due, end=end)))


def add_remedy(actor: Actor, command: AddRemedy) -> None:
    """What was done since about a date in the register. Raises `Conflict` for one that is not in it, and where a line
    was added that she has not seen: sent twice, it stands there once.
    """
    if not command.done:
        raise Broken("legal.say_what_was_done", field="done")
    with working(actor, command.code, command.matter) as work:
        due = work.find_date(command.due)
        if due.end is None or due.end.how != "missed":
            raise Conflict("matter", "dates")
        if command.seen not in (None, len(due.end.remedies)):
            raise Conflict("matter", "dates")
        more = Remedy(what=command.done, by=work.stamp.by, at=work.stamp.at)
        end = replace(due.end, remedies=(*due.end.remedies, more))
        work.keep_dates(work.with_date(replace(due, end=end)))


def reopen_date(actor: Actor, command: ReopenDate) -> None:
    """Not done after all: the same date stands again in a line of its own, its confirmation with it."""
    with working(actor, command.code, command.matter) as work:
        due = work.find_date(command.due)
        if due.end is None or due.end.how != "done" or due.end.next is not None:
            raise Conflict("matter", "dates")
        fresh = replace(due, id=new_id(), end=None)
        ended = replace(due, end=replace(due.end, next=fresh.id))
        work.keep_dates([*work.with_date(ended), fresh])


def _moved(due: Due, work: Work, day: date, why: str) -> Due:
    stamp = work.stamp
    fresh = replace(due, id=new_id(), day=day, override=why, look=None)
    return replace(fresh, by=stamp.by, at=stamp.at, set_on=stamp.on)


def _end(work: Work, how: str, why: str, fresh: Due | None) -> End:
    stamp = work.stamp
    return End(how=how, by=stamp.by, at=stamp.at, on=stamp.on, why=why, next=fresh.id if fresh else None)
