"""A computed deadline, and its working in steps that a person can follow, from the count to the day.

No date is decided here; `compute` does that.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from shelter.rules.deadlines.rule import Rule, Trigger
from shelter.rules.holidays_federal import holiday_on, is_working_day, previous_working_day
from shelter.rules.rulefile import TO_BE_CONFIRMED, Certainty
from shelter.rules.wording import Step, Value, Word, word

Day = date  # within Deadline the name `date` is a field's
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What else a date depends on. What is not known is left out, and the date is then the earlier, safer one.

    `printed` is the date that the notice itself names; `mailed` that the notice came by mail; `online` that the
    answer goes in online; `paused_days` how long a clock stood still; `also_closed` closings no calendar knows;
    `today` lets a date in the future be refused where none can be.
    """

    printed: date | None = None
    mailed: bool = False
    online: bool = False
    paused_days: int = 0
    also_closed: frozenset[date] = frozenset()
    today: date | None = None


class Count(NamedTuple):
    """The way of a count: `reached` by counting, `last` day that means, `rolled` to an open day.

    `whole` is false where the month reached lacks the day and its end was taken.
    """

    reached: date
    last: date
    rolled: date
    whole: bool


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """A computed date, what it was computed from, and the rule version that made it.

    `act_by` is the agency's own earlier day. `counted` is the rule's own count, also where a printed date controls.
    """

    date: Day
    rule: Rule
    trigger: Trigger
    trigger_date: Day
    facts: Facts
    counted: Count
    act_by: Day | None

    @property
    def working(self) -> tuple[Step, ...]:
        """Every step of the way, in order."""
        return steps_of(self)

    @property
    def alerts(self) -> tuple[Day, ...]:
        """The days on which to be reminded, first one first."""
        return tuple(self.date - timedelta(days=before) for before in self.rule.alerts)

    @property
    def rule_id(self) -> str:
        return self.rule.id

    @property
    def version(self) -> int:
        return self.rule.version

    @property
    def source(self) -> str:
        return self.rule.source

    @property
    def certainty(self) -> Certainty:
        return self.rule.certainty

    @property
    def received(self) -> bool:
        return self.rule.received

    @property
    def jurisdictional(self) -> bool:
        return self.rule.jurisdictional

    @property
    def printed(self) -> bool:
        """Whether the date is the one that the notice itself names."""
        return self.facts.printed is not None

    @property
    def to_be_confirmed(self) -> bool:
        """Shown as "to be confirmed by counsel"."""
        return self.rule.certainty in TO_BE_CONFIRMED


def steps_of(deadline: Deadline) -> tuple[Step, ...]:
    """Count, trigger, anniversary, roll, printed date, "received", and the agency's own day, as far as they apply."""
    steps = [*_count_steps(deadline), *_anniversary_steps(deadline), _landing_step(deadline)]
    if deadline.facts.printed is not None:
        steps += _printed_steps(deadline, deadline.facts.printed)
    if deadline.rule.received:
        steps.append(Step("deadline.step.received"))
    if deadline.act_by is not None:
        values: Mapping[str, Value] = {"weekday": weekday(deadline.act_by), "day": deadline.act_by}
        steps.append(Step("deadline.step.act_by", values))
    return tuple(steps)


def weekday(day: date) -> Word:
    return word(f"weekday.{_WEEKDAYS[day.weekday()]}")


def _count_steps(deadline: Deadline) -> list[Step]:
    """ "87 = 84 + 3 by mail" and "notice dated ..."."""
    rule, facts = deadline.rule, deadline.facts
    values: Mapping[str, Value] = {"trigger": Word(deadline.trigger.label), "day": deadline.trigger_date}
    started = Step("deadline.step.trigger", values)
    mail = rule.mail_days if facts.mailed else 0
    paused = facts.paused_days if rule.pausable else 0
    if mail or paused:
        key = "deadline.step.sum_mail" if mail else "deadline.step.sum_paused"
        more = mail or paused
        return [Step(key, {"total": rule.count + more, "count": rule.count, "more": more}), started]
    return [started] if rule.count == 0 else [count_step(rule), started]


def count_step(rule: Rule) -> Step:
    """How much of what a rule counts."""
    if rule.count == 0:
        return Step("deadline.step.count.none")
    key = f"deadline.step.count.{'before' if rule.count < 0 else rule.unit}"
    return Step(f"{key}.one") if abs(rule.count) == 1 else Step(key, {"count": abs(rule.count)})


def _anniversary_steps(deadline: Deadline) -> list[Step]:
    counted, steps = deadline.counted, []
    if not counted.whole:
        steps.append(Step("deadline.step.month_end", {"day": counted.reached}))
    if counted.last != counted.reached:
        steps.append(Step("deadline.step.day_before", {"day": counted.reached}))
    return steps


def _landing_step(deadline: Deadline) -> Step:
    """What moved the day, or where it falls if nothing did."""
    last, rolled = deadline.counted.last, deadline.counted.rolled
    if last == rolled:
        return Step("deadline.step.falls", {"weekday": weekday(last), "day": last})
    holiday = holiday_on(last) if last.weekday() < 5 else None
    way = "forward" if rolled > last else "backward"
    values: Mapping[str, Value] = {
        "closed": holiday or weekday(last),
        "closed_day": last,
        "open": weekday(rolled),
        "open_day": rolled,
    }
    return Step(f"deadline.step.rolls_{way}", values)


def _printed_steps(deadline: Deadline, printed: date) -> list[Step]:
    """The printed date controls; here it is compared with the rule's own count and with closed days."""
    counted, closed = deadline.counted.rolled, deadline.facts.also_closed
    steps = [Step("deadline.step.printed", {"weekday": weekday(printed), "day": printed})]
    if printed != counted:
        key = "later" if printed > counted else "earlier"
        values: Mapping[str, Value] = {"days": abs((printed - counted).days), "day": counted}
        steps.append(Step(f"deadline.step.printed_{key}", values))
    if not is_working_day(printed, closed):
        before = previous_working_day(printed, closed)
        steps.append(Step("deadline.step.printed_closed", {"weekday": weekday(before), "day": before}))
    return steps
