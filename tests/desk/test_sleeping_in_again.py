"""A stay that is opened again, and a first bed for somebody without one, ask for the conflict check as coming does."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from shelter.clients import actions as clients
from shelter.clients.parts import SaveDanger
from shelter.desk import actions, queries
from shelter.desk.models import CheckState
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stays import actions as stays
from shelter.stays.changes import ImportedStay
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id, save_names
from tests.factories.stays import DAY, days_of, resident, rows_of, stay_of, tonight

Beds = dict[str, bytes]


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


def waits_for_the_check(world: World) -> None:
    actions.let_sleep_in(world.actor("supervisor"), world.sites["north"], False)


def state(world: World, code: str) -> CheckState | None:
    return queries.check_of(world.actor("desk"), code)[1].state


def imported(world: World, until: date | None) -> str:
    """Somebody whose stay came with an import, in no bed."""
    code = begin(world, called="Sol")
    came = ImportedStay(client_id(code), world.sites["north"], tonight() - 30 * DAY, until)
    stays.admit_imported(world.actor("supervisor"), [came])
    return code


def refused_beside(field: str, act: Callable[[], object]) -> str:
    with pytest.raises(Broken) as refused:
        act()
    assert refused.value.field == field
    return refused.value.message_key


def put_right(code: str, left: date | None) -> stays.Correct:
    stay = stay_of(code)
    return stays.Correct(code, stay.id, stay.days_version, "misread", rows_of(stay)[0].from_day, left)


def moves(code: str, bed: bytes, day: date) -> stays.Move:
    return stays.Move(code, stay_of(code).id, bed, day, stay_of(code).days_version)


def bed_put_right(code: str, bed: bytes) -> stays.CorrectBed:
    stay = stay_of(code)
    (row,) = rows_of(stay)
    return stays.CorrectBed(code, stay.id, stay.days_version, row.id, bed, row.from_day, "It was this one")


@pytest.mark.parametrize("left", [None, 9])
def test_an_ended_stay_is_no_way_around_the_answer(world: World, beds: Beds, left: int | None) -> None:
    waits_for_the_check(world)
    code, rosa = imported(world, tonight() - 9 * DAY), world.actor("caseworker")
    until = None if left is None else tonight() + left * DAY
    assert refused_beside("left", lambda: stays.correct(rosa, put_right(code, until))) == "desk.check_before_bed"
    assert (stay_of(code).state, days_of(code)) == ("ended", [("", tonight() - 30 * DAY, tonight() - 9 * DAY)])
    stays.correct(rosa, put_right(code, tonight() - 8 * DAY))  # nights that have passed let nobody in
    actions.check(rosa, code)
    stays.correct(rosa, put_right(code, until))
    assert days_of(code)[0][2] == until


def test_somebody_without_a_bed_gets_one_after_the_answer(world: World, beds: Beds) -> None:
    waits_for_the_check(world)
    code, night = imported(world, None), world.actor("desk")
    gives: tuple[Callable[[], bytes], ...] = (
        lambda: stays.move(night, moves(code, beds["A"], tonight())),
        lambda: stays.correct_bed(night, bed_put_right(code, beds["A"])),
    )
    for give in gives:
        assert refused_beside("bed", give) == "desk.check_before_bed"
    assert [place for place, *_ in days_of(code)] == [""]
    actions.check(world.actor("caseworker"), code)
    gives[0]()
    save_names(world.actor("caseworker"), code, "Rosalind Quiñones")
    stays.move(night, moves(code, beds["B"], tonight() + DAY))  # she has a bed, and only takes another
    assert [place for place, *_ in days_of(code)] == ["", "Room 1, A", "Room 1, B"]


def test_where_somebody_slept_long_ago_is_written_down_without_an_answer(world: World, beds: Beds) -> None:
    waits_for_the_check(world)
    code = imported(world, tonight() - 9 * DAY)
    stays.move(world.actor("caseworker"), moves(code, beds["A"], tonight() - 20 * DAY))
    assert [place for place, *_ in days_of(code)] == ["", "Room 1, A"]


def test_a_house_that_does_not_wait_lets_her_in_again_and_the_check_begins(world: World, beds: Beds) -> None:
    code, rosa = imported(world, tonight() - 9 * DAY), world.actor("caseworker")
    stays.correct(rosa, put_right(code, None))
    assert state(world, code) is CheckState.PENDING
    other = imported(world, None)
    stays.move(rosa, moves(other, beds["A"], tonight()))
    assert state(world, other) is CheckState.PENDING


def test_with_a_possible_conflict_the_first_bed_is_given_by_who_reads_why(world: World, beds: Beds) -> None:
    save_names(world.actor("caseworker"), resident(world, beds["D"]), "Adaeze Okonjo")
    code = imported(world, None)
    save_names(world.actor("caseworker"), code, "Rosalind Quiñones")
    danger = SaveDanger(code, 0, "", ("Adaeze Okonjo",), at_door=False)
    clients.save_danger(world.actor("caseworker"), danger)
    actions.check(world.actor("supervisor"), code)
    given = moves(code, beds["A"], tonight())
    assert refused_beside("bed", lambda: stays.move(world.actor("desk"), given)) == "desk.check_conflict"
    stays.move(world.actor("supervisor"), given)
    assert [place for place, *_ in days_of(code)][-1] == "Room 1, A"


def test_what_was_typed_is_kept_where_a_stay_is_not_opened_again(
    world: World, beds: Beds, desk: Callable[[str], Desk]
) -> None:
    waits_for_the_check(world)
    code = imported(world, tonight() - 9 * DAY)
    said = {"arrived": (tonight() - 29 * DAY).isoformat(), "left": "", "reason": "She stayed after all"}
    page = desk("caseworker").post(f"/people/{code}/stay/{stay_of(code).id.hex()}/correct", **said, version="1")
    assert page.status_code == 422
    assert 'id="left-error"' in page.text
    assert "This house gives no bed before the conflict check" in page.text
    assert "She stayed after all" in page.text
    assert f'value="{said["arrived"]}"' in page.text
    code = imported(world, None)
    said = {"bed": beds["A"].hex(), "day": (tonight() + DAY).isoformat()}
    page = desk("desk").post(f"/people/{code}/stay/{stay_of(code).id.hex()}/move", **said, version="1")
    assert page.status_code == 422
    assert 'id="bed-error"' in page.text
    assert f'value="{said["day"]}"' in page.text
