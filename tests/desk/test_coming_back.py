"""Whoever left was compared with those who were there then: for her next bed she is compared again."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shelter.desk import actions, queries
from shelter.desk.models import CheckState
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stays import actions as stays
from tests.factories.agency import World
from tests.factories.clients import begin, save_names
from tests.factories.stays import DAY, stay_of, tonight

Beds = dict[str, bytes]


@pytest.fixture(autouse=True)
def _an_evening() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


def answered(world: World) -> str:
    """Somebody about whom nothing was found."""
    rosa, code = world.actor("caseworker"), begin(world, called="Sol")
    save_names(rosa, code, "Rosalind Quiñones")
    assert actions.check(rosa, code) is CheckState.NOTHING
    return code


def state(world: World, code: str) -> CheckState | None:
    return queries.check_of(world.actor("caseworker"), code)[1].state


def test_an_answer_of_an_earlier_stay_opens_no_house_that_waits(world: World, beds: Beds) -> None:
    rosa, code = world.actor("caseworker"), answered(world)
    stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
    assert state(world, code) is CheckState.NOTHING
    actions.let_sleep_in(world.actor("supervisor"), world.sites["north"], False)
    with clock.frozen(clock.now() + 9 * DAY):
        stay = stay_of(code)
        undo = stays.leave(rosa, stays.Leave(code, stay.id, tonight(), stay.days_version))
        assert state(world, code) is CheckState.PENDING
        stays.undo(rosa, undo)
        assert state(world, code) is CheckState.NOTHING
        stays.leave(rosa, stays.Leave(code, stay.id, tonight(), stay_of(code).days_version))
    with clock.frozen(clock.now() + 90 * DAY):
        with pytest.raises(Broken) as refused:
            stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
        assert refused.value.message_key == "desk.check_before_bed"
        version = queries.check_of(rosa, code)[1].version
        with pytest.raises(Broken):
            actions.settle(rosa, code, version, stands=False, note="")
        assert actions.check(rosa, code) is CheckState.NOTHING
        stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
        assert state(world, code) is CheckState.NOTHING


def test_whoever_comes_back_to_a_house_that_does_not_wait_is_listed_until_she_is_compared(
    world: World, beds: Beds
) -> None:
    rosa, code = world.actor("caseworker"), answered(world)
    stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
    with clock.frozen(clock.now() + 9 * DAY):
        stay = stay_of(code)
        stays.leave(rosa, stays.Leave(code, stay.id, tonight(), stay.days_version))
        actions.check(rosa, code)  # on the day itself: it counts for whoever comes back on it
        stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
        assert queries.arrived(world.actor("desk")) == []
    with clock.frozen(clock.now() + 10 * DAY):
        assert state(world, code) is CheckState.NOTHING
        stay = stay_of(code)
        stays.leave(rosa, stays.Leave(code, stay.id, tonight(), stay.days_version))
    with clock.frozen(clock.now() + 40 * DAY):
        stays.admit(rosa, stays.Admit(code, beds["A"], tonight()))
        assert [one.check for one in queries.arrived(world.actor("desk"))] == [CheckState.PENDING]
