"""Facts as columns say what they said one by one, whatever was written again, deleted, erased, merged or told anew."""

from hypothesis import given
from hypothesis import strategies as st

from shelter.db.inbox import AS, GONE, SAME, Fact
from shelter.reports.columns import facts_in, packed, part_of, unpacked, written
from shelter.reports.parts import divided, joined, newest, place_of
from shelter.reports.standing import WHO, standing

PEOPLE = [bytes([no]) * 16 for no in range(1, 7)]
WHATS = ("person", "identity", "service", "stay", SAME, GONE)
VALUES = {
    "site": st.sampled_from(["north", "south", ""]),
    "service": st.sampled_from(["A1", "B2"]),
    "times": st.integers(0, 3),
    "record": st.text(max_size=8),
}


@st.composite
def told(draw: st.DrawFn) -> Fact:
    """A source has one person in a generation, and one kind; its versions differ in what they say."""
    number, generation = draw(st.integers(0, 11)), draw(st.sampled_from([1, 1, 1, 2]))
    what = WHATS[number % len(WHATS)]
    values = draw(st.fixed_dictionaries({}, optional=VALUES))
    if what == SAME:
        values = {AS: draw(st.sampled_from(PEOPLE)).hex()}
    return Fact(
        source=bytes([number, *([7] * 31)]) if number % 2 else bytes([*([7] * 31), number]),
        origin="legal" if number % 3 else "shelter",
        version=draw(st.integers(1, 4)),
        generation=generation,
        person=PEOPLE[(number + generation) % len(PEOPLE)],
        what=what,
        values=values,
        deleted=draw(st.booleans()),
    )


def one_by_one(facts: list[Fact]) -> list[Fact]:
    """The rule as it reads: the newest of each source, the newest generation, nobody erased, merged people as one."""
    known: dict[bytes, Fact] = {}
    for fact in facts:
        if fact.source not in known or _age(fact) > _age(known[fact.source]):
            known[fact.source] = fact
    last = max((fact.generation for fact in known.values()), default=0)
    gone = {fact.person for fact in known.values() if fact.what == GONE}
    left = [f for f in known.values() if not f.deleted and f.person not in gone and f.generation == last]
    same = {fact.person: bytes.fromhex(str(fact.values[AS])) for fact in left if fact.what == SAME}
    kept = {(fact.person, fact.what) for fact in left if fact.person not in same}
    found = []
    for fact in left:
        person = same.get(fact.person, fact.person)
        twice = fact.person in same and fact.what in WHO and (person, fact.what) in kept
        if fact.what != SAME and not twice:
            found.append(Fact(**{name: getattr(fact, name) for name in Fact.__struct_fields__} | {"person": person}))
    return found


def _in_order(fact: Fact) -> str:
    return repr((fact.source, fact.generation, fact.version, fact.person, sorted(fact.values.items()), fact.deleted))


def _age(fact: Fact) -> tuple[int, int]:
    return fact.generation, fact.version


def _one_wording(facts: list[Fact]) -> list[Fact]:
    """One version of a source says one thing."""
    return list({(fact.source, fact.generation, fact.version): fact for fact in facts}.values())


@given(st.lists(told(), max_size=40), st.integers(1, 5), st.integers(0, 40), st.integers(0, 40))
def test_columns_count_what_a_look_at_each_fact_counts(
    facts: list[Fact], segments: int, folded: int, later: int
) -> None:
    facts, middle = _one_wording(facts), folded + later
    parts = [part for _, part in divided(newest(part_of(facts[:folded])), segments)]
    for no, part in enumerate(parts):
        assert {place_of(fact.person, segments) for fact in facts_in(part)} <= {no}
    loose = [part_of(facts[folded:middle]), unpacked(memoryview(packed(facts[middle:])))]
    found = standing([unpacked(memoryview(written(part))) for part in parts], newest(joined(loose)))
    expected = one_by_one(facts)
    assert sorted(found.facts(), key=_in_order) == sorted(expected, key=_in_order)
    for what in WHATS:
        for name in VALUES:
            people: dict[object, set[bytes]] = {}
            for fact in expected:
                if fact.what == what and name in fact.values:
                    people.setdefault(fact.values[name], set()).add(fact.person)
            assert found.unduplicated(what, name) == {word: len(some) for word, some in people.items()}


@given(st.lists(told(), max_size=30))
def test_nothing_is_lost_in_columns(facts: list[Fact]) -> None:
    assert sorted(facts_in(unpacked(memoryview(packed(facts)))), key=_in_order) == sorted(facts, key=_in_order)


@given(st.binary(min_size=16, max_size=16), st.integers(1, 300))
def test_one_segment_more_moves_people_from_one_segment_alone(person: bytes, segments: int) -> None:
    before, after = place_of(person, segments), place_of(person, segments + 1)
    elder = segments - (1 << segments.bit_length() - 1)
    assert before < segments
    assert after == before or (before, after) == (elder, segments)
