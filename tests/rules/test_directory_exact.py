"""A number is found only as itself, and its owner only by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.directory import MOST_ENTRIES, SegmentFull
from shelter.rules.directory_exact import find_exact, pack_exact, replace_exact, unpack_exact

ids = st.binary(min_size=16, max_size=16)
values = st.text("+0123456789ABC", min_size=1, max_size=14)
owned = st.lists(st.tuples(ids, values), max_size=15)


@given(owned, st.binary(max_size=40))
def test_what_is_packed_comes_back_and_padding_is_not_read(entries: list[tuple[bytes, str]], padding: bytes) -> None:
    assert unpack_exact(bytearray(pack_exact(entries) + padding)) == entries


@given(owned, values)
def test_a_number_finds_all_its_owners_and_never_a_part_of_another(
    entries: list[tuple[bytes, str]], value: str
) -> None:
    for wanted in (value, *(number for _, number in entries)):
        expected = [client_id for client_id, number in entries if number == wanted]
        assert find_exact(pack_exact(entries), wanted) == expected


@given(owned, ids, st.lists(values, max_size=4))
def test_replacing_leaves_one_client_with_exactly_these_and_others_alone(
    entries: list[tuple[bytes, str]], client_id: bytes, numbers: list[str]
) -> None:
    rows = unpack_exact(replace_exact(pack_exact(entries), client_id, numbers))
    assert [row for row in rows if row[0] != client_id] == [row for row in entries if row[0] != client_id]
    assert [number for owner, number in rows if owner == client_id] == list(dict.fromkeys(numbers))


def test_a_full_segment_a_bad_id_and_an_empty_number_are_refused() -> None:
    full = pack_exact([(bytes(16), "1")] * MOST_ENTRIES)
    with pytest.raises(SegmentFull):
        replace_exact(full, b"x" * 16, ["2"])
    for entry in ((b"x", "1"), (bytes(16), ""), (bytes(16), "1\n2")):
        with pytest.raises(ValueError):
            pack_exact([entry])


def test_nothing_typed_finds_nobody_and_junk_is_refused() -> None:
    assert find_exact(pack_exact([(bytes(16), "1")]), "") == []
    segment = pack_exact([(bytes(16), "+14155550123")])
    for junk in (b"", b"x" * 40, segment[:-1]):
        with pytest.raises(ValueError, match="not an exact segment"):
            find_exact(junk, "1")
