"""Which papers run out, by the rules that hold here today: an agency changes the days of a rule as any other of law."""

from datetime import date

from shelter.lawbook import queries as lawbook
from shelter.rules.papers import papers
from shelter.rules.papers.expiry import Reminded, due, reached


class Watch:
    """Asked about many papers of one day; the rules are read once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._alerts: dict[str, tuple[int, ...]] | None = None

    def runs_out(self, kind: str, state: str, ends: date | None) -> bool:
        """Whether the first day on which that is said has come, seen or not."""
        left = self._days_left(state, ends)
        return left is not None and reached(left, self._days(kind)) is not None

    def reminder(self, kind: str, state: str, ends: date | None, seen: Reminded | None) -> int | None:
        """How many days before the end it is said now (`expiry.OVER` after it); None where nobody need look."""
        if ends is None or self._days_left(state, ends) is None:
            return None
        return due(ends, self.today, self._days(kind), seen)

    def _days_left(self, state: str, ends: date | None) -> int | None:
        """Until the last day of a paper whose end matters: not of one that is gone or about to be replaced."""
        known = papers().states.get(state)
        return (ends - self.today).days if ends and (known is None or known.watched) else None

    def _days(self, kind: str) -> tuple[int, ...]:
        if self._alerts is None:
            book = lawbook.book()
            rules = {one.code: lawbook.held(book, one.rule, self.today) for one in papers().kinds.values() if one.rule}
            self._alerts = {code: rule.alerts for code, rule in rules.items() if rule}
        return self._alerts.get(kind, ())
