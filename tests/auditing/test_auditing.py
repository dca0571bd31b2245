"""The auditor sees who looked at whom by code, what is odd first, what was searched for; nobody else sees any of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update

from shelter.auditing import queries
from shelter.auditing.words import deed_words
from shelter.census import packing
from shelter.clients.queries import agency_today, find
from shelter.clients.words import ACTS, act_words
from shelter.db.agency import the_agency
from shelter.documents.actions import packs
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.restricting import lifting
from shelter.restricting.queries import MOVED
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen
from shelter.rules.oddities import Oddity
from shelter.trail.models import TrailDetail
from shelter.trail.record import commit_reads
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, named
from tests.factories.settings import set_limit

Sit = Callable[[str], Desk]


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def searched(world: World, who: str, words: str) -> None:
    find(world.actor(who), words)
    commit_reads()


def test_what_was_searched_for_is_read_by_the_auditor_alone(world: World, desk: Sit) -> None:
    named(world, "Quirina Vantongeren")
    searched(world, "caseworker", "Vantongeren")
    staff, day = world.members["caseworker"].id, agency_today()
    _, found = queries.colleague(world.actor("auditor"), staff, day)
    details = [link.detail.values for link in found.shown if link.detail and "words" in link.detail.values]
    assert details == [{"words": "Vantongeren", "found": 1}]
    page = desk("auditor").get(f"/trail/{staff.hex()}/{day.isoformat()}").text
    assert "Vantongeren" in page
    assert "Quirina" not in page


def test_the_auditors_pages_name_codes_and_never_a_person(world: World, desk: Sit) -> None:
    code = named(world, "Quirina Vantongeren", called="Lin")
    page = desk("auditor").get(f"/trail/{world.members['caseworker'].id.hex()}/{agency_today()}").text
    assert code in page
    for told in ("Quirina", "Vantongeren", ">Lin<"):
        assert told not in page


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "director", "administrator", "steward", "desk"])
def test_nobody_else_reads_the_trail(world: World, who: str) -> None:
    with pytest.raises(Denied):
        queries.period(world.actor(who))


def test_a_detail_that_was_moved_to_another_link_does_not_open(world: World, db: Any) -> None:
    searched(world, "caseworker", "Vantongeren")
    searched(world, "caseworker", "Somebody")
    one, two = db.session.query(TrailDetail).order_by(TrailDetail.seq).all()[-2:]
    first, second = one.sealed, two.sealed
    for seq, sealed in ((one.seq, second), (two.seq, first)):
        db.session.execute(update(TrailDetail).where(TrailDetail.seq == seq).values(sealed=sealed))
    db.session.commit()
    staff = world.members["caseworker"].id
    _, found = queries.colleague(world.actor("auditor"), staff, agency_today())
    assert {link.seq for link in found.shown if link.spoiled} == {one.seq, two.seq}


def test_odd_ones_stand_first_the_gravest_before(world: World, desk: Sit, db: Any) -> None:
    _make_it_noon(db)
    code = begin(world)
    desk("supervisor").get(f"/people/{code}")  # of her site, not her own
    desk("desk").get(f"/people/{code}/plan/")  # refused
    odd = queries.period(world.actor("auditor")).odd
    assert [one.odd[0] for one in odd][:2] == [Oddity.REFUSED, Oddity.OUTSIDE]


def _make_it_noon(db: Any) -> None:
    """At night every look is odd for that alone: the agency stands where it is about noon while the test runs."""
    agency = the_agency()
    assert agency is not None
    agency.zone = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"
    db.session.commit()


@pytest.mark.parametrize(("hour", "odd"), [(0, True), (5, True), (6, False), (21, False), (22, True)])
def test_a_look_at_night_is_odd_by_the_clock_on_the_wall(world: World, hour: int, odd: bool) -> None:
    agency = the_agency()
    assert agency is not None
    agency.zone = "America/Los_Angeles"
    with frozen(datetime(2026, 11, 20, hour, 30, tzinfo=ZoneInfo(agency.zone)).astimezone(UTC)):
        begin(world)
        found = queries.period(world.actor("auditor"))
    assert ("clients:create" in {one.act for one in found.all if Oddity.NIGHT in one.odd}) == odd


def test_many_people_in_a_day_are_counted_once_each(world: World) -> None:
    set_limit(world, "audit_many_people", 5)
    for _ in range(6):
        begin(world)
    found = queries.period(world.actor("auditor"))
    doing = next(one for one in found.all if one.act == "clients:create")
    assert (doing.people, Oddity.MANY in doing.odd) == (6, True)


def test_days_out_of_order_or_too_many_are_said_beside_the_field(world: World, desk: Sit) -> None:
    auditor, today = world.actor("auditor"), agency_today()
    for first, last in ((today, today - timedelta(days=1)), (today - timedelta(days=31), today)):
        with pytest.raises(Broken):
            queries.period(auditor, first, last)
    page = desk("auditor").get("/trail/?first=2026-11-20&last=2026-11-01")
    assert "The last day comes before the first" in words_of(page.text)


def test_the_auditor_is_written_down_too(world: World, desk: Sit) -> None:
    desk("auditor").get("/trail/")
    acts = {(one.who, one.act) for one in queries.period(world.actor("auditor")).all}
    assert ("Auditor", "audit:read") in acts


def test_the_proof_is_shown_and_its_head_goes_on_paper(world: World, desk: Sit) -> None:
    sits = desk("auditor")
    assert "links hold, signed by" in words_of(sits.get("/trail/proof").text)
    assert re.search(r"trail verify --head \d+:[0-9a-f]{64}", words_of(sits.get("/trail/proof/paper").text))


def test_every_act_has_words_since_any_may_name_a_person_on_her_page_of_looks() -> None:
    assert [act.value for act in Act if act not in ACTS] == []


ABOUT_HER = (
    *(packing.PACKED, packs.PACKED, lifting.ENDED, "restriction-ending", "restriction-end-waits", *MOVED),
    *("restricted-files-begun", "restricted-left-to-another", "restriction-signed", "restriction-refused"),
)


@pytest.mark.parametrize("act", ABOUT_HER)
@pytest.mark.parametrize("language", ["en", "es"])
def test_work_with_keys_that_names_a_person_is_worded_on_her_page_and_the_auditors(
    app: Flask, db: Any, act: str, language: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert act not in (act_words(act), deed_words(act))


def test_a_search_that_found_her_is_told_her_as_that_and_the_auditor_as_a_search(app: Flask, db: Any) -> None:
    with app.test_request_context():
        assert act_words(Act.CLIENTS_SEARCH) == "found her in a search"
        assert deed_words(Act.CLIENTS_SEARCH) == "searched for a person"


def test_nobody_and_no_day_are_not_found(world: World, desk: Sit) -> None:
    sits = desk("auditor")
    assert sits.get(f"/trail/{bytes(16).hex()}/2026-11-20").status_code == 404
    for day in ("tomorrow", "0001-01-01", "9999-12-31"):
        assert sits.get(f"/trail/{world.members['caseworker'].id.hex()}/{day}").status_code == 404
        assert sits.get(f"/trail/nobody/{day}").status_code == 404
