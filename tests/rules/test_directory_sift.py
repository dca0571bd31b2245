"""A directory taken apart finds the same people in the same order as one looked through whole, or says so."""

import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter.rules import directory
from shelter.rules.directory import Entry
from shelter.rules.directory_apart import PLANES, open_texts, take_apart
from shelter.rules.directory_scan import KEEP, Hit, Scan
from shelter.rules.directory_sift import Sift, suits
from shelter.rules.names_query import Query

FIRST = (
    "María José",
    "Lupita",
    "Mohamed",
    "Chen",
    "Xiaoling",
    "Екатерина",
    "Seán",
    "Ayşe",
    "فاطمة",
    "Rosa",
    "Katya",
    "An",
)
LAST = (
    "González López",
    "Hernández",
    "al-Hassan",
    "Wang",
    "Sokolova",
    "O’Brien",
    "Yılmaz",
    "de la Cruz",
    "Nguyễn",
    "Li",
)
PEOPLE = st.lists(
    st.lists(
        st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)).map(" ".join) | st.sampled_from(FIRST),
        min_size=1,
        max_size=3,
    ).map(tuple),
    max_size=70,
)


class Plain:
    """Pieces as they are, with zeros behind them, as whoever seals them puts there."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = [piece + bytes(32) for piece in pieces]
        self.opened: list[int] = []

    def size(self, number: int) -> int:
        return len(self.pieces[number])

    def into(self, number: int, room: memoryview) -> None:
        self.opened.append(number)
        room[:] = self.pieces[number]


def person_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def segments_of(people: Sequence[tuple[str, ...]], size: int) -> list[bytes]:
    entries = [Entry(person_id(n), names) for n, names in enumerate(people)]
    return [directory.pack(entries[start : start + size]) for start in range(0, len(entries), size)]


def sifted(segments: Sequence[bytes], typed: str, together: int = 3) -> Sift:
    sift = Sift(Query.parse(typed))
    for start in range(0, len(segments), together):
        sift.feed(Plain(take_apart(segments[start : start + together])))
    return sift


def scanned(segments: Iterable[bytes], typed: str) -> list[Hit]:
    scan = Scan(Query.parse(typed))
    for segment in segments:
        scan.feed(segment)
    return scan.hits(500)


TYPED = (
    "maria jose gonzalez",
    "mraia gonzalez",
    "hsiao-ling wang",
    "yekaterina sokolov",
    "mohammed alhassan",
    "obrien sean",
    "delacruz rosa",
    "guadalupe",
    "fatima yilmas",
    "zzzz quux",
)


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.integers(1, 40), st.sampled_from(TYPED))
def test_the_same_people_are_found_in_the_same_order(people: list[tuple[str, ...]], size: int, typed: str) -> None:
    segments = segments_of(people, size)
    assert sifted(segments, typed).hits(500) == scanned(segments, typed)


@given(PEOPLE, st.integers(1, 40))
def test_every_text_is_where_it_is_looked_for(people: list[tuple[str, ...]], size: int) -> None:
    for segment in segments_of(people, size):
        rows = directory.unpack(segment)
        found = open_texts(Plain(take_apart([segment])), range(len(rows)))
        assert [one[0] for one in found] == [row.client_id for row in rows]
        assert [tuple(one[2].split()) for one in found] == [row.keys for row in rows]


def crowd(count: int, seed: int = 5) -> list[tuple[str, ...]]:
    draw = random.Random(seed)
    ends = ("son", "sen", "ova", "ez", "ini", "wala", "sky")
    return [(f"{draw.choice(FIRST)} {draw.choice(LAST)[:4]}{draw.choice(ends)}{n % 97}",) for n in range(count)]


def test_among_thousands_nobody_is_found_worse_than_by_looking_through_all() -> None:
    segments = segments_of(crowd(9000), 512)
    told = 0
    for typed in TYPED:
        sift = sifted(segments, typed, 4)
        if sift.is_crowded:
            continue
        told += 1
        mine, theirs = sift.hits(KEEP), scanned(segments, typed)[:KEEP]
        assert [hit.score for hit in mine[:20]] >= [hit.score for hit in theirs[:20]], typed
    assert told > 3


def test_a_name_that_thousands_bear_is_a_crowd_and_another_is_none() -> None:
    segments = segments_of([(f"Mary Number{n}",) for n in range(6000)], 2048)
    assert sifted(segments, "mary").is_crowded
    assert not sifted(segments, "somebody different").is_crowded


def test_only_the_planes_asked_for_and_texts_of_the_nearest_are_opened() -> None:
    pieces = Plain(take_apart(segments_of(crowd(4000), 1000)))
    sift = Sift(Query.parse("rosa wangson12"))
    sift.feed(pieces)
    planes = list(pieces.opened)
    assert len(planes) == len(set(planes)) < PLANES / 4
    sift.hits()
    assert len(pieces.opened) - len(planes) < 2 * KEEP < 4000


def test_nobody_is_taken_apart_in_peace() -> None:
    assert take_apart([]) == []
    segments = [directory.pack([]), *segments_of([("Rosa Wang",)], 1)]
    assert [hit.client_id for hit in sifted(segments, "rosa wang").hits()] == [person_id(0)]


@pytest.mark.parametrize(("typed", "answer"), [("xu", False), ("li na", False), ("rosa", True)])
def test_short_words_are_looked_for_letter_by_letter(typed: str, answer: bool) -> None:
    assert suits(Query.parse(typed)) is answer
