"""The agency's own list of services and funds: offered, worded, mapped from a day on, retired, never lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict
from shelter.funders.records.history import history_of
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.actions import AskMoney, EnterService
from shelter.services.words import fund_choices, service_choices
from shelter.settings.models import ListVersion
from shelter.settings.servicelist import list_changed, service_list, service_versions
from shelter.trail.models import Trail
from tests.factories.agency import World
from tests.factories.clients import Desk, begin
from tests.factories.services import enter, told
from tests.factories.settings import choir, gifts

Sit = Callable[[str], Desk]


def test_a_service_of_our_own_is_offered_entered_and_counted(world: World, app: object) -> None:
    code, her = choir(world), begin(world)
    assert code == "own_choir"
    with app.test_request_context("/"):  # type: ignore[attr-defined]
        assert (code, "Choir") in service_choices(group=True)
    actions.enter(world.actor("caseworker"), EnterService((her,), code, agency_today()))
    assert {fact.values["service"] for fact in told(world, "service")} == {code}
    history = history_of(world.actor("preparer"))
    (event,) = [one for one in history.events if one.what == "service"]
    version = history.services.funders["ovc_pmt"].on(event.day)
    assert version is not None
    assert version.counts[code] == "C5"


def test_what_was_entered_keeps_the_line_of_its_day(world: World) -> None:
    today = agency_today()
    choir(world, effective_from=today - timedelta(days=60))
    number = service_versions(world.actor("administrator"), "own_choir")[0].number
    choir(world, number, code="own_choir", counts={"ovc_pmt": "C6"}, effective_from=today)
    lines = {
        day: [line.code for line in service_list().lines("own_choir", day)]
        for day in (today - timedelta(days=61), today - timedelta(days=1), today)
    }
    assert list(lines.values()) == [[], ["C5"], ["C6"]]
    with pytest.raises(Broken) as broken:
        choir(world, number + 1, code="own_choir", counts={}, effective_from=today - timedelta(days=9))
    assert broken.value.field == "why"
    choir(world, number + 1, code="own_choir", counts={}, effective_from=today - timedelta(days=9), why="funder said")
    assert service_list().lines("own_choir", today - timedelta(days=9)) == ()
    assert [line.code for line in service_list().lines("own_choir", today - timedelta(days=10))] == ["C5"]


def test_retired_is_no_more_on_offer_and_what_was_entered_is_read_and_counted(world: World, app: object) -> None:
    code, her = choir(world), begin(world)
    enter(world, her, what=code)
    number = service_versions(world.actor("administrator"), code)[0].number
    choir(world, number, code=code, retired=True)
    with app.test_request_context("/"):  # type: ignore[attr-defined]
        assert code not in dict(service_choices())
    with pytest.raises(Broken):
        actions.enter(world.actor("caseworker"), EnterService((her,), code, agency_today()))
    (given,) = queries.given_to(world.actor("caseworker"), her).services
    assert given.text.what == code
    assert [line.code for line in service_list().lines(code, agency_today())] == ["C5"]


def test_a_fund_of_our_own_asks_above_its_own_limit(world: World, app: object) -> None:
    fund, her, worker = gifts(world), begin(world), world.actor("caseworker")
    with app.test_request_context("/"):  # type: ignore[attr-defined]
        assert (fund, "Gifts") in fund_choices()
    actions.ask_money(worker, AskMoney(her, fund, "food", 4_000, ""))
    actions.ask_money(worker, AskMoney(her, fund, "clothes", 6_000, ""))
    states = {view.text.cents: view.text.state for view in queries.money_of(worker, her)[1]}
    assert states == {4_000: "agreed", 6_000: "asked"}
    with pytest.raises(Broken):
        actions.ask_money(worker, AskMoney(her, fund, "rent", 4_000, ""))


def test_two_people_change_one_service_and_both_are_shown(world: World, desk: Sit) -> None:
    code = choir(world)
    sits, at = desk("administrator"), f"/settings/services/{code}"
    number = re.search(r'name="version"[^>]*value="(\d+)"', sits.get(at).text)
    assert number is not None
    choir(world, int(number[1]), code=code, labels={"en": "Evening choir"})
    with pytest.raises(Conflict):
        choir(world, int(number[1]), code=code, labels={"en": "Third"})
    db.session.rollback()
    fields = {"label_en": "Morning choir", "area": "support", "line_ovc_pmt": "C5", "version": number[1]}
    answer = sits.post(at, **fields, effective_from=agency_today().isoformat())
    assert answer.status_code == 409
    assert "Evening choir" in answer.text
    assert "Morning choir" in answer.text
    assert answer.text.count('class="conflict-pair"') < 4, "only what differs is shown"


def test_an_administrator_adds_words_maps_and_retires_by_the_pages(world: World, desk: Sit) -> None:
    sits, today = desk("administrator"), agency_today()
    fields = {"label_en": "Choir", "label_es": "Coro", "area": "support", "group": "y", "line_ovc_pmt": "C5"}
    wrong = save(
        sits, "/settings/services/new", **(fields | {"label_en": "", "label_es": ""}), effective_from=str(today)
    )
    assert "Give it a name" in wrong.text
    assert save(sits, "/settings/services/new", **fields, effective_from=str(today)).status_code == 302
    assert "Choir" in sits.get("/settings/services").text
    assert "C5 Support groups" in sits.get("/settings/services").text
    page = sits.get("/settings/services/own_choir").text
    assert "Coro" in page
    shipped = {"label_en": "Rides", "area": "roof", "line_ovc_pmt": "B9", "line_fvpsa": "related"}
    shipped |= {"line_tvap_dvht": "transport", "effective_from": str(today)}
    assert save(sits, "/settings/services/transport", **shipped).status_code == 302
    assert service_list().services["transport"].area == "alongside", "a shipped service stays in its area"
    assert "Rides" in desk("caseworker").get("/services/lines").text
    fund = {"label_en": "Gifts", "needs": "food", "a_year": "300", "approval_over": "50"}
    assert save(sits, "/settings/funds/new", **fund).status_code == 302
    assert sits.get("/settings/funds/own_gifts").status_code == 200
    assert save(sits, "/settings/funds/emergency", needs="food", retired="y").status_code == 302
    list_changed()
    assert service_list().funds["emergency"].retired
    db.session.rollback()
    assert db.session.scalars(select(Trail.act).where(Trail.act == "settings:manage")).all()
    assert len(db.session.scalars(select(ListVersion)).all()) == 4


def save(sits: Desk, at: str, **fields: str) -> TestResponse:
    """As the page is sent: with the version that it shows."""
    number = re.search(r'name="version"[^>]*value="(\d+)"', sits.get(at).text)
    assert number is not None
    return sits.post(at, version=number[1], **fields)


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "steward", "director", "volunteer"])
def test_only_an_administrator_decides_the_list(world: World, desk: Sit, who: str) -> None:
    sits = desk(who)
    for page in ("services", "services/new", "services/transport", "funds/new", "funds/emergency"):
        assert sits.get(f"/settings/{page}").status_code == 403, page


def test_the_list_says_nothing_of_anybody(world: World) -> None:
    her = begin(world, called="Zephyrine")
    enter(world, her, what=choir(world))
    for text in db.session.scalars(select(ListVersion.text)):
        assert her not in text
        assert Kind.ADVOCACY.value not in text
