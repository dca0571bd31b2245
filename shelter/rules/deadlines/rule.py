"""What a deadline rule is: a trigger, a count and a unit, how it rolls, and where the law says so.

A version holds for the trigger dates from `effective_from` to `effective_until`, so an old notice keeps its
old rule.
"""

import re
from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

import msgspec

from shelter.rules.rulefile import Sourced

Unit = Literal["calendar_days", "working_days", "months", "years"]
Kind = Literal["due", "opens", "expires", "answer"]
"""due: ours to do by then. opens: nothing may be filed before. expires: what a card or order says. answer:
somebody else should have answered by then, and we ask."""

LastDay = Literal["anniversary", "day_before", "day_before_or_month_end"]
"""Which day is meant by a count that ends on an anniversary.

anniversary: that day; where the month lacks it, the month's last day. day_before: the day before that, the
cautious reading of birthdays and of limits that nothing extends. day_before_or_month_end: the day before,
but the month's last day where the month lacks the anniversary (a signature of 31 August lasts to 28
February).
"""

Roll = Literal["none", "forward", "backward"]
"""forward: over weekends and federal holidays to the next open day, only where a source says the law allows
it. backward: to the last open day before, wherever we could not confirm that. none: a printed date or an
expiry."""

_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


class Trigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What starts the count. `label` goes before a date ("Notice dated ..."), `question` beside the field;
    `past` says that the date cannot lie in the future."""

    code: str
    label: str
    question: str
    past: bool


class Rule(Sourced, frozen=True, kw_only=True):
    """One version of one rule.

    `count` is in `unit`s after the trigger; below zero, calendar days before it. `mail_days` are added when
    the notice came by mail. `act_by`, in the same unit, is the agency's own earlier day. `received` means
    received, not posted. `jurisdictional` means treated as jurisdictional: a second pair of eyes confirms
    it, whatever a court would call it. `online_rolls` is false where the next open day helps paper only.
    `pausable` counts add the days a clock was stopped. `alerts` are days before the date, largest first.
    `matters` empty means any matter.
    """

    id: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    label: str
    kind: Kind
    trigger: str
    count: int
    unit: Unit
    roll: Roll
    matters: tuple[str, ...] = ()
    last_day: LastDay = "anniversary"
    mail_days: Annotated[int, msgspec.Meta(ge=0, le=30)] = 0
    act_by: Annotated[int, msgspec.Meta(ge=1)] | None = None
    received: bool = False
    jurisdictional: bool = False
    printed_date_required: bool = False
    online_rolls: bool = True
    pausable: bool = False
    alerts: tuple[Annotated[int, msgspec.Meta(ge=0)], ...] = ()
    advice: str = ""

    def __post_init__(self) -> None:
        for fault, is_there in _FAULTS:
            if is_there(self):
                raise ValueError(fault.reason)


class Fault(NamedTuple):
    """What makes no sense in a rule: said of a file in the words of its keys, on a screen beside `field`."""

    reason: str
    field: str
    key: str


_FAULTS: tuple[tuple[Fault, Callable[[Rule], bool]], ...] = (
    (
        Fault("`id` is two or more lower-case words joined by dots", "label", "deadline.rule_id"),
        lambda rule: _ID.fullmatch(rule.id) is None,
    ),
    (Fault("`source` is empty", "source", "deadline.rule_source"), lambda rule: not rule.source.strip()),
    (Fault("`label` is empty", "label", "deadline.rule_label"), lambda rule: not rule.label.strip()),
    (
        Fault("`effective_until` is before `effective_from`", "effective_until", "deadline.rule_ends_first"),
        lambda rule: rule.effective_until is not None and rule.effective_until < rule.effective_from,
    ),
    (
        Fault("a `count` below zero needs calendar days", "unit", "deadline.rule_below_zero"),
        lambda rule: rule.count < 0 and rule.unit != "calendar_days",
    ),
    (
        Fault("a `count` in working days must be above zero", "count", "deadline.rule_working_days"),
        lambda rule: rule.unit == "working_days" and rule.count < 1,
    ),
    (
        Fault("`mail_days` go with calendar days only", "mail_days", "deadline.rule_mail_days"),
        lambda rule: rule.mail_days > 0 and rule.unit != "calendar_days",
    ),
    (
        Fault("`act_by` is not before the `count`", "act_by", "deadline.rule_act_by"),
        lambda rule: rule.act_by is not None and rule.act_by >= rule.count,
    ),
    (
        Fault("`alerts` go from the largest to the smallest", "alerts", "deadline.rule_alerts"),
        lambda rule: list(rule.alerts) != sorted(set(rule.alerts), reverse=True),
    ),
    (
        Fault("a date that is `due` rolls, forward or backward", "roll", "deadline.rule_roll"),
        lambda rule: rule.kind == "due" and rule.roll == "none",
    ),
)
FAULTS = {fault.reason: fault for fault, _ in _FAULTS}
"""Every fault by the reason that a refusal names."""
