"""The one door: a table of counts comes out as a release that is protected, proved and audited, or is refused.

A `Release` is what the ledger seals. It holds nothing that the printed table does not tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.disclosure.attack import Audit, audit
from shelter.rules.disclosure.certificate import Certificate, verify_certificate
from shelter.rules.disclosure.primary import DEFAULT_K, require_threshold
from shelter.rules.disclosure.protect import Protection, protect
from shelter.rules.disclosure.spec import CellId, Key, TableSpec
from shelter.rules.disclosure.table import CountTable, ProtectedTable

TOO_FEW: Final = "disclosure.refused.too_few"
_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Release:
    """A table that may be shown, with its proof. `edition` counts up when a correction changed what is printed."""

    protected: ProtectedTable
    certificate: Certificate
    audit: Audit
    edition: int = 1

    @property
    def spec(self) -> TableSpec:
        return self.protected.spec

    @property
    def pattern(self) -> frozenset[Key]:
        """The hidden cells."""
        return self.protected.hidden

    def numbered(self, ledger_number: int) -> "Release":
        return replace(self, protected=self.protected.numbered(ledger_number))

    def still_prints(self, table: CountTable) -> bool:
        """Whether these counts, under the stored pattern, print what was printed."""
        again = ProtectedTable.of(table, self.pattern, self.protected.k)
        return again.cells == self.protected.cells and all(table[key] > 0 for key in self.pattern)

    def to_dict(self) -> dict[str, object]:
        """Plain dicts, lists, texts and numbers, for the sealed ledger."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, object]) -> "Release":
        """Raises Broken for anything but a release whose certificate holds."""
        try:
            release = msgspec.convert(plain, cls)
        except (msgspec.ValidationError, Broken):
            raise Broken("disclosure.release_damaged") from None
        protected = release.protected
        whole = len(protected.cells) == len(protected.spec.all_keys())
        if not whole or not verify_certificate(protected, release.certificate, protected.k):
            raise Broken("disclosure.release_damaged")
        return release


@dataclass(frozen=True, slots=True)
class Refused:
    """A table that may not be shown. `reason` is the message key of a plain sentence; no count stands in it."""

    reason: str
    failing_cells: tuple[CellId, ...] = ()


def protect_and_audit(table: CountTable, k: int = DEFAULT_K, earlier: Sequence[Release] = ()) -> Release | Refused:
    """Protect a table and audit it together with all that was released before, oldest first.

    A table that prints as it did is given back as it was. One that changed is a new edition, audited jointly with
    the old; where a reader could subtract them it is refused. Raises Broken for a k under 5.
    """
    require_threshold(k)
    editions = [release for release in earlier if _counts_the_same(release.spec, table.spec)]
    for standing in reversed(editions):
        if standing.spec == table.spec and standing.still_prints(table):
            return standing
    printed = [release.protected for release in earlier]
    public, forced = _already_said(table, printed)
    for _ in range(_ROUNDS):
        try:
            protection = protect(table, k, forced=forced, public=public)
        except Broken as refused:
            return Refused(refused.message_key)
        if _shows_nobody(protection.protected):
            return Refused(TOO_FEW)
        judged = _judge(table, k, protection, printed)
        if judged.passed:
            protected = protection.protected.audited(judged.smallest_width)
            return Release(protected, protection.certificate, judged, len(editions) + 1)
        more = _related(protection.protected, judged.failing_cells) - public
        if not more:
            break
        forced |= more
    return Refused(judged.reason or TOO_FEW, judged.failing_cells)


def _counts_the_same(left: TableSpec, right: TableSpec) -> bool:
    """Whether two specs ask for the same cells, whatever their titles."""
    return replace(left, title=right.title) == right


def _judge(table: CountTable, k: int, protection: Protection, printed: Sequence[ProtectedTable]) -> Audit:
    insiders = {key: table[key] for key in table.spec.all_keys() if table[key] in (1, 2)}
    judged = audit(protection.protected, k, printed, insiders)
    if judged.passed and not verify_certificate(protection.protected, protection.certificate, k):
        return Audit(False, judged.smallest_width, (), "disclosure.refused.cannot_protect")
    return judged


def _already_said(table: CountTable, printed: Sequence[ProtectedTable]) -> tuple[frozenset[Key], frozenset[Key]]:
    """Cells whose number is public already, and cells that were hidden and must stay so."""
    keys = {table.spec.cell_id(key): key for key in table.spec.all_keys()}
    public, hidden = set[Key](), set[Key]()
    for earlier in printed:
        for cell_id, cell in earlier.identified().items():
            key = keys.get(cell_id)
            if key is not None and isinstance(cell, int) and cell == table[key]:
                public.add(key)
            elif key is not None and not isinstance(cell, int):
                hidden.add(key)
    return frozenset(public), frozenset(hidden - public)


def _shows_nobody(protected: ProtectedTable) -> bool:
    return protected.hidden_count > 0 and not any(isinstance(cell, int) and cell for cell in protected.cells)


def _related(protected: ProtectedTable, failing: Sequence[CellId]) -> frozenset[Key]:
    """Numbers printed in this table of the same categories as failing cells, or else of some of them."""
    exactly, partly = set[Key](), set[Key]()
    wanted = [frozenset(cell_id.assignment) for cell_id in failing]
    for key, cell in protected.rows():
        own = frozenset(protected.spec.cell_id(key).assignment)
        if isinstance(cell, int) and cell > 0:
            if own in wanted:
                exactly.add(key)
            elif own and any(own < assignment for assignment in wanted):
                partly.add(key)
    return frozenset(exactly or partly)
