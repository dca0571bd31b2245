"""The dates of a matter: counted, looked at by a second person, done, replaced with a reason; none is ever removed."""

from datetime import date

from msgspec.structs import replace

from shelter.db import new_id
from shelter.db.errors import Conflict, Missing
from shelter.legal import reckoning
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import AddDate, ConfirmDate, FinishDate, ReopenDate, ReplaceDate
from shelter.legal.models import Due, End
from shelter.legal.reckoning import require_past
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.deadlines import Facts


def add_date(actor: Actor, command: AddDate) -> Due:
    """A date that a rule counts from a day other than a notice's. Raises `Broken` as the rule does."""
    with working(actor, command.code, command.matter) as work:
        if command.rule not in work.kind.rules:
            raise Broken("deadline.rule_unknown", field="rule")
        facts = Facts(printed=command.printed_date, mailed=command.mailed, today=work.stamp.on)
        due = reckoning.of_rule(command.rule, command.trigger_date, facts, work.stamp)
        work.keep_dates([*work.dates().dates, due])
        work.ask_for_look(due)
    return due


def confirm_date(actor: Actor, command: ConfirmDate) -> None:
    """A second look. Raises `Broken` for who set the date herself, `Conflict` where it holds no longer."""
    with working(actor, command.code, command.matter) as work:
        dates, due = _open(work, command.due)
        if not reckoning.waits_for_look(due):
            raise Conflict("matter", "dates")
        look = reckoning.looked_at(due, work.stamp, others=bool(work.others()))
        work.keep_dates(_with(dates, replace(due, look=look)))


def replace_date(actor: Actor, command: ReplaceDate) -> None:
    """Another day, or none, with a reason; the one that stood before stays, superseded. A new day wants a new look."""
    if not command.why:
        raise Broken("legal.say_why", field="why")
    with working(actor, command.code, command.matter) as work:
        dates, due = _open(work, command.due)
        if command.day == due.day:
            raise Broken("legal.same_day", field="day")
        fresh = _moved(due, work, command.day, command.why) if command.day else None
        ended = replace(due, end=_end(work, "superseded", command.why, fresh))
        work.keep_dates([*_with(dates, ended), fresh] if fresh else _with(dates, ended))
        work.ask_for_look(fresh)


def finish_date(actor: Actor, command: FinishDate) -> None:
    """Done on a day, with what was done. Raises `Broken` for a day after today."""
    with working(actor, command.code, command.matter) as work:
        dates, due = _open(work, command.due)
        require_past(command.on, work.stamp, "on")
        end = replace(_end(work, "done", command.what, None), on=command.on)
        work.keep_dates(_with(dates, replace(due, end=end)))


def reopen_date(actor: Actor, command: ReopenDate) -> None:
    """Not done after all: the same date stands again in a line of its own, its confirmation with it."""
    with working(actor, command.code, command.matter) as work:
        dates = work.dates().dates
        due = _find(dates, command.due)
        if due.end is None or due.end.how != "done" or due.end.next is not None:
            raise Conflict("matter", "dates")
        fresh = replace(due, id=new_id(), end=None)
        ended = replace(due, end=replace(due.end, next=fresh.id))
        work.keep_dates([*_with(dates, ended), fresh])


def _open(work: Work, date_id: bytes) -> tuple[list[Due], Due]:
    """Raises `Missing` for a date this matter never had, `Conflict` for one that somebody ended meanwhile."""
    dates = work.dates().dates
    due = _find(dates, date_id)
    if due.end is not None:
        raise Conflict("matter", "dates")
    return dates, due


def _find(dates: list[Due], date_id: bytes) -> Due:
    due = next((one for one in dates if one.id == date_id), None)
    if due is None:
        raise Missing
    return due


def _with(dates: list[Due], changed: Due) -> list[Due]:
    return [changed if one.id == changed.id else one for one in dates]


def _moved(due: Due, work: Work, day: date, why: str) -> Due:
    stamp = work.stamp
    fresh = replace(due, id=new_id(), day=day, override=why, look=None)
    return replace(fresh, by=stamp.by, at=stamp.at, set_on=stamp.on)


def _end(work: Work, how: str, why: str, fresh: Due | None) -> End:
    stamp = work.stamp
    return End(how=how, by=stamp.by, at=stamp.at, on=stamp.on, why=why, next=fresh.id if fresh else None)
