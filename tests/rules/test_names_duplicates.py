"""Two records about one person are brought to somebody's eyes; two people with like names are not merged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.duplicates import MAY_BE_SAME, Described, likeness, nearest

described = st.builds(
    Described,
    st.lists(
        st.sampled_from(
            ["María López", "Maria Lopes", "Mohamed Ali", "Muhammad Aly", "王小玲", "Li", "", "de la Cruz"]
        ),
        max_size=3,
    ).map(tuple),
    st.none() | st.integers(1940, 2025),
)


@given(described, described)
def test_likeness_is_the_same_both_ways_and_within_0_and_1(one: Described, other: Described) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Described(("María López García",), 1990), Described(("Maria Lopez",), 1990)),
        (Described(("Mohamed Youssef",), 1985), Described(("Muhammad Yusuf",), 1986)),
        (Described(("محمد يوسف",)), Described(("Mohammed Yousef",), 1986)),
        (Described(("Wang Xiaoling",), 1999), Described(("Hsiao-ling Wang",), 2001)),
        (Described(("Guadalupe Cruz",), 1980), Described(("Lupita de la Cruz",))),
        (Described(("Ana Ruiz", "Kate Miller"), 1970), Described(("Catherine Miller",), 1970)),
        (Described(("Yesenia Martinez",), 2000), Described(("Yesenia Martinex",), 2000)),
    ],
)
def test_one_person_written_twice_is_brought_up(one: Described, other: Described) -> None:
    assert likeness(one, other) >= MAY_BE_SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Described(("María López",), 1990), Described(("María Hernández",), 1990)),
        (Described(("María López",), 1960), Described(("María López",), 1999)),
        (Described(("Wang Wei",), 1990), Described(("Huang Mei",), 1990)),
        (Described(("de la Cruz Ana",), 1990), Described(("de la Vega Sofia",), 1990)),
        (Described(("",), 1990), Described(("",), 1990)),
        (Described(()), Described(("Ana",))),
    ],
)
def test_two_people_are_left_apart(one: Described, other: Described) -> None:
    assert likeness(one, other) < MAY_BE_SAME


def test_nearest_lists_only_possible_matches_best_first() -> None:
    person = Described(("Sofia Reyes",), 1995)
    others = [
        Described(("Carlos Ruiz",), 1995),
        Described(("Sofía Reyes",), 1998),
        Described(("Sophia Reyes",), 1995),
        Described(("Sofía Reyes",), 1995),
    ]
    found = nearest(person, others)
    assert found[0][0] == 3
    assert {place for place, _ in found} == {1, 2, 3}
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
