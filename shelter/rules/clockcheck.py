"""Whether a machine's clock can be right: against what it wrote down before, and against the rules it came with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from shelter.rules.deadlines import shipped_rules

BACK = timedelta(hours=26)
"""More than any change of zone or summer time explains."""
AHEAD = timedelta(days=400)
"""Longer than any agency leaves its records alone."""


def faults(now: datetime, written: Sequence[datetime]) -> tuple[str, ...]:
    """Keys of sentences about a clock that cannot be right, given instants in the order they were written down."""
    found = []
    if now.date() < newest_rule():
        found.append("clock.before_the_rules")
    steps = list(zip([*written, now], [*written, now][1:], strict=False))
    if any(after < before - BACK for before, after in steps):
        found.append("clock.went_back")
    if any(after > before + AHEAD for before, after in steps):
        found.append("clock.jumped_ahead")
    return tuple(found)


def newest_rule() -> date:
    """The latest day from which a shipped rule holds: this program is not older than that."""
    book = shipped_rules()
    return max(rule.effective_from for rule_id in book.ids for rule in book.versions(rule_id))


def aware(written: datetime) -> datetime:
    """An instant as a database gives it back: in UTC, with or without saying so."""
    return written if written.tzinfo else written.replace(tzinfo=UTC)
