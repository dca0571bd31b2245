"""The attacker of our own: what could a reader work out from everything printed, now and before?

Imports nothing of the protector. Zeros are printed and every hidden cell has the same symbol, so a reader
knows of each of them that it is at least 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from shelter.rules.disclosure.evidence import Amount, Nested, gather
from shelter.rules.disclosure.latent import add_latent
from shelter.rules.disclosure.links import Region, link
from shelter.rules.disclosure.solver import Program, Row, Undecided
from shelter.rules.disclosure.spec import CellId, Key
from shelter.rules.disclosure.table import HIDDEN, ProtectedTable
from shelter.rules.disclosure.witnesses import Witnesses

NARROW: Final = "disclosure.refused.narrow"
INSIDER: Final = "disclosure.refused.insider"
EARLIER: Final = "disclosure.refused.earlier"
VERSION: Final = "disclosure.refused.version"
CONTRADICTION: Final = "disclosure.refused.contradiction"
_NEAR: Final = 1e-6
UNDECIDED: Final = "disclosure.refused.undecided"


@dataclass(frozen=True, slots=True)
class Audit:
    """`smallest_width` is the smallest max - min of the audited table's hidden cells, 0 when it hides none.

    `reason` is the message key of the sentence that says why it failed. No count stands in it.
    """

    passed: bool
    smallest_width: int
    failing_cells: tuple[CellId, ...] = ()
    reason: str | None = None


def audit(
    table: ProtectedTable,
    k: int,
    earlier: Sequence[ProtectedTable] = (),
    insiders: Mapping[Key, int] | None = None,
) -> Audit:
    """Try to work back hidden cells, from the table alone and then with all earlier ones of its people.

    Fails when a hidden cell, an earlier one too, can be narrowed to fewer than k values (max - min < k - 1),
    when two tables subtract to a small group, or when an insider, who knows one of the `insiders` cells of one
    or two people, finds a cell exactly that counts anyone else. A question left open fails too.
    """
    try:
        return _Attack([table], k).run(insiders or {}) if not earlier else _joint(table, k, earlier, insiders or {})
    except Undecided:
        return Audit(False, 0, (), UNDECIDED)


def _joint(table: ProtectedTable, k: int, earlier: Sequence[ProtectedTable], insiders: Mapping[Key, int]) -> Audit:
    alone = _Attack([table], k).run({})
    related = related_tables(table, earlier)
    if not alone.passed:
        return alone
    return _Attack([*related, table], k).run(insiders)


def related_tables(table: ProtectedTable, earlier: Sequence[ProtectedTable]) -> list[ProtectedTable]:
    """The earlier tables that share people with it, directly or through one another, in their order."""
    reached = {len(earlier)}
    tables = [*earlier, table]
    waiting = [len(earlier)]
    while waiting:
        spec = tables[waiting.pop()].spec
        for number, other in enumerate(tables):
            if number not in reached and (link(spec, other.spec) or link(other.spec, spec)):
                reached.add(number)
                waiting.append(number)
    return [earlier[number] for number in sorted(reached) if number < len(earlier)]


class _Attack:
    """One system of evidence; the table that is asked about comes last."""

    def __init__(self, tables: Sequence[ProtectedTable], k: int) -> None:
        self._evidence = gather(tables)
        self._subject = len(tables) - 1
        self._k = k
        self._believing_nothing: Witnesses

    def run(self, insiders: Mapping[Key, int]) -> Audit:
        if not self._evidence.is_possible():
            return Audit(False, 0, (), CONTRADICTION)
        smallest: int | None = None
        for belief in self._beliefs():
            witnesses = Witnesses(self._evidence.program(belief))
            if not belief:
                self._believing_nothing = witnesses
            width, narrow = self._narrow_cells(witnesses)
            smallest = width if smallest is None else min(smallest, width)
            if narrow:
                return Audit(False, smallest, narrow, EARLIER if self._subject else NARROW)
            if small := tuple(self._small_differences(witnesses, self._evidence.editions)):
                return Audit(False, smallest, small, VERSION)
            if small := tuple(self._small_groups(witnesses)):
                return Audit(False, smallest, small, EARLIER)
        if narrow := self._narrow_behind():
            return Audit(False, smallest or 0, narrow, EARLIER)
        if exact := self._insider_finds(insiders):
            return Audit(False, smallest or 0, exact, INSIDER)
        return Audit(True, smallest or 0)

    def _beliefs(self) -> Iterator[list[Row]]:
        """What a reader may believe of a changed table: nothing, or people only added, or only removed."""
        yield []
        if not self._evidence.editions:
            return
        for sign in (1, -1):
            rows = [
                difference.row(0, None) if sign > 0 else difference.row(None, 0)
                for pair in self._evidence.editions
                for difference in self._evidence.differences(pair.left, pair.right, pair.link)
            ]
            if self._evidence.is_possible(rows):
                yield [row for row in rows if row.form]

    def _hidden(self) -> Iterator[tuple[int, Key, CellId]]:
        """Hidden cells of all tables; one in several tables is asked for once, unless editions differ."""
        seen: set[CellId] = set()
        edited = {number for pair in self._evidence.editions for number in (pair.left, pair.right)}
        for number in reversed(range(len(self._evidence.tables))):
            table = self._evidence.tables[number]
            for key, cell in table.rows():
                cell_id = table.spec.cell_id(key)
                if cell is HIDDEN and (cell_id not in seen or number in edited):
                    seen.add(cell_id)
                    yield number, key, cell_id

    def _narrow_cells(self, witnesses: Witnesses) -> tuple[int, tuple[CellId, ...]]:
        """The smallest width of the subject's cells, and all hidden cells, old ones too, that are narrow."""
        own: list[int] = []
        narrow: list[CellId] = []
        for number, key, cell_id in self._hidden():
            amount, least = self._evidence.amount(number, key), self._threshold(number) - 1
            if number != self._subject and witnesses.spread(amount) >= least:
                continue
            low, high = witnesses.range(amount)
            if number == self._subject:
                own.append(high - low)
            if high - low < least:
                narrow.append(cell_id)
        return min(own, default=0), tuple(narrow)

    def _narrow_behind(self) -> tuple[CellId, ...]:
        """Hidden cells that the full cross-classification behind three or more tables narrows."""
        if self._subject < 2:
            return ()
        evidence = self._evidence.apart()
        if not add_latent(evidence):
            return ()
        program = evidence.program()
        return tuple(
            cell_id
            for number, key, cell_id in self._hidden()
            if _whole_width(program, evidence.amount(number, key)) < self._threshold(number) - 1
        )

    def _threshold(self, number: int) -> int:
        return self._k if number == self._subject else self._evidence.tables[number].k

    def _small_differences(self, witnesses: Witnesses, pairs: Sequence[Nested]) -> Iterator[CellId]:
        """Cells in which two tables, subtracted, show a group of fewer than k."""
        for pair in pairs:
            differences = self._evidence.differences(pair.left, pair.right, pair.link)
            yield from self._small(witnesses, pair, differences)

    def _small_groups(self, witnesses: Witnesses) -> Iterator[CellId]:
        yield from self._small_differences(witnesses, self._evidence.nested)
        for pair, rest in self._evidence.rests:
            yield from self._small(witnesses, pair, rest)

    def _small(self, witnesses: Witnesses, pair: Nested, amounts: Sequence[Amount]) -> Iterator[CellId]:
        spec = self._evidence.tables[pair.left].spec
        for shared, amount in zip(pair.link.sums, amounts, strict=True):
            if witnesses.spread(amount) >= self._k - 1:
                continue
            low, high = witnesses.range(amount)
            nobody = low == high == 0
            many = low >= self._k or high <= -self._k
            if high - low < self._k - 1 and not nobody and not many:
                yield CellId(spec.population, spec.unit, spec.period, tuple(sorted(shared.assignment)))

    # An insider knows herself, and perhaps the one other person in her cell.

    def _insider_finds(self, insiders: Mapping[Key, int]) -> tuple[CellId, ...]:
        """The first cell that an insider finds exactly although it counts somebody she does not know of."""
        table = self._evidence.tables[self._subject]
        for known, count in insiders.items():
            if table[known] is not HIDDEN:
                continue
            amount = self._evidence.amount(self._subject, known)
            program = self._evidence.program([amount.row(count, count)])
            others = [
                (self._evidence.amount(number, key), cell_id)
                for number, key, cell_id in self._hidden()
                if self._counts_others(number, key, known)
            ]
            agreeing = self._believing_nothing.knowing(program, amount, count)
            exact = _exact(agreeing, [other for other, _ in others])
            if exact is not None:
                return (others[exact][1],)
        return ()

    def _counts_others(self, number: int, key: Key, known: Key) -> bool:
        """Whether a cell sums filled cells outside the known one: only then does it count anyone else."""
        cell = self._evidence.amount(number, key)
        region = self._region_in(number, known)
        if region is None:
            return True
        own = self._evidence.region(number, region).form
        return cell.printed > 0 or not own.keys() >= cell.form.keys()

    def _region_in(self, number: int, known: Key) -> Region | None:
        """What the known cell covers in a table whose people are the subject's or among them."""
        subject, table = self._evidence.tables[self._subject].spec, self._evidence.tables[number].spec
        covers = tuple(d.coverage()[node] for d, node in zip(subject.dimensions, known, strict=True))
        if number == self._subject:
            return covers
        found = link(table, subject)
        return next((shared.left for shared in found.sums if shared.right == covers), None) if found else None


def _whole_width(program: Program, amount: Amount) -> int:
    """How far apart the whole numbers inside a linear program's bounds are. Raises Undecided."""
    ends = program.bounds(amount.form) if amount.form else (0.0, 0.0)
    if ends is None:
        raise Undecided
    return floor(ends[1] + _NEAR) - ceil(ends[0] - _NEAR)


def _exact(witnesses: Witnesses, amounts: Sequence[Amount]) -> int | None:
    """The number of the first amount that can have one value only. Raises Undecided."""
    for _ in range(3):  # a mixed sum moves many at once; what it leaves is asked one by one
        fixed = [number for number, amount in enumerate(amounts) if not witnesses.spread(amount)]
        if not fixed:
            return None
        _look(witnesses, _mixed(amounts, fixed))
    for number, amount in enumerate(amounts):
        if not witnesses.spread(amount):
            _look(witnesses, amount.form)
            if not witnesses.spread(amount):
                return number
    return None


def _mixed(amounts: Sequence[Amount], chosen: Sequence[int]) -> dict[int, int]:
    """One sum of several amounts, in weights without a pattern."""
    form: dict[int, int] = {}
    for number in chosen:
        for column, weight in amounts[number].form.items():
            form[column] = form.get(column, 0) + weight * (1 + (number + 1) * 7_919 % 1_009)
    return form


def _look(witnesses: Witnesses, form: Mapping[int, int]) -> None:
    """Meet the points where the form is smallest and where it is largest."""
    for largest in (False, True):
        witnesses.ask(form, largest=largest)


def possible_ranges(table: ProtectedTable, earlier: Sequence[ProtectedTable] = ()) -> dict[Key, tuple[int, int]]:
    """For each hidden cell the smallest and largest number that fits all that is printed. Raises Undecided."""
    evidence = gather([*earlier, table])
    witnesses = Witnesses(evidence.program())
    amounts = {key: evidence.amount(len(earlier), key) for key, cell in table.rows() if cell is HIDDEN}
    return {key: witnesses.range(amount) for key, amount in amounts.items()}
