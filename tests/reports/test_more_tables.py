"""What the later tables of the catalogue are counted from: papers, goals, outcomes, services, nights, requests."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from shelter.clients import actions as clients
from shelter.clients.actions import SaveHappened, SaveHerself
from shelter.db.inbox import Fact
from shelter.desk import actions as desk
from shelter.desk.actions import TurnAway
from shelter.documents import actions as documents
from shelter.documents.actions import AddPaper, ChangePaper, PaperFacts
from shelter.legal.facts import OUTCOMES
from shelter.plans import actions as plans
from shelter.plans.actions import ChangeGoal, SetGoal
from shelter.reports import queries
from shelter.reports.catalogue import REPORTS, Quarter, spec_of
from shelter.reports.counting import rows_of
from shelter.reports.nights import nights_by_site
from shelter.reports.typical import Typical, typical
from shelter.rules.disclosure.table import CountTable, ProtectedTable
from shelter.rules.matters import matter_types
from tests.factories.agency import World
from tests.factories.clients import begin
from tests.factories.stays import make_beds, resident
from tests.reports.conftest import TUESDAY, Hands
from tests.reports.test_facts import said

DAY = timedelta(days=1)
Q4 = Quarter(2026, 4)
NORTH = "aa"


def fact(what: str, person: bytes = b"p" * 16, **values: str | int) -> Fact:
    return Fact(
        source=repr((what, person, values)).encode(), origin="shelter", version=1, generation=1, person=person,
        what=what, values=values,
    )  # fmt: skip


def served(person: bytes = b"p" * 16) -> Fact:
    return fact("stay", person, site=NORTH, **{"from": "2026-10", "until": ""})


def counted(report: str, *facts: Fact, quarter: Quarter = Q4) -> list[str]:
    return [category for category, _ in rows_of(REPORTS[report], facts, quarter, [NORTH])]


# -- the facts, through the use-cases behind their pages ------------------------------


def test_a_goal_reached_tells_its_month_and_part_of_life_until_it_is_not(world: World) -> None:
    worker, code = world.actor("caseworker"), begin(world)
    goal = plans.set_goal(worker, SetGoal(code, "My own door", area="housing"))
    assert said(world, "goal") == []
    plans.change_goal(worker, ChangeGoal(code, goal, 1, "My own door", "", "housing", "reached"))
    month = {"site": world.sites["north"].hex(), "from": "2026-10", "until": "2026-10", "area": "housing"}
    assert said(world, "goal") == [month]
    plans.change_goal(worker, ChangeGoal(code, goal, 2, "My very own door", "", "housing", "reached"))
    assert said(world, "goal") == [month]
    plans.change_goal(worker, ChangeGoal(code, goal, 3, "My very own door", "", "housing", "active"))
    assert said(world, "goal") == []


def test_a_paper_tells_since_when_it_was_kept_and_how_it_came_back(world: World, hands: Hands) -> None:
    worker, code = world.actor("caseworker"), begin(world)
    paper = documents.add_paper(worker, AddPaper(code, PaperFacts("foreign_passport", state="with_employer")))
    site = world.sites["north"].hex()
    assert said(world, "paper") == [{"site": site, "from": "2026-10", "until": ""}]
    hands.later(40 * DAY)
    worker = world.actor("caseworker")
    documents.change_paper(worker, ChangePaper(code, paper, 1, PaperFacts("foreign_passport", state="returned")))
    back = {"site": site, "from": "2026-10", "until": "2026-11", "back": "2026-11", "how": "recovered"}
    assert said(world, "paper") == [back | {"time": "quarter"}]


def test_a_paper_that_was_always_hers_and_a_slip_of_the_day_tell_nothing(world: World) -> None:
    worker, code = world.actor("caseworker"), begin(world)
    documents.add_paper(worker, AddPaper(code, PaperFacts("foreign_passport", state="in_hand")))
    wrong = documents.add_paper(worker, AddPaper(code, PaperFacts("national_id", state="with_employer")))
    documents.change_paper(worker, ChangePaper(code, wrong, 1, PaperFacts("national_id", state="in_hand")))
    assert said(world, "paper") == []


def test_a_lost_paper_made_anew_was_replaced(world: World, hands: Hands) -> None:
    worker, code = world.actor("caseworker"), begin(world)
    paper = documents.add_paper(worker, AddPaper(code, PaperFacts("national_id", state="lost")))
    assert said(world, "paper") == []
    for version, state in enumerate(("applied", "in_hand"), 1):
        hands.later(10 * DAY)
        worker = world.actor("caseworker")
        documents.change_paper(worker, ChangePaper(code, paper, version, PaperFacts("national_id", state=state)))
    (told,) = said(world, "paper")
    assert (told["how"], told["time"], "from" in told) == ("replaced", "month", False)


def test_answers_of_an_interview_and_a_request_reach_the_tables(world: World) -> None:
    worker, code = world.actor("caseworker"), begin(world)
    resident(world, make_beds(world)["A"])
    clients.save_happened(
        worker, SaveHappened(code, 0, control=("debt_bondage", "withholds_documents"), exploitation=("begging",))
    )
    clients.save_herself(worker, SaveHerself(code, 0, country="HND", sex_asked="female", race_ethnicity=("hispanic",)))
    reason = TurnAway(world.sites["north"], TUESDAY.date(), 2, 1, "capacity")
    desk.turn_away(world.actor("desk"), reason)
    facts = queries.ledger.current(world.actor("director"))
    (client,) = {one.person for one in facts if one.what == "herself"}
    facts = [*facts, served(client)]
    assert {"held-by-money", "papers-withheld", "unknown"} == set(counted("control", *facts))
    assert "something-else" in counted("exploitation", *facts)
    assert "mexico-central" in counted("region", *facts)
    assert "HispanicLatinao" in counted("race", *facts)
    assert "female" in counted("sex", *facts)
    assert counted("turned-away", *facts) == ["capacity"]


def test_nights_are_those_of_the_period_alone(world: World) -> None:
    beds = make_beds(world)
    resident(world, beds["A"], since=Q4.first - 5 * DAY)
    north = world.sites["north"].hex()
    assert nights_by_site(Quarter(2026, 3)) == Counter({north: 5})
    assert nights_by_site(Quarter(2026, 2)) == Counter()
    assert nights_by_site(Q4) == Counter({north: 92})


# -- how they are counted --------------------------------------------------------------


def test_every_stage_that_ends_a_matter_has_an_outcome() -> None:
    ending = {stage.code for kind in matter_types().values() for stage in kind.stages if stage.ends}
    assert ending == set(OUTCOMES)
    assert set(OUTCOMES.values()) <= set(REPORTS["outcomes"].rows.categories)  # type: ignore[union-attr]


@pytest.mark.usefixtures("world")
def test_whoever_is_served_in_several_ways_stands_in_every_line_and_once_in_each() -> None:
    month = {"from": "2026-10", "until": "2026-10"}
    told = [
        fact("service", service=one, site=NORTH, **month)
        for one in ("crisis", "counselling", "transport", "unheard-of")
    ]
    assert counted("services", *told) == ["alongside", "support", "unknown"]
    assert counted("programmes", served(), *told) == ["beds", "services"]
    assert counted("people-served", *told) == ["age-unknown"]
    assert counted("services", *told, quarter=Quarter(2026, 3)) == []


def test_a_paper_counts_as_kept_while_it_is_gone_and_as_recovered_when_it_comes() -> None:
    course = {"from": "2026-05", "until": "2026-11", "back": "2026-11", "how": "recovered", "time": "half-year"}
    told = fact("paper", site=NORTH, **course)
    assert counted("papers", served(), told) == ["recovered", "withheld"]
    assert counted("recovery-time", served(), told) == ["half-year"]
    stay = fact("stay", site=NORTH, **{"from": "2026-08", "until": "2026-08"})
    assert counted("papers", stay, told, quarter=Quarter(2026, 3)) == ["withheld"]
    assert counted("recovery-time", stay, told, quarter=Quarter(2026, 3)) == []


def test_of_nights_fewer_than_eleven_people_could_have_slept_are_hidden() -> None:
    nights = REPORTS["nights"]
    assert nights.threshold(Quarter(2026, 3)) == 10 * 92 + 1
    assert nights.threshold(Quarter(2026, 0)) == 3651
    assert REPORTS["sex"].threshold(Quarter(2026, 3)) == 11


@pytest.mark.parametrize(
    ("counts", "hidden", "expected"),
    [
        ({"7": 3, "30": 12, "90": 10}, (), Typical("30", round((12 + 12 * 19 + 10 * 60) / 25))),
        ({"7": 30, "more": 12}, (), Typical("7", None)),
        ({"7": 4, "30": 5}, (), None),
        ({"7": 30, "30": 12}, (("30",),), None),
    ],
)
def test_half_and_average_come_from_what_is_shown_alone(
    counts: dict[str, int], hidden: tuple[tuple[str, ...], ...], expected: Typical | None
) -> None:
    spec = spec_of(REPORTS["stay-length"], Quarter(2026, 0), [])
    table = CountTable.from_counts(spec, {(band,): count for band, count in counts.items()})
    assert typical(ProtectedTable.of(table, frozenset(hidden), 11)) == expected


def test_a_year_ends_on_its_last_day() -> None:
    assert Quarter(2026, 0).last == date(2026, 12, 31)
