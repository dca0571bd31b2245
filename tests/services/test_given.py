"""One entry for every funder: where its words lie, what is told of it, and which days need a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.actions import TakeBack
from shelter.services.models import Service
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.services import enter, hers, told
from tests.factories.stays import make_beds, resident


def test_one_entry_is_read_back_and_told_once_without_its_words(world: World, code: str) -> None:
    enter(world, code, what="transport", minutes=30, times=2, fund="grant", words="To the clinic on Alvarado")
    (one,) = hers(world, code)
    assert (one.text.what, one.text.minutes, one.text.times, one.by) == ("transport", 30, 2, "Caseworker")
    (fact,) = told(world, "service")
    month = f"{agency_today():%Y-%m}"
    assert fact.values == {
        "site": world.sites["north"].hex(),
        "from": month,
        "until": month,
        "service": "transport",
        "times": 2,
        "minutes": 30,
        "setting": "single",
        "fund": "grant",
    }


def test_the_words_lie_with_whoever_entered_them(world: World, code: str) -> None:
    enter(world, code, words="She likes the blue mug")
    enter(world, code, what="immigration_lawyer", who="advocate", words="Signed the declaration")
    filled = {(row.advocacy is not None, row.legal is not None) for row in db.session.scalars(select(Service))}
    assert filled == {(True, False), (False, True)}
    assert [one.text.words for one in hers(world, code)] == ["She likes the blue mug"]
    assert [one.text.words for one in hers(world, code, "advocate")] == ["Signed the declaration"]
    assert {fact.origin for fact in told(world, "service")} == {"advocacy", "legal"}
    (lawyers,) = hers(world, code, "advocate")
    with pytest.raises(Missing):
        queries.of_person(world.actor("caseworker"), code, lawyers.id)
    with pytest.raises(Missing):
        actions.take_back(world.actor("supervisor"), TakeBack(code, lawyers.id, 1))


def test_a_group_is_entered_for_all_of_it_or_for_nobody(world: World, code: str) -> None:
    twelve = [code, *(clients.begin(world, called=f"P{n}") for n in range(11))]
    stranger = clients.begin(world, who="stranger", site="south")
    with pytest.raises(Missing):
        enter(world, *twelve, stranger, what="support_group", group=True)
    assert told(world, "service") == []
    assert len(enter(world, *twelve, twelve[0], what="support_group", minutes=60, group=True)) == 12
    assert {len(hers(world, one)) for one in twelve} == {1}
    facts = told(world, "service")
    assert len({fact.person for fact in facts}) == 12
    assert {fact.values["setting"] for fact in facts} == {"group"}


def test_taken_back_it_stays_in_the_file_and_counts_nowhere(world: World, code: str) -> None:
    (service,) = enter(world, code)
    with pytest.raises(Conflict):
        actions.take_back(world.actor("caseworker"), TakeBack(code, service, 7, "twice"))
    actions.take_back(world.actor("supervisor"), TakeBack(code, service, 1, "entered twice"))
    (one,) = hers(world, code)
    assert one.text.taken_back_why == "entered twice"
    assert told(world, "service") == []
    with pytest.raises(Missing):
        actions.take_back(world.actor("supervisor"), TakeBack(code, service, 2, "again"))


@pytest.mark.parametrize("who", ["desk", "director", "volunteer", "stranger", "caseworker_two"])
def test_nobody_else_enters_or_reads(world: World, code: str, who: str) -> None:
    enter(world, code)
    with pytest.raises((Missing, Denied)):
        enter(world, code, who=who)
    with pytest.raises((Missing, Denied)):
        hers(world, code, who)
    assert len(told(world, "service")) == 1


class TestUnusualDays:
    def test_a_day_to_come_is_refused_whatever_the_reason(self, world: World, code: str) -> None:
        with pytest.raises(Broken) as no:
            enter(world, code, on=agency_today() + timedelta(days=1), why="booked")
        assert (no.value.message_key, no.value.field) == ("services.future", "on")

    def test_before_we_knew_her_it_needs_a_reason(self, world: World, code: str) -> None:
        early = agency_today() - timedelta(days=3)
        with pytest.raises(Broken) as no:
            enter(world, code, on=early)
        assert (no.value.message_key, no.value.field) == ("services.before-intake", "why")
        enter(world, code, on=early, why="On the street, before she came")
        assert [one.text.why for one in hers(world, code)] == ["On the street, before she came"]

    def test_outside_her_stay_it_needs_a_reason_and_within_none(self, world: World) -> None:
        from shelter.stays import actions as stays
        from shelter.stays.actions import Leave
        from tests.factories.stays import stay_of

        today, beds = agency_today(), make_beds(world)
        code = resident(world, beds["A"], since=today - timedelta(days=9))
        stay = stay_of(code)
        leave = Leave(code, stay.id, today - timedelta(days=4), version=stay.days_version)
        stays.leave(world.actor("caseworker"), leave)
        enter(world, code, on=today - timedelta(days=4))
        enter(world, code, on=today - timedelta(days=8))
        with pytest.raises(Broken) as no:
            enter(world, code, on=today - timedelta(days=1))
        assert no.value.message_key == "services.outside-stay"
        assert no.value.values == {"people": 1}
        enter(world, code, on=today - timedelta(days=1), why="Went along after she left")
        assert len(hers(world, code)) == 3


def test_people_to_choose_from_are_ones_own_by_name(world: World, code: str) -> None:
    clients.begin(world, called="Ana")
    clients.begin(world, who="stranger", site="south", called="Zoe")
    assert [called for _, called in queries.my_choices(world.actor("caseworker"))] == ["Ana", "Lin"]
    assert [called for _, called in queries.my_choices(world.actor("advocate"))] == ["Lin"]
    assert queries.my_choices(world.actor("caseworker_two")) == []
