"""From a rule and a trigger date to a due date.

Nothing here looks at the clock: the same rule, trigger and facts give the same date for ever.
"""

from calendar import monthrange
from datetime import date, timedelta

from shelter.rules.broken import Broken
from shelter.rules.deadlines.deadline import Count, Deadline, Facts
from shelter.rules.deadlines.rule import Rule, Trigger
from shelter.rules.holidays_federal import (
    add_working_days,
    is_working_day,
    next_working_day,
    previous_working_day,
)

_DAY = timedelta(days=1)
_NO_FACTS = Facts()


def compute(rule: Rule, trigger: Trigger, trigger_date: date, facts: Facts | None = None) -> Deadline:
    """The date of one rule version.

    Raises Broken when the rule needs the date printed on the notice and none was given, when a printed date lies
    before the notice, when a trigger that cannot lie in the future does, or when the date leaves the calendar.
    """
    facts = facts or _NO_FACTS
    _require_sense(rule, trigger, trigger_date, facts)
    try:
        counted = _count(rule, trigger_date, facts)
        due = facts.printed or counted.rolled
        return Deadline(
            date=due,
            rule=rule,
            trigger=trigger,
            trigger_date=trigger_date,
            facts=facts,
            counted=counted,
            act_by=_act_by(rule, trigger_date, facts, due),
        )
    except OverflowError:
        raise Broken("deadline.beyond_calendar", field="trigger_date") from None


def _require_sense(rule: Rule, trigger: Trigger, trigger_date: date, facts: Facts) -> None:
    if rule.printed_date_required and facts.printed is None:
        raise Broken("deadline.printed_date_missing", field="printed_date")
    if facts.printed is not None and facts.printed < trigger_date:
        raise Broken("deadline.printed_before_trigger", field="printed_date")
    if trigger.past and facts.today is not None and trigger_date > facts.today:
        raise Broken("deadline.trigger_in_future", field="trigger_date")
    if facts.paused_days < 0:
        raise Broken("deadline.paused_below_zero", field="paused_days")


def added_days(rule: Rule, facts: Facts) -> int:
    """Days on top of the rule's count: by mail, or while a clock stood still."""
    mail = rule.mail_days if facts.mailed else 0
    return mail + (facts.paused_days if rule.pausable else 0)


def _count(rule: Rule, trigger_date: date, facts: Facts) -> Count:
    reached = _counted_from(rule, rule.count, trigger_date, facts, added_days(rule, facts))
    whole = rule.unit in {"calendar_days", "working_days"} or reached.day == trigger_date.day
    before = rule.last_day == "day_before" or (rule.last_day == "day_before_or_month_end" and whole)
    last = reached - _DAY if before else reached
    return Count(reached, last, _rolled(rule, facts, last), whole)


def _counted_from(rule: Rule, count: int, start: date, facts: Facts, added: int = 0) -> date:
    """So many of the rule's units after the start."""
    if rule.unit == "calendar_days":
        return start + timedelta(days=count + added)
    if rule.unit == "working_days":
        return add_working_days(start, count, facts.also_closed)
    return after_months(start, count * (12 if rule.unit == "years" else 1))


def after_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day where it is shorter.

    Raises OverflowError beyond the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("beyond the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _rolled(rule: Rule, facts: Facts, day: date) -> date:
    if rule.roll == "none" or is_working_day(day, facts.also_closed):
        return day
    if rule.roll == "forward" and (rule.online_rolls or not facts.online):
        return next_working_day(day, facts.also_closed)
    return previous_working_day(day, facts.also_closed)


def _act_by(rule: Rule, trigger_date: date, facts: Facts, due: date) -> date | None:
    """The agency's own earlier day, on an open day, never after the date itself."""
    if rule.act_by is None:
        return None
    reached = _counted_from(rule, rule.act_by, trigger_date, facts)
    return min(previous_working_day(reached, facts.also_closed), due)
