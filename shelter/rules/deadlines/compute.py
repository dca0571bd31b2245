"""From a rule and a trigger date to a due date, with every step of the way written down.

Nothing here looks at the clock: the same rule, trigger and facts give the same date and the same working for
ever.
"""

from calendar import monthrange
from datetime import date, timedelta

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.deadlines.rule import Rule, Trigger
from shelter.rules.holidays_federal import (
    add_working_days,
    holiday_on,
    is_working_day,
    next_working_day,
    previous_working_day,
)
from shelter.rules.rulefile import TO_BE_CONFIRMED, Certainty
from shelter.rules.wording import Step, Word, word

Day = date  # within Deadline the name `date` is a field's
_DAY = timedelta(days=1)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What else a date depends on. What is not known is left out, and the date is then the earlier, safer
    one.

    `printed` is the date that the notice itself names; `mailed` that the notice came by mail; `online` that
    the answer goes in online; `paused_days` how long a clock stood still; `also_closed` closings no calendar
    knows; `today` lets a date in the future be refused where none can be.
    """

    printed: date | None = None
    mailed: bool = False
    online: bool = False
    paused_days: int = 0
    also_closed: frozenset[date] = frozenset()
    today: date | None = None


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A computed date with its working, and the rule version that made it. `act_by` is the agency's earlier
    day."""

    date: Day
    working: tuple[Step, ...]
    rule_id: str
    version: int
    source: str
    certainty: Certainty
    printed: bool
    received: bool
    jurisdictional: bool
    act_by: Day | None
    alerts: tuple[Day, ...]

    @property
    def to_be_confirmed(self) -> bool:
        """Shown as "to be confirmed by counsel"."""
        return self.certainty in TO_BE_CONFIRMED


def compute(rule: Rule, trigger: Trigger, trigger_date: date, facts: Facts | None = None) -> Deadline:
    """The date of one rule version.

    Raises Broken when the rule needs the date printed on the notice and none was given, when a printed date
    lies before the notice, when a trigger that cannot lie in the future does, or when the date leaves the
    calendar.
    """
    facts = facts or Facts()
    _require_sense(rule, trigger, trigger_date, facts)
    steps = _opening(rule, trigger, trigger_date, facts)
    try:
        counted = _rolled(rule, facts, _last_day(rule, trigger_date, facts, steps), steps)
    except OverflowError:
        raise Broken("deadline.beyond_calendar", field="trigger_date") from None
    due = counted if facts.printed is None else _printed(facts.printed, counted, facts, steps)
    if rule.received:
        steps.append(Step("deadline.step.received"))
    act_by = _act_by(rule, trigger_date, facts, due, steps)
    return Deadline(
        date=due,
        working=tuple(steps),
        rule_id=rule.id,
        version=rule.version,
        source=rule.source,
        certainty=rule.certainty,
        printed=facts.printed is not None,
        received=rule.received,
        jurisdictional=rule.jurisdictional,
        act_by=act_by,
        alerts=tuple(due - timedelta(days=before) for before in rule.alerts),
    )


def _require_sense(rule: Rule, trigger: Trigger, trigger_date: date, facts: Facts) -> None:
    if rule.printed_date_required and facts.printed is None:
        raise Broken("deadline.printed_date_missing", field="printed_date")
    if facts.printed is not None and facts.printed < trigger_date:
        raise Broken("deadline.printed_before_trigger", field="printed_date")
    if trigger.past and facts.today is not None and trigger_date > facts.today:
        raise Broken("deadline.trigger_in_future", field="trigger_date")
    if facts.paused_days < 0:
        raise Broken("deadline.paused_below_zero", field="paused_days")


def _mail_days(rule: Rule, facts: Facts) -> int:
    return rule.mail_days if facts.mailed else 0


def _paused(rule: Rule, facts: Facts) -> int:
    return facts.paused_days if rule.pausable else 0


def _opening(rule: Rule, trigger: Trigger, trigger_date: date, facts: Facts) -> list[Step]:
    """The count and what it starts from: "87 = 84 + 3 by mail", "notice dated ..."."""
    mail, paused = _mail_days(rule, facts), _paused(rule, facts)
    started = Step("deadline.step.trigger", {"trigger": Word(trigger.label), "day": trigger_date})
    if mail or paused:
        key = "deadline.step.sum_mail" if mail else "deadline.step.sum_paused"
        total = rule.count + mail + paused
        return [Step(key, {"total": total, "count": rule.count, "more": mail or paused}), started]
    if rule.count == 0:
        return [started]
    key = "before" if rule.count < 0 else rule.unit
    return [Step(f"deadline.step.count.{key}", {"count": abs(rule.count)}), started]


def _last_day(rule: Rule, trigger_date: date, facts: Facts, steps: list[Step]) -> date:
    """The last day by the count alone, before any roll."""
    if rule.unit == "working_days":
        return add_working_days(trigger_date, rule.count, facts.also_closed)
    if rule.unit == "calendar_days":
        reached = trigger_date + timedelta(days=rule.count + _mail_days(rule, facts) + _paused(rule, facts))
        is_there = True
    else:
        months = rule.count * (12 if rule.unit == "years" else 1)
        reached = after_months(trigger_date, months)
        is_there = reached.day == trigger_date.day
        if not is_there:
            steps.append(Step("deadline.step.month_end", {"day": reached}))
    if rule.last_day == "day_before" or (rule.last_day == "day_before_or_month_end" and is_there):
        steps.append(Step("deadline.step.day_before", {"day": reached}))
        return reached - _DAY
    return reached


def after_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("beyond the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _rolled(rule: Rule, facts: Facts, day: date, steps: list[Step]) -> date:
    """The day after the roll, with the step that says what moved, or where the day falls if nothing did."""
    if rule.roll == "none" or is_working_day(day, facts.also_closed):
        steps.append(Step("deadline.step.falls", {"weekday": _weekday(day), "day": day}))
        return day
    forward = rule.roll == "forward" and (rule.online_rolls or not facts.online)
    moved = (next_working_day if forward else previous_working_day)(day, facts.also_closed)
    steps.append(_roll_step("forward" if forward else "backward", day, moved))
    return moved


def _roll_step(way: str, day: date, moved: date) -> Step:
    holiday = holiday_on(day)
    said: Word = _weekday(day)
    if holiday is not None and day.weekday() < 5:
        said = holiday
    return Step(
        f"deadline.step.rolls_{way}",
        {"closed": said, "closed_day": day, "open": _weekday(moved), "open_day": moved},
    )


def _printed(printed: date, counted: date, facts: Facts, steps: list[Step]) -> date:
    """The printed date controls; the working compares it with the rule's own count and with closed days."""
    steps.append(Step("deadline.step.printed", {"weekday": _weekday(printed), "day": printed}))
    if printed > counted:
        days = (printed - counted).days
        steps.append(Step("deadline.step.printed_later", {"days": days, "day": counted}))
    elif printed < counted:
        days = (counted - printed).days
        steps.append(Step("deadline.step.printed_earlier", {"days": days, "day": counted}))
    if not is_working_day(printed, facts.also_closed):
        before = previous_working_day(printed, facts.also_closed)
        steps.append(Step("deadline.step.printed_closed", {"weekday": _weekday(before), "day": before}))
    return printed


def _act_by(rule: Rule, trigger_date: date, facts: Facts, due: date, steps: list[Step]) -> date | None:
    """The agency's own earlier day, on an open day, never after the date itself."""
    if rule.act_by is None:
        return None
    if rule.unit == "working_days":
        reached = add_working_days(trigger_date, rule.act_by, facts.also_closed)
    elif rule.unit == "calendar_days":
        reached = trigger_date + timedelta(days=rule.act_by)
    else:
        reached = after_months(trigger_date, rule.act_by * (12 if rule.unit == "years" else 1))
    act_by = min(previous_working_day(reached, facts.also_closed), due)
    steps.append(Step("deadline.step.act_by", {"weekday": _weekday(act_by), "day": act_by}))
    return act_by


def _weekday(day: date) -> Word:
    return word(f"weekday.{_WEEKDAYS[day.weekday()]}")
