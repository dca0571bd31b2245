"""A segment gives back what was put in, whatever order it was put in, and reads nothing behind its end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter.rules import directory
from shelter.rules.directory import Entry, NotInSegment, SegmentFull
from shelter.rules.names import normalise

ids = st.binary(min_size=16, max_size=16)
names = st.lists(
    st.one_of(st.text(max_size=25), st.sampled_from(["María López", "محمد يوسف", "王小玲", "O'Brien", ";", "\n", " "])),
    max_size=4,
).map(tuple)
entries = st.lists(
    st.builds(Entry, ids, names, st.sampled_from(["", "K7-4QM2-C"])), max_size=12, unique_by=lambda e: e.client_id
)


def expected_names(entry: Entry) -> tuple[str, ...]:
    spoken = [normalise(name) for name in entry.names]
    return (*(name for name in spoken if name), *(["k74qm2c"] if entry.code else []))


@given(entries)
def test_what_is_packed_comes_back_in_order(given_entries: list[Entry]) -> None:
    rows = directory.unpack(directory.pack(given_entries))
    assert [row.client_id for row in rows] == [entry.client_id for entry in given_entries]
    assert [row.names for row in rows] == [expected_names(entry) for entry in given_entries]


@given(entries, st.binary(max_size=50))
def test_padding_behind_a_segment_changes_nothing(given_entries: list[Entry], padding: bytes) -> None:
    segment = directory.pack(given_entries)
    padded = bytearray(segment + padding)
    assert directory.unpack(padded) == directory.unpack(segment)
    assert directory.count(memoryview(padded)) == len(given_entries)


@settings(max_examples=60)
@given(entries, st.randoms(use_true_random=False))
def test_appending_replacing_and_removing_end_where_packing_afresh_does(
    given_entries: list[Entry], chance: object
) -> None:
    segment = directory.pack([])
    for entry in given_entries:
        segment = directory.append(segment, entry)
    assert segment == directory.pack(given_entries)
    current = list(given_entries)
    for place, entry in enumerate(given_entries):
        changed = Entry(entry.client_id, ("Somebody Else", *entry.names))
        current[place] = changed
        segment = directory.replace(segment, changed)
        assert segment == directory.pack(current)
    chance.shuffle(current)  # type: ignore[attr-defined]  # hypothesis types randoms loosely
    left = [Entry(entry.client_id, ("Somebody Else", *entry.names)) for entry in given_entries]
    for entry in current:
        segment = directory.remove(segment, entry.client_id)
        left = [other for other in left if other.client_id != entry.client_id]
        assert segment == directory.pack(left)


def test_an_id_is_found_on_its_own_place_only() -> None:
    first, second = Entry(b"\x01" * 8 + b"\x02" * 8, ("A B",)), Entry(b"\x03" * 16, ("C D",))
    across = b"\x02" * 8 + b"\x03" * 8
    segment = directory.pack([first, second])
    assert directory.contains(segment, second.client_id)
    assert not directory.contains(segment, across)
    with pytest.raises(NotInSegment):
        directory.remove(segment, across)
    with pytest.raises(NotInSegment):
        directory.replace(segment, Entry(across, ("E F",)))


def test_a_segment_takes_4096_people_and_not_one_more() -> None:
    people = [Entry(number.to_bytes(16, "big"), ("Ana Li",)) for number in range(directory.MOST_ENTRIES)]
    full = directory.pack(people)
    assert directory.count(full) == 4096
    with pytest.raises(SegmentFull):
        directory.append(full, Entry(b"x" * 16, ("One More",)))
    with pytest.raises(SegmentFull):
        directory.pack([*people, Entry(b"x" * 16, ("One More",))])
    assert directory.count(directory.replace(full, Entry(people[7].client_id, ("Other",)))) == 4096


def test_the_same_id_twice_and_an_id_of_the_wrong_length_are_refused() -> None:
    segment = directory.pack([Entry(b"a" * 16, ("Ana",))])
    with pytest.raises(ValueError, match="with this id"):
        directory.append(segment, Entry(b"a" * 16, ("Ana",)))
    with pytest.raises(ValueError, match="16 bytes"):
        directory.pack([Entry(b"short", ("Ana",))])


@given(st.binary(max_size=200))
def test_bytes_that_are_no_segment_are_refused_without_reading_past_them(junk: bytes) -> None:
    with pytest.raises(ValueError, match="not a directory segment"):
        directory.unpack(junk)


def test_a_cut_segment_is_refused() -> None:
    segment = directory.pack([Entry(b"a" * 16, ("Ana López",))])
    for length in range(len(segment)):
        with pytest.raises(ValueError, match="not a directory segment"):
            directory.unpack(segment[:length])


def test_a_segment_of_older_rules_is_known_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    segment = directory.pack([Entry(b"a" * 16, ("Ana",))])
    assert directory.is_current(segment)
    monkeypatch.setattr(directory, "RULES_VERSION", directory.RULES_VERSION + 1)
    assert not directory.is_current(segment)


def test_a_batch_saves_work_and_changes_no_byte() -> None:
    people = [Entry(bytes([n]) * 16, ("Ch’ien Wei", "Ayşe Çağla", "María de la Cruz")) for n in range(9)]
    batch = directory.Batch()
    directory.pack(people, batch)
    assert directory.pack(people, batch) == directory.pack(people)
