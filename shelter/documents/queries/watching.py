"""Which papers run out, by the rules that hold here today: an agency changes the days of a rule as any other of law."""

from datetime import date

from shelter.documents.models import PaperText, Recovery
from shelter.lawbook import queries as lawbook
from shelter.rules.papers import papers
from shelter.rules.papers.expiry import due, reached


class Watch:
    """Asked about many papers of one day; the rules are read once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._alerts: dict[str, tuple[int, ...]] | None = None

    def runs_out(self, text: PaperText) -> bool:
        """Whether the first day on which that is said has come, seen or not."""
        ends = self._ends(text)
        return ends is not None and reached((ends - self.today).days, self._days(text.kind)) is not None

    def reminder(self, text: PaperText, recovery: Recovery | None) -> int | None:
        """How many days before the end it is said now (`expiry.OVER` after it); None where nobody need look."""
        ends = self._ends(text)
        if ends is None:
            return None
        return due(ends, self.today, self._days(text.kind), recovery.reminded if recovery else None)

    def _ends(self, text: PaperText) -> date | None:
        """The last day of a paper whose end matters: not of one that is gone or about to be replaced."""
        state = papers().states.get(text.state)
        return text.expires.whole if text.expires and (state is None or state.watched) else None

    def _days(self, kind: str) -> tuple[int, ...]:
        if self._alerts is None:
            book = lawbook.book()
            rules = {one.code: lawbook.held(book, one.rule, self.today) for one in papers().kinds.values() if one.rule}
            self._alerts = {code: rule.alerts for code, rule in rules.items() if rule}
        return self._alerts.get(kind, ())
