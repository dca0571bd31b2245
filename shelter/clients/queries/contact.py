"""Her safe-contact rules as `rules.contact` judges them, and the one line that says what may be done today."""

from datetime import date, time, timedelta

import msgspec

from shelter.clients.models import ContactRule
from shelter.rules.contact import Answer, Channel, State, of_answer, state
from shelter.rules.contact import ContactRule as Rule
from shelter.settings.queries import limit

_BEST = (State.FRESH, State.STALE, State.NOT_ASKED, State.NEVER)


class SafeContact(msgspec.Struct, frozen=True):
    """The best channel and its state; `days` since she last confirmed it, None where she never did."""

    state: str
    channel: str = ""
    only: bool = False
    value: str = ""
    hours_from: time | None = None
    hours_to: time | None = None
    say: str = ""
    confirmed: date | None = None
    days: int | None = None

    @property
    def may_be_used(self) -> bool:
        return self.state == State.FRESH


def as_rule(kept: ContactRule) -> Rule:
    """The stored rule as the rules room knows it; raises ValueError for a channel it does not know."""
    return Rule(
        channel=Channel(kept.channel),
        answer=Answer(kept.allowed),
        hours_from=kept.hours_from,
        hours_to=kept.hours_to,
        last_confirmed=kept.confirmed,
        what_to_say=kept.say,
        code_word=kept.code_word,
        language=kept.language,
    )


def confirmation_lasts() -> int:
    """Days after which an answer about safe contact is asked for again."""
    return limit("safe_contact_days")


def safest(rules: list[ContactRule], today: date, lasts: int) -> SafeContact:
    """The line above a record: a channel that may be used, else one to ask about again, else none."""
    judged = [(of_answer(Answer(kept.allowed), kept.confirmed, today, lasts), kept) for kept in rules]
    for best in _BEST:
        found = [kept for judgement, kept in judged if judgement is best]
        if found:
            return _line(best, found[0], today, only=best is State.FRESH and len(found) == 1)
    return SafeContact(State.NOT_ASKED)


def holds_until(rules: list[ContactRule], lasts: int) -> date | None:
    """The last day on which some way may be used without asking her again; None where she allows none."""
    said = [kept.confirmed or date.min for kept in rules if kept.allowed == Answer.ALLOWED]
    return max(said) + timedelta(days=lasts) if said else None


def judge(kept: ContactRule, today: date) -> SafeContact:
    """One channel and what may be done with it today."""
    return _line(state(as_rule(kept), today, confirmation_lasts()), kept, today, only=False)


def _line(judgement: State, kept: ContactRule, today: date, *, only: bool) -> SafeContact:
    return SafeContact(
        state=judgement,
        channel=kept.channel,
        only=only,
        value=kept.value,
        hours_from=kept.hours_from,
        hours_to=kept.hours_to,
        say=kept.say,
        confirmed=kept.confirmed,
        days=(today - kept.confirmed).days if kept.confirmed else None,
    )
