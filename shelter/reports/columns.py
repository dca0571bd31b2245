"""What a folded segment holds: facts as columns, a word said often once, whose they are as small numbers.

`magic 4 | u32 length of the head | head | zeros | arrays`, each array begun at a multiple of eight bytes. The head says
how many people there are, the kinds of facts, and for each value the words it takes; arrays hold the places of words
in it. The magic's first byte begins no msgpack message: segments of the first format are told apart by it, and a
reader of that format refuses this one instead of misreading it. What was folded lately has a magic of its own, so that
a reader who knows settled segments alone refuses a ledger of which she would see only a part.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from shelter.db.inbox import Fact

Numbers = npt.NDArray[np.integer]
Ids = npt.NDArray[np.uint64]
"""Ids as words of eight bytes: two for whoever it is about, four for where it comes from."""
Word = str | int | None
"""None where a fact says nothing under a name."""
_Said = TypeVar("_Said")
MAGIC = b"\xc1COL"
YOUNG = b"\xc1NEW"
"""Begins a segment of what was folded lately: a source may lie in several, and in a settled one."""
_PLACES = ("<u1", "<u2", "<u4")


class _Named(msgspec.Struct, array_like=True):
    name: str
    words: list[Word]


class _Block(msgspec.Struct, array_like=True):
    what: str
    count: int
    columns: list[_Named]


class _Head(msgspec.Struct, array_like=True):
    people: int
    origins: list[str]
    blocks: list[_Block]


_head = msgspec.msgpack.Decoder(_Head)


@dataclass(frozen=True, slots=True)
class Column:
    """The places of each fact's word in `words`."""

    words: list[Word]
    places: Numbers


@dataclass(frozen=True, slots=True)
class Block:
    """Facts of one kind: the rows from `start` to `stop` of its part."""

    what: str
    start: int
    stop: int
    columns: dict[str, Column]


@dataclass(frozen=True, slots=True)
class Part:
    """The facts of one segment; `persons` are places in `people`."""

    people: Ids
    sources: Ids
    persons: Numbers
    versions: Numbers
    generations: Numbers
    deleted: npt.NDArray[np.uint8]
    origins: list[str]
    origin: Numbers
    blocks: list[Block]

    def take(self, rows: Numbers) -> "Part":
        """Some of its facts, by their places in ascending order."""
        ends = np.searchsorted(rows, [at for block in self.blocks for at in (block.start, block.stop)]).tolist()
        blocks = []
        for block, start, stop in zip(self.blocks, ends[::2], ends[1::2], strict=True):
            within = rows[start:stop] - block.start
            columns = {name: Column(one.words, one.places[within]) for name, one in block.columns.items()}
            blocks.append(Block(block.what, start, stop, columns))
        return replace(
            self,
            sources=self.sources[rows],
            persons=self.persons[rows],
            versions=self.versions[rows],
            generations=self.generations[rows],
            deleted=self.deleted[rows],
            origin=self.origin[rows],
            blocks=[block for block in blocks if block.stop > block.start],
        )


def is_columns(content: bytes | memoryview) -> bool:
    return bytes(content[:4]) in (MAGIC, YOUNG)


def packed(facts: Iterable[Fact]) -> bytes:
    """Facts as a segment's content, those of one kind together."""
    return written(part_of(facts))


def part_of(facts: Iterable[Fact]) -> Part:
    """Facts as arrays, those of one kind together."""
    kinds: dict[str, list[Fact]] = {}
    for fact in facts:
        kinds.setdefault(fact.what, []).append(fact)
    ordered = [fact for kind in kinds.values() for fact in kind]
    people, persons = _told([fact.person for fact in ordered])
    origins, origin = _told([fact.origin for fact in ordered])
    blocks, start = [], 0
    for what, kind in kinds.items():
        names = dict.fromkeys(name for fact in kind for name in fact.values)
        columns = {name: Column(*_told([fact.values.get(name) for fact in kind])) for name in names}
        blocks.append(Block(what, start, start + len(kind), columns))
        start += len(kind)
    return Part(
        people=np.frombuffer(b"".join(people), "<u8").reshape(-1, 2),
        sources=np.frombuffer(b"".join(fact.source for fact in ordered), "<u8").reshape(-1, 4),
        persons=persons,
        versions=np.array([fact.version for fact in ordered], "<u4"),
        generations=np.array([fact.generation for fact in ordered], "<u4"),
        deleted=np.array([fact.deleted for fact in ordered], "<u1"),
        origins=origins,
        origin=origin,
        blocks=blocks,
    )


def written(part: Part, magic: bytes = MAGIC) -> bytes:
    """A part as a segment's content; people and words that no fact has are left out."""
    everybody, persons = _used(part.persons)
    whence, origin = _used(part.origin)
    arrays = [
        part.people[everybody].tobytes(),
        part.sources.tobytes(),
        persons,
        part.versions.astype("<u4").tobytes(),
        part.generations.astype("<u4").tobytes(),
        part.deleted.tobytes(),
        origin,
    ]
    blocks = []
    for block in part.blocks:
        named = []
        for name, column in block.columns.items():
            words, places = _used(column.places)
            if [column.words[word] for word in words] == [None]:
                continue
            named.append(_Named(name, [column.words[word] for word in words]))
            arrays.append(places)
        blocks.append(_Block(block.what, block.stop - block.start, named))
    head = msgspec.msgpack.encode(_Head(len(everybody), [part.origins[one] for one in whence], blocks))
    start = magic + len(head).to_bytes(4, "little") + head
    return b"".join(map(_aligned, (start, *arrays)))


def _used(places: Numbers) -> tuple[list[int], bytes]:
    """The places that occur, and each as its place among these."""
    used, among = np.unique(places, return_inverse=True)
    return used.tolist(), among.astype(_kind(len(used))).tobytes()


def _told(said: Sequence[_Said]) -> tuple[list[_Said], Numbers]:
    """Each word once, in the order of saying, and the place of each that was said."""
    known: dict[_Said, int] = {}
    places = [known.setdefault(word, len(known)) for word in said]
    return list(known), np.array(places, _kind(len(known)))


def _kind(words: int) -> str:
    return next(kind for kind in _PLACES if words <= 1 << 8 * int(kind[-1]))


def _aligned(raw: bytes) -> bytes:
    return raw + bytes(-len(raw) % 8)


class _Arrays:
    """Arrays of a content one after the other, each copied out of the buffer that is overwritten after it."""

    def __init__(self, content: memoryview, at: int) -> None:
        self._content, self._at = content, at

    def take(self, kind: str, count: int) -> npt.NDArray[Any]:
        found: npt.NDArray[Any] = np.frombuffer(self._content, np.dtype(kind), count, self._at).copy()
        self._at += found.nbytes + -found.nbytes % 8
        return found


def unpacked(content: memoryview) -> Part:
    """A segment's content as arrays of its own. Raises ValueError or msgspec.DecodeError for another format."""
    if not is_columns(content):
        raise ValueError("not columns")
    end = 8 + int.from_bytes(content[4:8], "little")
    head = _head.decode(content[8:end])
    arrays, count = _Arrays(content, end + -end % 8), sum(block.count for block in head.blocks)
    return Part(
        people=arrays.take("<u8", 2 * head.people).reshape(-1, 2),
        sources=arrays.take("<u8", 4 * count).reshape(-1, 4),
        persons=arrays.take(_kind(head.people), count),
        versions=arrays.take("<u4", count),
        generations=arrays.take("<u4", count),
        deleted=arrays.take("<u1", count),
        origins=head.origins,
        origin=arrays.take(_kind(len(head.origins)), count),
        blocks=list(_blocks(head.blocks, arrays)),
    )


def _blocks(told: list[_Block], arrays: _Arrays) -> Iterator[Block]:
    start = 0
    for block in told:
        columns = {
            one.name: Column(one.words, arrays.take(_kind(len(one.words)), block.count)) for one in block.columns
        }
        yield Block(block.what, start, start + block.count, columns)
        start += block.count


def facts_in(part: Part) -> Iterator[Fact]:
    """The same facts one by one."""
    people, sources = ids(part.people), ids(part.sources)
    for block in part.blocks:
        rows = slice(block.start, block.stop)
        for values, source, person, version, generation, deleted, origin in zip(
            said(block.columns, block.stop - block.start),
            sources[rows],
            part.persons[rows].tolist(),
            part.versions[rows].tolist(),
            part.generations[rows].tolist(),
            part.deleted[rows].tolist(),
            part.origin[rows].tolist(),
            strict=True,
        ):
            yield Fact(
                source=source,
                origin=part.origins[origin],
                version=version,
                generation=generation,
                person=people[person],
                what=block.what,
                values=values,
                deleted=bool(deleted),
            )


def said(columns: dict[str, Column], count: int) -> Iterator[dict[str, str | int]]:
    """The values of each of `count` facts."""
    names = list(columns)
    words = [[one.words[place] for place in one.places.tolist()] for one in columns.values()]
    for row in zip(*words, strict=True) if names else ((),) * count:
        yield {name: word for name, word in zip(names, row, strict=True) if word is not None}


def ids(words: Ids) -> list[bytes]:
    raw, long = words.tobytes(), 8 * words.shape[1]
    return [raw[at : at + long] for at in range(0, len(raw), long)]
