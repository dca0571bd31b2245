"""That a paper runs out is said on the days of its rule, to those who act, until somebody has seen it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.clients.queries import agency_today
from shelter.db.errors import Conflict, Missing
from shelter.documents import actions, queries
from shelter.documents.actions import PaperFacts, SeenExpiry
from shelter.documents.known import Known
from shelter.lawbook.actions import adopt, try_rule
from shelter.lawbook.commands import ChangeRule
from shelter.policy.errors import Denied
from shelter.rules.deadlines import shipped_rules
from shelter.rules.papers import papers
from shelter.rules.papers.expiry import OVER, Reminded, due, reached
from shelter.today import queries as today
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import paper

ALERTS = (180, 90, 60, 30)
TODAY = date(2026, 11, 28)
AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def ends_in(days: int, kind: str = "ead", state: str = "in_hand") -> PaperFacts:
    day = agency_today() + timedelta(days=days)
    return PaperFacts(kind=kind, state=state, expires=Known(year=day.year, month=day.month, day=day.day))


def runs_out(world: World, who: str) -> list[int | None]:
    return [row.paper.reminder for row in queries.running_out(world.actor(who))]


def test_each_reminder_comes_on_its_day() -> None:
    said = {left: reached(left, ALERTS) for left in (181, 180, 91, 90, 61, 60, 31, 30, 0, -1, -400)}
    assert list(said.values()) == [None, 180, 180, 90, 90, 60, 60, 30, 30, OVER, OVER]


@given(left=st.integers(-400, 400), seen=st.sampled_from([*ALERTS, OVER]), later=st.integers(0, 400))
def test_what_was_seen_is_not_said_again_and_what_comes_later_is(left: int, seen: int, later: int) -> None:
    mark = Reminded(ends=TODAY + timedelta(days=left), before=seen, by=b"", at=AT)
    told = due(mark.ends, TODAY, ALERTS, mark)
    assert told is None or told < seen
    assert due(mark.ends + timedelta(days=1), TODAY, ALERTS, mark) == reached(left + 1, ALERTS)
    after = due(mark.ends, TODAY + timedelta(days=later), ALERTS, mark)
    assert told is None or (after is not None and after <= told)


def test_every_kind_that_ends_has_a_rule_with_its_days() -> None:
    for kind in papers().kinds.values():
        assert bool(kind.rule) == kind.expires, kind.code
        assert not kind.rule or shipped_rules().versions(kind.rule)[-1].alerts == ALERTS


@pytest.mark.parametrize(("days", "said"), [(200, []), (180, [180]), (45, [60]), (0, [30]), (-1, [OVER])])
def test_those_who_act_are_told(world: World, code: str, days: int, said: list[int]) -> None:
    paper(world, code, ends_in(days))
    assert runs_out(world, "caseworker") == runs_out(world, "advocate") == said
    assert runs_out(world, "stranger") == runs_out(world, "desk") == []


@pytest.mark.parametrize("state", ["lost", "destroyed", "applied", "issued", "expired", "never_had"])
def test_a_paper_that_is_gone_runs_out_for_nobody(world: World, code: str, state: str) -> None:
    paper(world, code, ends_in(20, state=state))
    assert runs_out(world, "caseworker") == []


def test_one_press_ends_the_reminder_for_everybody_and_the_next_one_comes(world: World, code: str) -> None:
    found = paper(world, code, ends_in(100))
    actions.seen_expiry(world.actor("caseworker"), SeenExpiry(code, found, 0, 180))
    assert runs_out(world, "caseworker") == runs_out(world, "advocate") == []
    with pytest.raises(Conflict):
        actions.seen_expiry(world.actor("advocate"), SeenExpiry(code, found, 0, 180))
    _card, view, _scans = queries.one(world.actor("caseworker"), code, found)
    nearer = replace(ends_in(80), state="in_hand")
    actions.change_paper(world.actor("caseworker"), actions.ChangePaper(code, found, view.version, nearer))
    assert runs_out(world, "caseworker") == [90]


def test_the_days_are_the_agencys_to_change_where_rules_are_changed(world: World, code: str) -> None:
    paper(world, code, ends_in(100))
    rule, counsel = shipped_rules().versions("ead.expires")[-1], world.actor("legal_supervisor")
    kept = ("count", "unit", "roll", "mail_days", "act_by", "printed_date_required", "advice", "source", "certainty")
    command = ChangeRule(
        rule=rule.id,
        alerts=(60, 10),
        effective_from=agency_today(),
        **{name: getattr(rule, name) for name in kept},
    )
    adopt(counsel, try_rule(counsel, command))
    assert runs_out(world, "caseworker") == []


def test_it_stands_on_the_day_of_the_caseworker_and_of_the_advocate(
    world: World, desk: Callable[[str], Desk], code: str
) -> None:
    found = paper(world, code, ends_in(50))
    paper(world, code, ends_in(-3, "i94"))
    mine = today.day(world.actor("caseworker"))
    assert [line.what for line in mine.today].count("paper") == 1
    assert [line.what for line in mine.overdue].count("paper") == 1
    rosa = desk("caseworker")
    assert found.hex() in rosa.get("/today/").text
    advocates = desk("advocate").get("/matters").text
    assert "Papers that run out" in advocates
    assert advocates.count(f"/people/{code}/papers/") == 2
    place = f"/people/{code}/papers/{found.hex()}"
    assert rosa.post(f"{place}/seen", place, version="0", before="60", back="today").location == "/today/"
    assert found.hex() not in rosa.get("/today/").text
    old = rosa.post(f"{place}/seen", f"{place}/edit", version="0", before="60")
    assert "Somebody changed this paper meanwhile" in rosa.get(old.location).text


def test_nobody_of_another_site_presses(world: World, code: str) -> None:
    found = paper(world, code, ends_in(50))
    for who in ("stranger", "desk", "director"):
        with pytest.raises((Missing, Denied)):
            actions.seen_expiry(world.actor(who), SeenExpiry(code, found, 0, 60))
