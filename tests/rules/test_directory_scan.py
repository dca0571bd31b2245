"""Search finds people by parts in any order, spellings, slips, other scripts, aliases and codes; ranked."""

import csv
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules import directory
from shelter.rules.broken import Broken
from shelter.rules.directory import Entry
from shelter.rules.directory_scan import Hit, Scan
from shelter.rules.names import normalise
from shelter.rules.names_query import Query

SHARED_NAMES = Path(__file__).parents[3] / "shared" / "data" / "names"
PEOPLE = (
    ("María José González López", "Majo"),
    ("Guadalupe Hernández Cruz", "Lupita"),
    ("Muhammad Yusuf al-Hassan",),
    ("Mohamed Ibrahim Ali",),
    ("王小玲",),
    ("Chen Hsiao-ling",),
    ("Nguyễn Thị Ngọc",),
    ("Екатерина Сергеевна Соколова", "Katya"),
    ("Aleksandr Petrov",),
    ("Zhang Wei",),
    ("Li Na",),
    ("Lisa Lindgren",),
    ("Xu Min",),
    ("O’Brien Seán",),
    ("Ayşe Yılmaz",),
    ("Juana de la Cruz",),
    ("فاطمة الحسن",),
    ("Rosa María Delgado", "La Güera"),
    ("Maria",),
    ("Kim Min-ji",),
)
CODES = {0: "K7-4QM2-F"}


def person_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def segments_of(people: Iterable[tuple[str, ...]], size: int = 7) -> list[bytes]:
    entries = [Entry(person_id(n), names, CODES.get(n, "")) for n, names in enumerate(people)]
    return [directory.pack(entries[start : start + size]) for start in range(0, len(entries), size)]


def search(segments: Iterable[bytes], typed: str, limit: int = 20) -> list[Hit]:
    scan = Scan(Query.parse(typed))
    buffer = bytearray(1 << 20)
    for segment in segments:
        buffer[: len(segment)] = segment
        scan.feed(memoryview(buffer)[: len(segment) + 100])
        buffer[:] = bytes(len(buffer))
    return scan.hits(limit)


SEGMENTS = segments_of(PEOPLE)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("maria jose gonzalez lopez", 0),
        ("lopez maria", 0),
        ("GONZALES María", 0),
        ("majo", 0),
        ("gonz", 0),
        ("go", 0),
        ("mraia gonzalez", 0),
        ("maria gonzalz", 0),
        ("lupita hernandez", 1),
        ("hernandes guadalupe", 1),
        ("Lupe Hernandez", 1),
        ("mohammed youssef", 2),
        ("محمد يوسف", 2),
        ("yusuf alhassan", 2),
        ("hassan muhammad", 2),
        ("Muhammed Ebrahim", 3),
        ("xiaoling wang", 4),
        ("Wang Hsiao-ling", 4),
        ("小玲", 4),
        ("chen xiaoling", 5),
        ("陳小玲", 5),
        ("Nguyen Ngoc", 6),
        ("Ekaterina Sokolova", 7),
        ("yekaterina sokolov", 7),
        ("Катя", 7),
        ("Alexander Petroff", 8),
        ("Chang Wei", 9),
        ("li na", 10),
        ("Lee Na", 10),
        ("Hsu Min", 12),
        ("xu", 12),
        ("obrien", 13),
        ("O'Brian Sean", 13),
        ("Ayshe Yilmaz", 14),
        ("ayse yilmas", 14),
        ("delacruz juana", 15),
        ("Cruz Juana", 15),
        ("Fatima al-Hassan", 16),
        ("Fatimah Elhassan", 16),
        ("guera", 17),
        ("maria", 18),
        ("Minji Kim", 19),
        ("Gim Min Ji", 19),
    ],
)
def test_the_person_comes_first(typed: str, number: int) -> None:
    hits = search(SEGMENTS, typed)
    assert hits, typed
    assert hits[0].client_id == person_id(number), [hit.names for hit in hits]


@pytest.mark.parametrize("typed", ["K7-4QM2-F", "k74qm2f", "k7 4qm2 f"])
def test_a_code_finds_its_client_and_nobody_else(typed: str) -> None:
    assert [hit.client_id for hit in search(SEGMENTS, typed)] == [person_id(0)]


@pytest.mark.parametrize("typed", ["Bartholomew Quigley", "zzzz", "xq", "qwerty uiop"])
def test_a_name_that_nobody_has_finds_nobody(typed: str) -> None:
    assert search(SEGMENTS, typed) == []


def test_a_whole_name_comes_before_one_that_only_begins_so_and_before_a_like_one() -> None:
    people = [("Lisa Marin",), ("Li Marin",), ("Lin Marin",), ("Lee Marin",)]
    assert search(segments_of(people), "li marin")[0].client_id == person_id(1)
    scores = [hit.score for hit in search(segments_of(people), "li marin")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_parts_found_in_two_names_of_one_person_count_for_her() -> None:
    hits = search(segments_of([("Ana Torres", "Anita Vega"), ("Ana Ruiz",)]), "ana vega")
    assert hits[0].client_id == person_id(0)


def test_one_person_is_one_hit_however_many_of_her_names_match() -> None:
    hits = search(segments_of([("Ana Torres", "Ana Torres Vega", "Anna Torres")]), "ana torres")
    assert len(hits) == 1


def test_among_thousands_of_namesakes_the_one_called_just_so_and_the_whole_word_are_still_found() -> None:
    crowd = [(f"Mari{'a' * (n % 2)} Lopez Number{n}",) for n in range(9000)]
    people = [*crowd, ("Mari",), ("Maria Lopez",)]
    segments = segments_of(people, size=1024)
    assert search(segments, "maria lopez")[0].client_id == person_id(9001)
    assert search(segments, "mar")[0].score > 0.8
    assert search(segments, "mari")[0].client_id == person_id(9000)


def test_the_order_of_segments_does_not_decide_who_is_found() -> None:
    for typed in ("maria gonzales", "lin", "mohamed"):
        forward = {hit.client_id for hit in search(SEGMENTS, typed)}
        assert forward == {hit.client_id for hit in search(SEGMENTS[::-1], typed)}


def test_an_empty_segment_is_looked_through_in_peace() -> None:
    assert search([directory.pack([]), *SEGMENTS], "majo")[0].client_id == person_id(0)


@given(st.text(max_size=30))
def test_whatever_is_typed_either_searches_or_says_what_is_wrong(typed: str) -> None:
    refusal = ""
    hits: list[Hit] = []
    try:
        hits = search(SEGMENTS, typed)
    except Broken as refused:
        refusal = refused.message_key
    assert refusal in {"", "search.too_short"}
    assert len({hit.client_id for hit in hits}) == len(hits) <= 20


@given(st.sampled_from([name for names in PEOPLE for name in names]), st.randoms(use_true_random=False))
def test_the_tokens_of_a_name_find_her_in_any_order(name: str, chance: random.Random) -> None:
    tokens = normalise(name).split()
    chance.shuffle(tokens)
    found = [hit for hit in search(SEGMENTS, " ".join(tokens)) if normalise(name) in hit.names]
    assert found
    assert found[0].score >= 0.9


def test_too_little_and_too_much_typed_are_refused() -> None:
    for typed in ("", "a", " - ", "'"):
        with pytest.raises(Broken) as refused:
            Query.parse(typed, "q")
        assert (refused.value.message_key, refused.value.field) == ("search.too_short", "q")
    with pytest.raises(Broken) as refused:
        Query.parse("x" * 201)
    assert refused.value.message_key == "search.too_long"


def with_one_slip(name: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(name) - 1)
    kind = chance.randrange(4)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + letter + name[place:]
    if kind == 2:
        return name[:place] + letter + name[place + 1 :]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


@pytest.mark.skipif(not SHARED_NAMES.is_dir(), reason="the shared name lists are not on this machine")
def test_among_twenty_thousand_real_names_slips_and_parts_are_found_on_the_first_page() -> None:
    chance = random.Random(5)
    lists: list[list[str]] = []
    for file in ("common-forenames-by-country.csv", "common-surnames-by-country.csv"):
        with (SHARED_NAMES / file).open(encoding="utf-8-sig", newline="") as lines:
            lists.append(sorted({row["Romanized Name"] for row in csv.DictReader(lines) if row["Romanized Name"]}))
    people = list({(f"{chance.choice(lists[0])} {chance.choice(lists[1])}",) for _ in range(20_000)})
    people.sort()
    segments = segments_of(people, size=4096)
    chosen = chance.sample([n for n, names in enumerate(people) if len(normalise(names[0])) > 6], 150)

    def share_found(typed: Iterable[tuple[int, str]]) -> float:
        found = [person_id(n) in {hit.client_id for hit in search(segments, text)} for n, text in typed]
        return sum(found) / len(found)

    plain = [(n, normalise(people[n][0])) for n in chosen]
    assert share_found(plain) == 1
    assert share_found((n, " ".join(reversed(text.split()))) for n, text in plain) == 1
    assert share_found((n, with_one_slip(text, chance)) for n, text in plain) > 0.97
    assert share_found((n, text[:-2]) for n, text in plain) > 0.9


def test_an_alias_of_one_word_is_found_among_thousands_who_bear_it_as_a_part() -> None:
    crowd = [(f"Mary Number{n}",) for n in range(6000)]
    segments = segments_of([*crowd, ("Somebody Quite Different", "Mary")], size=2048)
    assert search(segments, "mary")[0].client_id == person_id(6000)
