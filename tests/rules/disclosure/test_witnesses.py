"""What is asked once need not be asked again; what is added to one copy of the evidence is not in the other."""

from dataclasses import replace

import pytest

from shelter.rules.disclosure.evidence import Amount, gather
from shelter.rules.disclosure.solver import Program
from shelter.rules.disclosure.table import HIDDEN, ProtectedTable
from shelter.rules.disclosure.witnesses import Witnesses
from tests.rules.disclosure.attackers import enumerated_ranges
from tests.rules.disclosure.tables import grid

SMALL = grid([[3, 12, 7], [11, 2, 6], [4, 8, 5]])


def hidden() -> ProtectedTable:
    """A rectangle of four hidden cells: everything else is printed."""
    inner = SMALL.spec.inner_keys()
    return ProtectedTable.of(SMALL, frozenset(inner[place] for place in (0, 1, 3, 4)), 5)


def test_the_same_hidden_cells_beside_other_printed_numbers_are_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = gather([hidden()])
    witnesses, asked = Witnesses(evidence.program()), []
    reach = Program.reach

    def counted(self: Program, form: dict[int, int], *, largest: bool) -> object:
        asked.append(largest)
        return reach(self, form, largest=largest)

    monkeypatch.setattr(Program, "reach", counted)
    truth = enumerated_ranges(hidden())
    assert truth
    for key, ends in truth.items():
        amount = evidence.amount(0, key)
        before = len(asked)
        assert witnesses.range(amount) == ends
        assert len(asked) <= before + 2
        before = len(asked)
        beside = replace(amount, printed=amount.printed + 5)
        assert witnesses.range(beside) == (ends[0] + 5, ends[1] + 5)
        assert len(asked) == before
        low, high = witnesses.range(Amount({c: -w for c, w in amount.form.items()}, 0))
        assert (low, high) == (amount.printed - ends[1], amount.printed - ends[0])


def test_another_program_is_asked_for_itself() -> None:
    evidence = gather([hidden()])
    key = next(key for key, cell in hidden().rows() if cell is HIDDEN)
    amount = evidence.amount(0, key)
    witnesses = Witnesses(evidence.program())
    low, high = witnesses.range(amount)
    known = witnesses.knowing(evidence.program([amount.row(low, low)]), amount, low)
    assert known.range(amount) == (low, low) != (low, high)


def test_what_is_added_to_evidence_taken_apart_is_not_in_the_first() -> None:
    evidence = gather([hidden()])
    rows, columns = list(evidence.rows), evidence.program().size
    other = evidence.apart()
    assert other.rows == rows
    other.require(next(iter(other.rows)))
    other.unprinted(3)
    assert (evidence.rows, evidence.program().size) == (rows, columns)
    assert other.program().size == columns + 3
