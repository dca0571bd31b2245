"""Folding: old segments become columns, people are divided over segments, and what counts never changes by it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from shelter.db.inbox import Fact, say_same
from shelter.db.packed import Segment
from shelter.db.segments import change, next_no, put_new, read
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.reports import folding
from shelter.reports.columns import is_columns
from shelter.reports.folding import fold, place_of
from shelter.reports.ledger import columns, current, held, opened, shelf_of
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.reports.test_ledger import coded, say


def of(no: int) -> bytes:
    return bytes([no]) * 16


def fold_all(world: World) -> None:
    director = world.actor("director")
    with recorded(director, Act.REPORTS_SEE):
        while fold(director):
            pass


def told(world: World) -> list[tuple[bytes, bytes, str, dict[str, str | int]]]:
    return sorted((fact.person, fact.source, fact.what, fact.values) for fact in current(world.actor("director")))


def segments(world: World) -> list[list[Fact]]:
    director = world.actor("director")
    shelf = shelf_of(director, Kind.IDENTITY.value)
    contents = [read(director, shelf, no) for no in range(next_no(shelf))]
    assert all(map(is_columns, contents))
    return [held(content) for content in contents]


def as_before_columns(world: World) -> None:
    """What waits in the inbox lies in segments as the version before wrote them, two facts in each."""
    director = world.actor("director")
    facts = [fact for batch in opened(director) for fact in batch.facts]
    with recorded(director, Act.REPORTS_SEE):
        for no, start in enumerate(range(0, len(facts), 2)):
            shelf = shelf_of(director, Kind.IDENTITY.value)
            put_new(director, shelf, no, msgspec.msgpack.encode(facts[start : start + 2]))


def test_people_are_divided_and_each_lies_whole_in_one_segment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "ENTRIES", 4)
    for start in range(1, 40, 6):
        say(world, *(coded(of(no), born=1900 + no) for no in range(start, start + 6)))
        before = told(world)
        fold_all(world)
        assert told(world) == before
    found = segments(world)
    assert len(found) > 8
    assert max(map(len, found)) <= 5, "four, and of one person whatever is told"
    for no, facts in enumerate(found):
        assert {place_of(fact.person, len(found)) for fact in facts} <= {no}


def test_what_the_version_before_wrote_is_read_and_written_anew(world: World, db: Any) -> None:
    say(world, *(coded(of(no), born=1900 + no) for no in range(1, 8)), coded(of(3), 2, born=1977))
    as_before_columns(world)
    before = told(world)
    assert len(before) == 7
    say(world, coded(of(1), 3), coded(of(2), 2, born=1888), coded(of(9), born=1999))
    before = told(world)
    fold_all(world)
    assert told(world) == before
    assert [fact.version for facts in segments(world) for fact in facts if not fact.deleted].count(2) == 2
    say(world, coded(of(2), 1, born=1777), coded(of(1), 2, born=1777))
    assert told(world) == before, "an older version that comes late changes nothing"
    fold_all(world)
    assert told(world) == before


def test_two_records_of_one_person_count_once_over_segments(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "ENTRIES", 1)
    say(world, *(coded(of(no), born=1990) for no in range(1, 7)))
    with recorded(world.actor("supervisor"), Act.CLIENTS_UPDATE):
        say_same(world.actor("supervisor"), of(1), of(2), (b"m" * 16, 1))
        say_same(world.actor("supervisor"), of(3), of(99), (b"n" * 16, 1))
    for _ in range(2):
        assert columns(world.actor("director")).unduplicated("person", "born") == {1990: 5}
        fold_all(world)


def test_one_more_fact_writes_one_segment(world: World, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "ENTRIES", 8)
    say(world, *(coded(of(no), born=1900 + no) for no in range(1, 40)))
    fold_all(world)
    before = dict(db.session.execute(select(Segment.no, Segment.version).where(Segment.store == "facts")).all())
    say(world, coded(of(5), 2, born=1950))
    fold_all(world)
    after = dict(db.session.execute(select(Segment.no, Segment.version).where(Segment.store == "facts")).all())
    assert len(before) > 4
    assert sum(after[no] != version for no, version in before.items()) == 1


def test_a_fold_that_is_broken_off_leaves_everything_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "ENTRIES", 4)
    say(world, *(coded(of(no), born=1900 + no) for no in range(1, 9)))
    as_before_columns(world)
    before, written = told(world), []

    def breaks_off(*args: Any) -> bool:
        written.append(args)
        if len(written) == 2:
            raise KeyboardInterrupt
        return change(*args)

    monkeypatch.setattr(folding, "change", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        fold_all(world)
    monkeypatch.setattr(folding, "change", change)
    assert told(world) == before
    fold_all(world)
    assert told(world) == before
    segments(world)
