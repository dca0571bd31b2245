"""Money has limits, two people and a receipt; counts that belong to nobody name nobody."""

import pytest
from sqlalchemy import select

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.files.queries import of_client as files_of
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.actions import CountNobody, DecideMoney, PayMoney
from shelter.services.models import NobodysCount
from tests.factories.agency import World
from tests.factories.documents import picture
from tests.factories.services import ask, hers, told


def states(world: World, code: str) -> list[str]:
    return [one.text.state for one in queries.money_of(world.actor("caseworker"), code)[1]]


def decide(world: World, code: str, payment: bytes, agreed: bool, why: str = "", who: str = "supervisor") -> None:
    actions.decide_money(world.actor(who), DecideMoney(code, payment, 1, agreed, why))


def test_a_small_amount_is_paid_without_asking_and_counts_once(world: World, code: str) -> None:
    payment = ask(world, code, 40)
    assert states(world, code) == ["agreed"]
    pay = PayMoney(code, payment, 1, agency_today(), "receipt 118", picture())
    actions.pay_money(world.actor("caseworker"), pay)
    assert states(world, code) == ["paid"]
    assert [fact.values["dollars"] for fact in told(world, "money")] == [40]
    assert [one.text.what for one in hers(world, code)] == ["emergency_money"]
    assert [fact.values["service"] for fact in told(world, "service")] == ["emergency_money"]
    scan = queries.money_of(world.actor("caseworker"), code)[1][0].text.scan
    assert [one.id for one in files_of(world.actor("caseworker"), code)[1]] == [scan]
    with pytest.raises(Broken):
        actions.pay_money(world.actor("caseworker"), PayMoney(code, payment, 2, agency_today(), "again"))
    assert len(hers(world, code)) == 1


def test_a_larger_amount_waits_for_somebody_else(world: World, code: str) -> None:
    payment = ask(world, code, 200)
    assert states(world, code) == ["asked"]
    assert [one.code for one in queries.waiting_money(world.actor("supervisor"))] == [code]
    with pytest.raises(Broken):
        actions.pay_money(world.actor("caseworker"), PayMoney(code, payment, 1, agency_today(), "no"))
    with pytest.raises(Denied):
        decide(world, code, payment, agreed=True, who="caseworker")
    decide(world, code, payment, agreed=True)
    assert states(world, code) == ["agreed"]
    assert queries.waiting_money(world.actor("supervisor")) == []
    mine = ask(world, code, 200, who="supervisor")
    with pytest.raises(Broken) as no:
        decide(world, code, mine, agreed=True)
    assert no.value.message_key == "services.not-your-own"


def test_beyond_the_limit_of_a_year_only_a_reason_carries_it(world: World, code: str) -> None:
    for _ in range(5):
        ask(world, code, 90)
    purse = queries.money_of(world.actor("caseworker"), code)[2][0]
    assert (purse.fund.code, purse.left) == ("emergency", 5000)
    payment = ask(world, code, 51)
    with pytest.raises(Broken) as no:
        decide(world, code, payment, agreed=True)
    assert no.value.field == "why"
    decide(world, code, payment, agreed=False, why="The moving fund pays this.")
    assert queries.money_of(world.actor("caseworker"), code)[2][0].left == 5000
    ask(world, code, 50)
    assert states(world, code).count("agreed") == 6


def test_a_fund_pays_for_its_own_things_alone(world: World, code: str) -> None:
    with pytest.raises(Broken) as no:
        actions.ask_money(world.actor("caseworker"), actions.AskMoney(code, "relocation", "phone", 100))
    assert no.value.field == "what"


def count(world: World, who: str = "desk", **more: object) -> bytes:
    asked: dict[str, object] = {"site": world.sites["north"], "kind": "call", "on": agency_today()} | more
    return actions.count_nobody(world.actor(who), CountNobody(**asked))  # type: ignore[arg-type]


def test_a_call_belongs_to_nobody_and_is_counted_under_a_pseudonym_of_its_own(world: World, code: str) -> None:
    count(world, flags=("repeat", "anonymous"), minutes=12)
    count(world, flags=("third_party",))
    facts = told(world, "count")
    assert sorted(fact.values["flags"] for fact in facts) == ["repeat anonymous", "third_party"]
    assert len({fact.person for fact in facts}) == 2
    assert not {fact.person for fact in facts} & {fact.person for fact in told(world, "person")}
    row = db.session.scalars(select(NobodysCount)).first()
    assert row is not None
    assert b"anonymous" not in (row.text or b"")


def test_a_count_is_undone_by_whoever_made_it(world: World) -> None:
    made = count(world)
    with pytest.raises(Missing):
        actions.take_count_back(world.actor("caseworker"), made)
    actions.take_count_back(world.actor("desk"), made)
    assert told(world, "count") == []
    assert queries.counts(world.actor("desk")) == []


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({"kind": "survey", "times": 5, "returned": 6}, "returned"),
        ({"kind": "survey", "times": 5, "returned": 4, "safer": 5}, "safer"),
        ({"kind": "survey", "times": 5, "returned": 4, "safer": 4, "knows_more": 5}, "knows_more"),
        ({"kind": "diary"}, "kind"),
    ],
)
def test_numbers_that_cannot_be_are_refused_beside_their_question(
    world: World, numbers: dict[str, object], field: str
) -> None:
    with pytest.raises(Broken) as no:
        count(world, **numbers)
    assert no.value.field == field


@pytest.mark.parametrize("who", ["advocate", "director", "volunteer"])
def test_who_holds_no_shelter_key_counts_nothing(world: World, who: str) -> None:
    with pytest.raises(Denied):
        count(world, who=who)
    with pytest.raises(Missing):
        count(world, site=world.sites["south"])
