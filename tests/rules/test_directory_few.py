"""A search among few people weighs all of them and nobody else."""

import os

from shelter.rules import directory
from shelter.rules.directory import Entry
from shelter.rules.directory_few import Few
from shelter.rules.directory_scan import Scan
from shelter.rules.names_query import Query

CROWD = [Entry(os.urandom(16), (f"Maria Gonzalez {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}",)) for n in range(4000)]
MINE = Entry(os.urandom(16), ("María Fernanda Gonzales Ochoa",))


def segments() -> list[bytes]:
    return [directory.pack(CROWD), directory.pack([MINE])]


def test_a_caseload_never_loses_its_own_to_a_crowd_of_the_same_name() -> None:
    few = Few(Query.parse("maria gonzalez"), frozenset({MINE.client_id}))
    for segment in segments():
        few.feed(segment)
    assert [hit.client_id for hit in few.hits()] == [MINE.client_id]


def test_nobody_else_is_found_and_nobody_at_all_among_none() -> None:
    for ids in (frozenset[bytes](), frozenset({os.urandom(16)})):
        few = Few(Query.parse("maria gonzalez"), ids)
        for segment in segments():
            few.feed(segment)
        assert few.hits() == []


def test_a_hit_scores_as_in_a_search_of_everybody() -> None:
    query = Query.parse("gonzales maria fernanda ochoa")
    few, scan = Few(query, frozenset({MINE.client_id, CROWD[0].client_id})), Scan(query)
    for segment in segments():
        few.feed(segment)
        scan.feed(segment)
    assert few.hits()[0] == scan.hits()[0]
