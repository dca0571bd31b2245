"""Whether a way of reaching somebody is safe to use today. Nothing is safe until she has said so, and not for ever."""

from collections.abc import Iterable
from datetime import date, time
from enum import StrEnum

import msgspec

from shelter.rules.broken import Broken


class Channel(StrEnum):
    """A way of reaching a client."""

    CALL = "call"
    TEXT = "text"
    VOICEMAIL = "voicemail"
    EMAIL = "email"
    MAIL = "mail"
    IN_PERSON = "in_person"
    THROUGH_SOMEBODY = "through_somebody"


class Answer(StrEnum):
    """What she said about a channel."""

    ALLOWED = "allowed"
    NEVER = "never"
    NOT_ASKED = "not_asked"


class State(StrEnum):
    """What may be done with a channel now; only FRESH permits it."""

    FRESH = "fresh"
    STALE = "stale"
    NEVER = "never"
    NOT_ASKED = "not_asked"
    NOT_NOW = "not_now"


class ContactRule(msgspec.Struct, frozen=True):
    """Her rule for one channel.

    `hours_from` and `hours_to` are her local time, the end excluded; a pair such as 22:00-06:00 spans midnight and
    a missing one is open to the day's edge. `last_confirmed` is the day she last said that the rule still holds.
    """

    channel: Channel
    answer: Answer = Answer.NOT_ASKED
    hours_from: time | None = None
    hours_to: time | None = None
    last_confirmed: date | None = None
    what_to_say: str = ""
    code_word: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        if self.hours_from is not None and self.hours_from == self.hours_to:
            raise Broken("contact.hours_are_empty", "hours_to")


def state(rule: ContactRule, today: date, max_age_days: int, at: time | None = None) -> State:
    """What may be done with this channel on `today`; with `at` (her local time) her hours count too.

    A confirmation lasts `max_age_days` days after its day. One that is missing or lies in the future is stale.
    NEVER does not expire.
    """
    found = of_answer(rule.answer, rule.last_confirmed, today, max_age_days)
    if found is State.FRESH and at is not None and not _within_hours(rule, at):
        return State.NOT_NOW
    return found


def of_answer(answer: Answer, last_confirmed: date | None, today: date, max_age_days: int) -> State:
    """The same without her hours, from what alone decides it."""
    if answer is Answer.NEVER:
        return State.NEVER
    if answer is Answer.NOT_ASKED:
        return State.NOT_ASKED
    if last_confirmed is None or not 0 <= (today - last_confirmed).days <= max_age_days:
        return State.STALE
    return State.FRESH


def require_safe(rule: ContactRule, today: date, max_age_days: int, at: time) -> None:
    """Let a call or a letter pass only on a fresh channel. Raises Broken with `contact.<state>`."""
    found = state(rule, today, max_age_days, at)
    if found is not State.FRESH:
        raise Broken(f"contact.{found.value}", rule.channel.value, {"max_age_days": max_age_days})


def overall(rules: Iterable[ContactRule], today: date, max_age_days: int) -> State:
    """One state for a line in a list: FRESH when some channel may be used, STALE when one only needs asking again.

    NEVER only when every channel was answered so; no rule at all is NOT_ASKED. Hours are left out.
    """
    found = {state(rule, today, max_age_days) for rule in rules}
    for best in (State.FRESH, State.STALE, State.NOT_ASKED):
        if best in found:
            return best
    return State.NEVER if found else State.NOT_ASKED


def _within_hours(rule: ContactRule, at: time) -> bool:
    start, end = rule.hours_from or time.min, rule.hours_to
    if end is None:
        return at >= start
    if start < end:
        return start <= at < end
    return at >= start or at < end
