"""Which facts count, over parts of columns: the newest of each source, nobody erased, merged people as one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from shelter.db.inbox import AS, GONE, SAME, Fact
from shelter.reports.columns import Block, Column, Ids, Numbers, Part, Word, ids, said
from shelter.reports.parts import columns_of, everybody, one_column

Mask = npt.NDArray[np.bool_]
WHO = frozenset({"person", "identity"})
"""Facts that are said once of a person: her birth year; in exact records who she is."""
_DENSE = 1 << 27
"""Bytes that one table of people by words may take; beyond it pairs are sorted."""


@dataclass(frozen=True, slots=True)
class Table:
    """The facts of one kind that count; `persons` are places among all the people of the ledger."""

    what: str
    persons: Numbers
    sources: Ids
    versions: Numbers
    generations: Numbers
    origin: Column
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.persons)

    def only(self, keep: Mask) -> "Table":
        return replace(
            self,
            persons=self.persons[keep],
            sources=self.sources[keep],
            versions=self.versions[keep],
            generations=self.generations[keep],
            origin=Column(self.origin.words, self.origin.places[keep]),
            columns={name: Column(one.words, one.places[keep]) for name, one in self.columns.items()},
        )

    def where(self, name: str, holds: Callable[[Word], bool]) -> "Table":
        """The facts whose value `holds` says yes to; it is asked once a word."""
        column = self.columns.get(name)
        if column is None:
            return self if holds(None) else self.only(np.zeros(len(self), np.bool_))
        return self.only(np.array([holds(word) for word in column.words], np.bool_)[column.places])


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that counts now."""

    people: Ids
    tables: dict[str, Table]
    generation: int = 0
    same: dict[bytes, bytes] = field(default_factory=dict)
    """Who counts as whom, of those whose two records were joined."""

    def facts(self) -> Iterator[Fact]:
        people = ids(self.people)
        for table in self.tables.values():
            yield from _facts(table, people)

    def unduplicated(self, what: str, name: str) -> dict[Word, int]:
        """How many people stand under each word of a value, each once under each."""
        table = self.tables.get(what)
        if table is None or name not in table.columns:
            return {}
        column = table.columns[name]
        wide = len(column.words)
        pairs = table.persons.astype(np.int64) * wide + column.places
        if len(self.people) * wide <= _DENSE:
            seen = np.zeros(len(self.people) * wide, np.uint8)
            seen[pairs] = 1
            counts = seen.reshape(-1, wide).sum(0, dtype=np.int64)
        else:
            counts = np.bincount(np.unique(pairs) % wide, minlength=wide)
        return {
            word: int(count) for word, count in zip(column.words, counts, strict=True) if word is not None and count
        }


def _facts(table: Table, people: list[bytes]) -> Iterator[Fact]:
    for values, person, source, version, generation, origin in zip(
        said(table.columns, len(table)),
        table.persons.tolist(),
        ids(table.sources),
        table.versions.tolist(),
        table.generations.tolist(),
        table.origin.places.tolist(),
        strict=True,
    ):
        yield Fact(
            source=source,
            origin=str(table.origin.words[origin]),
            version=version,
            generation=generation,
            person=people[person],
            what=table.what,
            values=values,
        )


def standing(settled: Sequence[Part], loose: Part) -> Standing:
    """`settled` holds each source once over all parts, `loose` too; of one in both the newer counts."""
    parts = [*settled, loose]
    counting = [part.deleted == 0 for part in parts]
    last = _leave_out_older(settled, loose, counting)
    people, places = everybody(parts)
    persons = [where[part.persons] for where, part in zip(places, parts, strict=True)]
    for part, keep in zip(parts, counting, strict=True):
        keep &= part.generations == last
    _leave_out_gone(parts, persons, counting, len(people))
    return _as_one(Standing(people, _tables(parts, persons, counting), last))


def _leave_out_older(settled: Sequence[Part], loose: Part, counting: list[Mask]) -> int:
    """Takes what is older than its counterpart out of those that count; returns the newest generation of all."""
    if len(loose.sources):
        order = np.argsort(loose.sources[:, 0], kind="stable")
        firsts = loose.sources[order, 0]
        for part, keep in zip(settled, counting, strict=False):
            at = np.minimum(np.searchsorted(firsts, part.sources[:, 0]), len(firsts) - 1)
            for row in np.flatnonzero(firsts[at] == part.sources[:, 0]).tolist():
                other = _counterpart(loose, order, int(at[row]), part.sources[row])
                if other is None:
                    continue
                settled_is = (int(part.generations[row]), int(part.versions[row]))
                if (int(loose.generations[other]), int(loose.versions[other])) > settled_is:
                    keep[row] = False
                else:
                    counting[-1][other] = False
    return max((int(part.generations.max()) for part in (*settled, loose) if len(part.generations)), default=0)


def _counterpart(loose: Part, order: Numbers, at: int, source: Ids) -> int | None:
    """The loose fact of a source, from where its first word stands in order."""
    while at < len(order) and loose.sources[order[at], 0] == source[0]:
        if (loose.sources[order[at]] == source).all():
            return int(order[at])
        at += 1
    return None


def _leave_out_gone(
    parts: Sequence[Part], persons: Sequence[npt.NDArray[np.int64]], counting: Sequence[Mask], people: int
) -> None:
    """Nothing counts of those who were erased."""
    gone = [
        each[block.start : block.stop]
        for part, each in zip(parts, persons, strict=True)
        for block in part.blocks
        if block.what == GONE
    ]
    if gone:
        here = np.ones(people, np.bool_)
        here[np.concatenate(gone)] = False
        for each, keep in zip(persons, counting, strict=True):
            keep &= here[each]


def _tables(
    parts: Sequence[Part], persons: Sequence[npt.NDArray[np.int64]], counting: Sequence[Mask]
) -> dict[str, Table]:
    kinds: dict[str, list[tuple[Part, Block, npt.NDArray[np.int64], Mask]]] = {}
    for part, each, keep in zip(parts, persons, counting, strict=True):
        for block in part.blocks:
            kinds.setdefault(block.what, []).append((part, block, each, keep))
    return {what: _table(what, told) for what, told in kinds.items()}


def _table(what: str, told: list[tuple[Part, Block, npt.NDArray[np.int64], Mask]]) -> Table:
    rows = [(part, slice(block.start, block.stop), each, keep) for part, block, each, keep in told]
    whole = Table(
        what,
        np.concatenate([each[here] for _, here, each, _ in rows]),
        np.concatenate([part.sources[here] for part, here, _, _ in rows]),
        np.concatenate([part.versions[here] for part, here, _, _ in rows]),
        np.concatenate([part.generations[here] for part, here, _, _ in rows]),
        one_column([Column([*part.origins], part.origin[here]) for part, here, _, _ in rows]),
        columns_of([block for _, block, _, _ in told]),
    )
    keep = np.concatenate([keep[here] for _, here, _, keep in rows])
    return whole if keep.all() else whole.only(keep)


# -- two records of one person ---------------------------------------------------


def _as_one(found: Standing) -> Standing:
    """Facts of two records of one person as of one; who she is is said once, by the record that was kept."""
    tables = dict(found.tables)
    merged = tables.pop(SAME, None)
    if merged is None or not len(merged):
        return replace(found, tables=tables)
    known = ids(found.people)
    places = {person: place for place, person in enumerate(known)}
    now, same = np.arange(len(known), dtype=np.int64), {}
    said_as = merged.columns[AS]
    for person, word in zip(merged.persons.tolist(), said_as.places.tolist(), strict=True):
        same[known[person]] = bytes.fromhex(str(said_as.words[word]))
        now[person] = places.setdefault(same[known[person]], len(places))
    people = np.frombuffer(b"".join(places), "<u8").reshape(-1, 2)
    joined = {what: _once(table, now, len(places)) for what, table in tables.items()}
    return Standing(people, joined, found.generation, same)


def _once(table: Table, now: npt.NDArray[np.int64], people: int) -> Table:
    persons = now[table.persons]
    same = replace(table, persons=persons)
    if table.what not in WHO:
        return same
    moved = persons != table.persons
    kept = np.zeros(people, np.bool_)
    kept[table.persons[~moved]] = True
    return same.only(~(moved & kept[persons]))
