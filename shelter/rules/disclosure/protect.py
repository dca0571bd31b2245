"""Which further cells to hide so that no hidden one can be worked back.

Search only: the certificate is the proof, `attack` the judge, and neither believes this file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shelter.rules.broken import Broken
from shelter.rules.disclosure.board import Board, Question
from shelter.rules.disclosure.certificate import Certificate, certify
from shelter.rules.disclosure.primary import primary_cells, require_threshold
from shelter.rules.disclosure.purchase import Demand, Market
from shelter.rules.disclosure.solver import Limits, Undecided
from shelter.rules.disclosure.spec import Key
from shelter.rules.disclosure.table import CountTable, ProtectedTable

SECONDS: Final = 60.0
"""Time for buying the cheapest patterns of one table; after it whole rows and columns are hidden unasked."""

_ASK: Final = Limits(seconds=5.0)


@dataclass(frozen=True, slots=True)
class Protection:
    """A table with its pattern laid over it, and the proof."""

    protected: ProtectedTable
    certificate: Certificate


def protect(
    table: CountTable,
    k: int,
    *,
    forced: Iterable[Key] = (),
    public: Iterable[Key] = (),
    seconds: float = SECONDS,
) -> Protection:
    """Hide small cells, and as few others as keep each hidden one open to k values and insiders in the dark.

    `forced` cells are hidden whatever they count; `public` ones are known already and cannot be. Zeros are
    never hidden. The same arguments give the same pattern. Raises Broken where what is public leaves no safe
    pattern, and for a k under 5.
    """
    require_threshold(k)
    search = _Search(table, k, frozenset(public), seconds)
    search.hide(search.board.numbers(primary_cells(table, k).union(forced)))
    search.settle()
    search.give_back()
    for pattern in (search.pattern(), search.everything()):
        protected = ProtectedTable.of(table, pattern, k)
        try:
            certificate = certify(protected, k)
        except Undecided:
            continue
        if certificate is not None:
            return Protection(protected, certificate)
    raise Broken("disclosure.refused.cannot_protect")


class _Search:
    """One table on its way to a pattern. `_tables` are witnesses, and stay so as more is hidden."""

    def __init__(self, table: CountTable, k: int, public: frozenset[Key], seconds: float) -> None:
        self.board = Board.of(table.spec, [key for key, count in table.counts.items() if count > 0])
        self._truth = tuple(table[key] for key in self.board.keys)
        self._people = _people(table, self.board)
        self._k = k
        self._open = frozenset(range(len(self._truth))) - self.board.numbers(public)
        self._seconds = seconds
        self._hidden: frozenset[int] = frozenset()
        self._needed: frozenset[int] = frozenset()
        self._tables = [self._truth]
        self._question: Question | None = None

    def pattern(self) -> frozenset[Key]:
        return frozenset(self.board.keys[cell] for cell in self._hidden)

    def everything(self) -> frozenset[Key]:
        """With every margin hidden too, one more person in any cell changes nothing that is printed."""
        return frozenset(self.board.keys[cell] for cell in self._open)

    def hide(self, cells: Iterable[int]) -> None:
        self._hidden = self._hidden.union(cells) & self._open
        self._question = None

    def settle(self) -> None:
        """Widen every hidden cell, then blind every insider, until neither asks for anything more."""
        self._needed = self._hidden
        before: frozenset[int] | None = None
        while before != self._hidden:
            before = self._hidden
            while (narrow := self._first_narrow()) is not None and self._hidden != self._open:
                self._pay(Demand(narrow, self._k - 1))
            for insider in self._insiders():
                while (exact := self._exact_for(insider)) is not None and self._hidden != self._open:
                    self._pay(Demand(exact, 1, insider), Demand(exact, -1, insider))

    def give_back(self) -> None:
        """Print again what turned out not to be needed, the largest counts first."""
        for cell in sorted(self._hidden - self._needed, key=lambda cell: (-self._truth[cell], cell)):
            kept = self._hidden, self._tables
            self._hidden = self._hidden - {cell}
            self._tables = [table for table in self._tables if table[cell] == self._truth[cell]]
            self._question = None
            if self._first_narrow() is not None or any(
                self._exact_for(insider) is not None for insider in self._insiders()
            ):
                self._hidden, self._tables = kept
                self._question = None

    def _insiders(self) -> list[int]:
        return [cell for cell in self._smallest_first() if self._truth[cell] <= 2]

    def _smallest_first(self) -> list[int]:
        return sorted(self._hidden, key=lambda cell: (self._truth[cell], cell))

    def _first_narrow(self) -> int | None:
        """A hidden cell that is not seen to be k values wide."""
        for cell in self._smallest_first():
            if self._width(cell) < self._k - 1:
                self._look(self._asked(), {cell: 1})
                if self._width(cell) < self._k - 1:
                    return cell
        return None

    def _width(self, cell: int) -> int:
        values = [table[cell] for table in self._tables]
        return max(values) - min(values)

    def _exact_for(self, insider: int) -> int | None:
        """A cell that whoever knows the insider's cell of one or two people could work out.

        Cells that count only those people are left out: she knows them already.
        """
        people = self._people[insider]
        cells = self._unmoved(insider, [c for c in sorted(self._hidden) if self._people[c] & ~people])
        if not cells:
            return None
        question = self._asked().knowing(insider, self._truth[insider])
        while cells:
            # Weights without a pattern: where anything can move at all, their sum moves too.
            self._look(question, {cell: 1 + (cell + 1) * 2_654_435_761 % 997 for cell in cells})
            left = self._unmoved(insider, cells)
            if len(left) == len(cells):
                return cells[0]
            cells = left
        return None

    def _unmoved(self, insider: int, cells: list[int]) -> list[int]:
        agreeing = [table for table in self._tables if table[insider] == self._truth[insider]]
        return [cell for cell in cells if all(table[cell] == self._truth[cell] for table in agreeing)]

    def _asked(self) -> Question:
        if self._question is None:
            shown = {n: count for n, count in enumerate(self._truth) if n not in self._hidden}
            self._question = self.board.question(self._hidden, shown, _ASK)
        return self._question

    def _look(self, question: Question, weights: dict[int, int]) -> None:
        for largest in (True, False):
            try:
                table = question.extreme(weights, largest=largest)
            except Undecided:
                continue
            if table is not None:
                self._tables.append(table)

    def _pay(self, *demands: Demand) -> None:
        """Hide what the cheapest offer asks for; without one, or out of time, the whole rows and columns."""
        market = Market(self.board, self._truth, self._hidden, self._open)
        offers = []
        for demand in demands:
            if self._seconds > 0 and (offer := market.cheapest(demand)) is not None:
                self._seconds -= offer.seconds
                offers.append(offer)
        if offers:
            best = min(offers, key=lambda offer: offer.cost)
            self.hide(best.cells)
            self._tables.extend(best.tables)
        else:
            lines = self.board.lines_through(demands[0].cell) & self._open
            self.hide(self._open if lines <= self._hidden else lines)


def _people(table: CountTable, board: Board) -> list[int]:
    """For each cell the filled inner cells that it counts, as bits."""
    coverage = [dimension.coverage() for dimension in table.spec.dimensions]
    inner = [key for key in table.spec.inner_keys() if table[key] > 0]
    return [
        sum(
            1 << bit
            for bit, key in enumerate(inner)
            if all(part in covers[node] for covers, node, part in zip(coverage, cell, key, strict=True))
        )
        for cell in board.keys
    ]
