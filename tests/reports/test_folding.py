"""Folding: old segments become columns, people are divided over segments, and what counts never changes by it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from shelter.db import inbox
from shelter.db.inbox import Fact, say_gone, say_same
from shelter.db.packed import Segment
from shelter.db.segments import change, next_no, put_new, read
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.reports import folding, parts
from shelter.reports.columns import MAGIC, facts_in, unpacked, written
from shelter.reports.folding import fold
from shelter.reports.ledger import broken, columns, current, opened, shelf_of, waiting
from shelter.reports.parts import place_of
from shelter.rules.broken import Broken
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.reports.test_ledger import coded, say

_send = inbox._send


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
    """The settled ones."""
    director = world.actor("director")
    shelf = shelf_of(director, Kind.IDENTITY.value)
    contents = [read(director, shelf, no) for no in range(next_no(shelf))]
    assert all(content[:4] == MAGIC for content in contents)
    return [list(facts_in(unpacked(memoryview(content)))) for content in contents]


def numbers(db: Any) -> list[int]:
    return sorted(db.session.scalars(select(Segment.no).where(Segment.store == "facts")))


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is folded is settled."""
    monkeypatch.setattr(folding, "MOST_YOUNG", 1)


def as_before_columns(world: World) -> None:
    """What waits in the inbox lies in segments as the version before wrote them, two facts in each."""
    director = world.actor("director")
    facts = [fact for batch in opened(director) for fact in batch.facts]
    with recorded(director, Act.REPORTS_SEE):
        for no, start in enumerate(range(0, len(facts), 2)):
            shelf = shelf_of(director, Kind.IDENTITY.value)
            put_new(director, shelf, no, msgspec.msgpack.encode(facts[start : start + 2]))


def test_people_are_divided_and_each_lies_whole_in_one_segment(
    world: World, monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    monkeypatch.setattr(parts, "ENTRIES", 4)
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


def test_what_the_version_before_wrote_is_read_and_written_anew(world: World, at_once: None) -> None:
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


def test_two_records_of_one_person_count_once_over_segments(
    world: World, monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    monkeypatch.setattr(parts, "ENTRIES", 1)
    say(world, *(coded(of(no), born=1990) for no in range(1, 7)))
    with recorded(world.actor("supervisor"), Act.CLIENTS_UPDATE):
        say_same(world.actor("supervisor"), of(1), of(2), (b"m" * 16, 1))
        say_same(world.actor("supervisor"), of(3), of(99), (b"n" * 16, 1))
    for _ in range(2):
        assert columns(world.actor("director")).unduplicated("person", "born") == {1990: 5}
        fold_all(world)


def test_one_more_fact_writes_one_small_segment(world: World, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ENTRIES", 8)
    monkeypatch.setattr(folding, "LATELY", 39)
    say(world, *(coded(of(no), born=1900 + no) for no in range(1, 40)))
    fold_all(world)
    before = dict(db.session.execute(select(Segment.id, Segment.version).where(Segment.store == "facts")).all())
    say(world, coded(of(5), 2, born=1950))
    fold_all(world)
    after = dict(db.session.execute(select(Segment.id, Segment.version).where(Segment.store == "facts")).all())
    assert len(before) > 4
    assert before.items() < after.items()
    assert len(after) == len(before) + 1
    assert numbers(db)[:2] == [-1, 0]


def test_what_was_folded_lately_is_settled_when_it_is_much(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "LATELY", 10)
    for version in range(1, 5):
        say(world, *(coded(of(no), version, born=1900 + no + version) for no in range(1, 4)))
        before = told(world)
        fold_all(world)
        assert told(world) == before
    assert numbers(db) == [0], "twelve facts of three people, of which three are left"
    assert [len(facts) for facts in segments(world)] == [3]


def test_a_million_facts_would_be_written_a_few_times_each(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linear: whatever waits, each fact is sealed into segments no more than a few times on the whole."""
    monkeypatch.setattr(folding, "AT_ONCE", 1)
    monkeypatch.setattr(folding, "LATELY", 16)
    monkeypatch.setattr(folding, "ENTRIES", 16)
    monkeypatch.setattr(parts, "ENTRIES", 16)
    packed = []
    monkeypatch.setattr(
        folding, "written", lambda part, *magic: packed.append(len(part.persons)) or written(part, *magic)
    )
    for start in range(1, 250, 6):
        say(world, *(coded(of(no), born=1900 + no) for no in range(start, min(250, start + 6))))
    fold_all(world)
    assert len(current(world.actor("director"))) == 249
    assert sum(packed) < 249 * 12


def test_a_segment_that_does_not_open_is_set_aside_and_stops_nothing(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    monkeypatch.setattr(parts, "ENTRIES", 4)
    say(world, *(coded(of(no), born=1900 + no) for no in range(1, 30)))
    fold_all(world)
    shelf = shelf_of(world.actor("director"), Kind.IDENTITY.value)
    hurt = next_no(shelf) - 1
    db.session.execute(update(Segment).where(Segment.store == "facts", Segment.no == hurt).values(sealed=bytes(400)))
    db.session.commit()
    with pytest.raises(Broken, match=r"reports\.ledger-broken"):
        told(world)
    assert missing(world)["identity"] == 1
    say(world, coded(of(31), born=1999))
    fold_all(world)
    assert waiting(world.actor("director")) == 0
    assert db.session.scalar(select(Segment.sealed).where(Segment.store == "facts-broken")) == bytes(400)
    assert {"born": 1999} in [fact.values for facts in segments(world) for fact in facts]
    for no, facts in enumerate(segments(world)):
        assert {place_of(fact.person, len(segments(world))) for fact in facts} <= {no}
    with pytest.raises(Broken, match=r"reports\.ledger-broken"):
        told(world)
    assert missing(world) == {"identity": 1}, "a part is missing until it is told anew"


def missing(world: World) -> dict[str, int]:
    return broken(world.actor("director"), Kind.FACTS)


def test_the_version_before_refuses_what_was_folded_lately(world: World) -> None:
    """Its reader knows two formats: columns, by their magic, and lists of facts; it raises for anything else."""
    say(world, coded(of(1), born=1990))
    fold_all(world)
    director = world.actor("director")
    young = read(director, shelf_of(director, Kind.IDENTITY.value), -1)
    assert young[:4] not in (b"\xc1COL", b"")
    with pytest.raises(msgspec.DecodeError):
        msgspec.msgpack.Decoder(list[Fact]).decode(young)


def test_a_fold_that_is_broken_off_leaves_everything_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch, at_once: None
) -> None:
    monkeypatch.setattr(parts, "ENTRIES", 4)
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


def test_an_erasure_waits_for_all_that_is_hers_however_little_a_slice_takes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "SLICE", -1)
    with monkeypatch.context() as before_all_others:
        before_all_others.setattr("shelter.db.inbox._send", first_of_all)
        with recorded(world.actor("supervisor"), Act.CLIENTS_UPDATE):
            say_gone(world.actor("supervisor"), [of(1)])
    say(world, coded(of(1), born=1990))
    say(world, coded(of(2), born=1980))
    assert [values for *_, values in told(world)] == [{"born": 1980}]
    fold_all(world)
    assert [values for *_, values in told(world)] == [{"born": 1980}]
    assert waiting(world.actor("director")) == 0


def first_of_all(actor: Actor, facts: list[Fact], into: Kind) -> bytes:
    return _send(actor, facts, into, bytes(3) + b"\x02" + into.value.encode().ljust(12, b"\0"))
