"""Parts of columns put together, resolved and divided, without a look at each fact."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from shelter.db.inbox import FRAME, RECORD
from shelter.reports.columns import Block, Column, Ids, Numbers, Part, Word

ENTRIES = 4096
MOST_BYTES = 4 << 20
"""What a segment is filled to at most, unless one person's facts alone are more; an exact record can be long."""


def joined(parts: Sequence[Part]) -> Part:
    """All facts of several parts as one, those of one kind together; nothing is resolved."""
    if len(parts) == 1:
        return parts[0]
    people, where = everybody(parts)
    starts = np.cumsum([0, *(len(part.persons) for part in parts)])
    kinds: dict[str, list[tuple[int, Block]]] = {}
    for start, part in zip(starts.tolist(), parts, strict=False):
        for block in part.blocks:
            kinds.setdefault(block.what, []).append((start, block))
    rows = [np.arange(start + b.start, start + b.stop) for told in kinds.values() for start, b in told]
    order = np.concatenate(rows) if rows else np.arange(0)
    origin = one_column([Column([*part.origins], part.origin) for part in parts])
    blocks, at = [], 0
    for what, told in kinds.items():
        count = sum(block.stop - block.start for _, block in told)
        blocks.append(Block(what, at, at + count, columns_of([block for _, block in told])))
        at += count
    return Part(
        people=people,
        sources=np.concatenate([part.sources for part in parts])[order],
        persons=np.concatenate([places[part.persons] for places, part in zip(where, parts, strict=True)])[order],
        versions=np.concatenate([part.versions for part in parts])[order],
        generations=np.concatenate([part.generations for part in parts])[order],
        deleted=np.concatenate([part.deleted for part in parts])[order],
        origins=[str(word) for word in origin.words],
        origin=origin.places[order],
        blocks=blocks,
    )


def everybody(parts: Sequence[Part]) -> tuple[Ids, list[npt.NDArray[np.int64]]]:
    """All the people of all parts once, and where those of each part stand among them."""
    told = np.concatenate([part.people for part in parts])
    order = np.lexsort((told[:, 1], told[:, 0]))
    ordered = told[order]
    new = np.ones(len(told), np.bool_)
    new[1:] = (ordered[1:] != ordered[:-1]).any(1)
    places = np.empty(len(told), np.int64)
    places[order] = np.cumsum(new) - 1
    ends = np.cumsum([len(part.people) for part in parts])[:-1]
    return ordered[new], np.split(places, ends)


def columns_of(blocks: Sequence[Block]) -> dict[str, Column]:
    """The columns of blocks of one kind, one after the other; silent where a block does not have one."""
    names = dict.fromkeys(name for block in blocks for name in block.columns)
    return {name: one_column([_column(block, name) for block in blocks]) for name in names}


def _column(block: Block, name: str) -> Column:
    silent = Column([None], np.zeros(block.stop - block.start, np.uint8))
    return block.columns.get(name, silent)


def one_column(columns: Sequence[Column]) -> Column:
    known: dict[Word, int] = {}
    where = [np.array([known.setdefault(word, len(known)) for word in one.words], np.uint32) for one in columns]
    return Column(list(known), np.concatenate([places[one.places] for places, one in zip(where, columns, strict=True)]))


def newest(part: Part) -> Part:
    """Of several facts with one source the highest version of the newest generation."""
    first = part.sources[:, 0]
    order = np.lexsort((part.versions, part.generations, first))
    same = first[order[1:]] == first[order[:-1]]
    if not same.any():
        return part
    if (part.sources[order[1:]][same] != part.sources[order[:-1]][same]).any():  # half alike: by all of it
        words = [part.sources[:, at] for at in (3, 2, 1, 0)]
        order = np.lexsort((part.versions, part.generations, *words))
        same = (part.sources[order[1:]] == part.sources[order[:-1]]).all(1)
        if not same.any():
            return part
    last = np.append(~same, True)
    return part.take(np.sort(order[last]))


def places_of(people: Ids, segments: int) -> npt.NDArray[np.int64]:
    """The number of the segment, of so many, in which each person's facts lie (linear hashing, Litwin 1980)."""
    said, power = people[:, 0].byteswap(), 1 << segments.bit_length() - 1
    place = said % np.uint64(2 * power)
    return np.where(place < segments, place, said % np.uint64(power)).astype(np.int64)


def place_of(person: bytes, segments: int) -> int:
    """The same of one person."""
    return int(places_of(np.frombuffer(person, "<u8").reshape(1, 2), segments)[0])


def enough(part: Part, least: int) -> int:
    """Into how many segments, `least` or more, its people are divided so that none is crowded."""
    if not len(part.persons):
        return max(1, least)
    entries = np.bincount(part.persons, minlength=len(part.people))
    sizes = np.bincount(part.persons, _sizes(part), len(part.people)).astype(np.int64)
    count = max(1, least, -(-len(part.persons) // ENTRIES))
    while _is_crowded(places_of(part.people, count), entries, sizes):
        count += 1 + count // 32
    return count


def _sizes(part: Part) -> npt.NDArray[np.int64]:
    sizes = np.full(len(part.persons), FRAME, np.int64)
    for block in part.blocks:
        told = block.columns.get(RECORD)
        if told is not None:
            sizes[block.start : block.stop] += np.array([len(str(word)) for word in told.words])[told.places]
    return sizes


def _is_crowded(places: Numbers, entries: Numbers, sizes: Numbers) -> bool:
    """Whether dividing would help: the person of whom most is told stays whole and is not counted."""
    order = np.lexsort((sizes, places))
    most = order[np.append(places[order[1:]] != places[order[:-1]], True)]
    others = np.ones(len(places), np.bool_)
    others[most] = False
    crowded = np.bincount(places, entries * others) > ENTRIES
    crowded |= np.bincount(places, sizes * others) > MOST_BYTES
    return bool(crowded.any())


def divided(part: Part, segments: int) -> Iterator[tuple[int, Part]]:
    """What lies in each of so many segments, one after the other."""
    places = places_of(part.people, segments)[part.persons]
    order = np.argsort(places, kind="stable")
    ends = np.searchsorted(places[order], np.arange(segments + 1)).tolist()
    for no, (start, stop) in enumerate(pairwise(ends)):
        yield no, part.take(order[start:stop])


def of_people(part: Part, people: Iterable[bytes], *, others: bool = False) -> Part:
    """Its facts about some people, or with `others` all but those."""
    return part.take(np.flatnonzero(_is_about(part, people) != others))


def but_kinds(part: Part, kinds: frozenset[str]) -> Part:
    """Its facts of other kinds, and of these what was deleted: an older version of it may still wait."""
    kept = part.deleted != 0
    for block in part.blocks:
        if block.what not in kinds:
            kept[block.start : block.stop] = True
    return part.take(np.flatnonzero(kept))


def _is_about(part: Part, people: Iterable[bytes]) -> npt.NDArray[np.bool_]:
    known = np.frombuffer(b"".join(people), "<u8").reshape(-1, 2)
    theirs: npt.NDArray[np.bool_] = (part.people[:, None, :] == known[None, :, :]).all(2).any(1)
    return theirs[part.persons]
