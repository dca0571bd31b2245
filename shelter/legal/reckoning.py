"""Which date a notice or a rule brings, when it asks for attention, and who may be its second pair of eyes.

Pure: it reads the rule book and the structs of a matter, never the clock or the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec.structs import replace

from shelter.db import new_id
from shelter.db.errors import Missing
from shelter.legal.models import Ask, Due, Family, Filing, Journey, Look, Notice
from shelter.rules.broken import Broken
from shelter.rules.deadlines import (
    AbsenceLimit,
    Absences,
    Deadline,
    Facts,
    Rule,
    RuleBook,
    Trip,
    absences,
    compute,
    shipped_rules,
    told_once,
)
from shelter.rules.deadlines.compute import after_months
from shelter.rules.holidays_federal import next_working_day
from shelter.rules.matters import MatterType, Stage
from shelter.rules.picklists import picklists

ANSWERS = {
    "rfe": "uscis.rfe_response",
    "noid": "uscis.noid_response",
    "noir": "uscis.noir_response",
    "noit": "uscis.noit_response",
}
"""Notices that ask for an answer, and the rule of that answer (legal.md 5.2)."""

APPEALS = {"denial": "uscis.appeal_or_motion"}
"""Decisions after which a clock runs, in the types of matter that name the rule."""

MOVES = {"address.dhs": "AR-11", "address.court": "EOIR-33", "address.board": "EOIR-33"}
"""Who must learn of a move, by the rule of the day, and on which form (legal.md 5.2)."""

VISITS = frozenset({"biometrics", "interview"})
"""Notices whose printed date is an appointment: no rule counts it."""

WEEK, MONTH = timedelta(days=6), timedelta(days=30)


class When(StrEnum):
    """The groups of the page of the day; the week and the month begin today."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who writes, at which instant, and which day that is where the agency is."""

    by: bytes
    at: datetime
    on: date


def require_past(day: date | None, stamp: Stamp, field: str) -> None:
    """Raises Broken for a day that has not come yet."""
    if day is not None and day > stamp.on:
        raise Broken("legal.not_come_yet", field=field)


def notice_types(kind: MatterType) -> tuple[str, ...]:
    """The notices of a type of matter; every one where its rules name none."""
    return kind.notices or tuple(choice.code for choice in picklists()["notice_types"].choices)


def receipts_of(filings: Iterable[Filing], notices: Iterable[Notice]) -> set[str]:
    """The receipt numbers by which the matter is found."""
    return ({one.receipt_number for one in filings} | {one.receipt_number for one in notices}) - {""}


def of_notice(kind: MatterType, notice: Notice, stamp: Stamp, book: RuleBook) -> Due | None:
    """The date that a notice brings, if it brings one.

    Raises Broken as `compute` does, and for an answer or an appointment without the date printed on its notice: an
    officer may give less than the rule's longest, so it is never guessed (USCIS PA-2026-05).
    """
    if notice.type in VISITS.union(ANSWERS) and notice.answer_by is None:
        raise Broken("deadline.printed_date_missing", field="printed_date")
    rule = ANSWERS.get(notice.type) or APPEALS.get(notice.type, "")
    if notice.type in ANSWERS or rule in kind.rules:
        facts = Facts(
            printed=notice.answer_by,
            mailed=notice.came == "mail",
            online=notice.answer_online,
            today=stamp.on,
        )
        return of_rule(rule, notice.printed_on, facts, stamp, book, notice)
    if notice.type in VISITS and notice.answer_by is not None:
        return _visit(notice, notice.answer_by, stamp)
    return None


def of_rule(
    rule: str, trigger_date: date, facts: Facts, stamp: Stamp, book: RuleBook, notice: Notice | None = None
) -> Due:
    """The date that a rule counts from a day. Raises Broken as the rule book does."""
    counted = book.deadline(rule, trigger_date, facts)
    return Due(
        id=new_id(),
        day=counted.date,
        counted=counted.date,
        trigger_date=trigger_date,
        by=stamp.by,
        at=stamp.at,
        set_on=stamp.on,
        rule=rule,
        rule_version=counted.version,
        kind=counted.rule.kind,
        jurisdictional=counted.jurisdictional,
        act_by=counted.act_by,
        printed=facts.printed,
        mailed=facts.mailed,
        online=facts.online,
        paused=facts.paused_days,
        notice=notice.id if notice else None,
        notice_type=notice.type if notice else "",
    )


def reminder(ask: bytes, counted_from: date, after: int, stamp: Stamp) -> Due:
    """The day, an open one, on which an agency without a clock of its own is asked for its answer again."""
    day = next_working_day(counted_from + timedelta(days=after))
    return Due(
        id=new_id(),
        day=day,
        counted=day,
        trigger_date=counted_from,
        by=stamp.by,
        at=stamp.at,
        set_on=stamp.on,
        kind="remind",
        ask=ask,
    )


def follows_from(kind: MatterType, current: str, asked: str, outcome: str) -> tuple[Stage, ...]:
    """The stages through which a matter goes when something was asked of an agency, signed, refused or lapsed.

    Asked again after a lapse, it goes through the lapse; empty where nothing follows from the present stage.
    """
    moves = kind.asks.get(asked, {})
    if outcome not in moves:
        return ()
    wanted = kind.stage(moves[outcome])
    if current in wanted.follows:
        return (wanted,)
    lapsed = kind.stage(moves["lapsed"]) if outcome == "asked" and "lapsed" in moves else None
    if lapsed is not None and current in lapsed.follows and lapsed.code in wanted.follows:
        return (lapsed, wanted)
    return ()


def _visit(notice: Notice, day: date, stamp: Stamp) -> Due:
    if day < notice.printed_on:
        raise Broken("deadline.printed_before_trigger", field="printed_date")
    return Due(
        id=new_id(),
        day=day,
        counted=day,
        trigger_date=notice.printed_on,
        by=stamp.by,
        at=stamp.at,
        set_on=stamp.on,
        kind="visit",
        printed=day,
        notice=notice.id,
        notice_type=notice.type,
    )


def same_count(one: Due, other: Due) -> bool:
    """Whether both stand on the same rule and the same facts, so that a confirmation of one holds for the other."""
    return _basis(one) == _basis(other)


def _basis(due: Due) -> tuple[object, ...]:
    return (due.rule, due.rule_version, due.trigger_date, due.printed, due.mailed, due.online, due.paused, due.counted)


def rule_of(due: Due, book: RuleBook) -> Rule | None:
    """The very version that counted it; None for an appointment and for a version that is no longer in the book."""
    if not due.rule or due.rule not in book.known:
        return None
    return next((rule for rule in book.versions(due.rule) if rule.version == due.rule_version), None)


def recount(due: Due, book: RuleBook) -> Deadline | None:
    """The count once more, to show its working; None where its rule is gone or refuses it now."""
    rule = rule_of(due, book)
    if rule is None:
        return None
    try:
        return compute(rule, book.triggers[rule.trigger], due.trigger_date, _facts(due))
    except Broken:
        return None


def _facts(due: Due) -> Facts:
    return Facts(printed=due.printed, mailed=due.mailed, online=due.online, paused_days=due.paused)


def asked_about(due: Due, book: RuleBook) -> Deadline | None:
    """The count by the version in force, where that is another version and another day than the one that stands.

    None too where somebody kept the day over that very version, or the rule no longer counts it at all.
    """
    if due.end is not None or due.rule not in book.known:
        return None
    try:
        rule = book.in_force(due.rule, due.trigger_date)
        if rule.version in (due.rule_version, due.kept_over):
            return None
        new = compute(rule, book.triggers[rule.trigger], due.trigger_date, _facts(due))
    except Broken:
        return None
    return new if new.date != due.counted else None


def counted_anew(due: Due, new: Deadline, stamp: Stamp) -> Due:
    """The date by the version that counts now, in the place of one that stood; it wants a new look."""
    return replace(
        due,
        id=new_id(),
        day=new.date,
        counted=new.date,
        rule_version=new.version,
        kind=new.rule.kind,
        jurisdictional=new.jurisdictional,
        act_by=new.act_by,
        by=stamp.by,
        at=stamp.at,
        set_on=stamp.on,
        override="",
        look=None,
        kept_over=0,
        kept_why="",
    )


def attention(due: Due, today: date) -> date:
    """The day on which it asks for attention: the agency's own earlier day while there is still time."""
    if due.kind == "opens" and due.day < today:
        return today
    if due.act_by is None or due.override or due.day < today:
        return due.day
    return max(due.act_by, today)


def when(due: Due, today: date) -> When:
    day = attention(due, today)
    if day < today:
        return When.OVERDUE
    if day == today:
        return When.TODAY
    if day <= today + WEEK:
        return When.WEEK
    return When.MONTH if day <= today + MONTH else When.LATER


def waits_for_look(due: Due) -> bool:
    return due.jurisdictional and due.look is None and due.end is None


def looked_at(due: Due, stamp: Stamp, others: bool) -> Look:
    """The second look of this person. `others` says whether anybody else could give it.

    Raises Broken for who set the date herself, unless nobody else is there and a night has passed, midnight and sleep.
    """
    if due.by != stamp.by:
        return Look(by=stamp.by, at=stamp.at)
    if others:
        raise Broken("legal.look_by_another")
    if stamp.on <= due.set_on or stamp.at - due.at < NIGHT:
        raise Broken("legal.look_after_a_night")
    return Look(by=stamp.by, at=stamp.at, alone=True)


NIGHT = timedelta(hours=6)
"""The shortest sleep after which somebody may look at her own date again."""


KIN_OF = {"t_visa": "t_family", "u_visa": "u_family", "t_adjustment": "t_family", "u_adjustment": "u_family"}
"""Types whose family members have a type of their own."""


def kin_stages(kind: MatterType, types: Mapping[str, MatterType]) -> tuple[Stage, ...]:
    """The stages that a family member of this matter goes through: those of the family's type, else the matter's."""
    return types.get(KIN_OF.get(kind.code, kind.code), kind).stages


def require_presence(
    kind: MatterType, family: Family, journey: Journey, today: date, elsewhere: Iterable[Journey] = ()
) -> None:
    """Raises Broken for a trip that ends before it began, would break continuous presence, or overlaps another.

    `elsewhere` are trips of hers that stand in other matters. What was made already is kept as it was, however long:
    the record is not better for leaving it out.
    """
    limit, made = limit_of(kind), Trip(journey.left, journey.back)
    if limit is None:
        return
    if journey.planned and journey.back is None:
        raise Broken("legal.plan_without_return", field="back")
    trips = [*_trips(family, journey.member), made]
    absences(limit, trips, today)
    trips = told_once([*trips, *(Trip(one.left, one.back) for one in elsewhere)])
    last = max(trip.back or today for trip in trips)
    found = absences(limit, trips, max(last, today))
    if journey.planned and found.exceeded:
        raise Broken("legal.trip_breaks_presence", field="back", values={"single": limit.single, "total": limit.total})


def presence_of(
    kind: MatterType, family: Family, member: bytes | None, today: date, elsewhere: Iterable[Journey] = ()
) -> Absences | None:
    """How the trips of one person stand, those that are planned counted to their end; None where no limit holds."""
    other = (Trip(one.left, one.back) for one in elsewhere)
    limit, trips = limit_of(kind), told_once([*_trips(family, member), *other])
    if limit is None or not trips:
        return None
    return absences(limit, trips, max([today, *(trip.back for trip in trips if trip.back)]))


def not_open_yet(kind: MatterType, dates: Iterable[Due], on: date) -> dict[str, date]:
    """Forms that on a day may not arrive yet, each with its earliest day among the open dates of the matter."""
    opening = {form.opens: form.key for form in kind.forms if form.opens}
    found = [due for due in dates if due.end is None and due.rule in opening and due.day > on]
    return {opening[due.rule]: due.day for due in sorted(found, key=lambda due: due.day, reverse=True)}


def limit_of(kind: MatterType) -> AbsenceLimit | None:
    return next((one for one in shipped_rules().absences.values() if kind.code in one.matters), None)


def _trips(family: Family, member: bytes | None) -> list[Trip]:
    return [Trip(one.left, one.back) for one in family.journeys if one.member == member and not one.withdrawn]


def birthday(born: date, years: int) -> date:
    """The day on which so many years are completed; for who was born on 29 February, the 28th of a common year, the
    earlier and safer reading."""
    return after_months(born, 12 * years)


def years_old(born: date, on: date) -> int:
    """Completed years on a day."""
    return on.year - born.year - (birthday(born, on.year - born.year) > on if on >= born else 0)


def line_of(asks: Iterable[Ask], ask_id: bytes) -> list[Ask]:
    """An ask and those by which it was asked again, one after another. Raises `Missing` for one that is not there."""
    known, line, following = {ask.id: ask for ask in asks}, list[Ask](), bytes(ask_id)
    while following in known:
        line.append(known.pop(following))
        following = line[-1].again or b""
    if not line:
        raise Missing
    return line


def dates_of(ask: Ask, dates: Iterable[Due]) -> list[Due]:
    """What it brought, and what took the place of that since: a day moved by hand or by a changed rule is still its."""
    return [due for due in dates if due.ask == ask.id or due.id in ask.due]
