"""Households, stays and services from sheets: by the rules of the forms, told to the ledgers, and gone again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shelter.clients.models import Household, HouseholdMember
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.policy.kinds import Kind
from shelter.reports import ledger
from shelter.rules.broken import Broken
from shelter.services.models import Service
from shelter.sheets import actions, queries
from shelter.sheets.actions import BRING_TOO
from shelter.stays.actions import NoteRoom, note_room
from shelter.stays.models import Stay, StayBed, StayExit
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.exports import WRITTEN_ALONG, everything
from tests.factories.services import enter, hers, told
from tests.factories.sheets import brought, looked_at, sent

LEDGERS = WRITTEN_ALONG | {"segment", "inbox", "sheet_match", "sheet_import", "key_dek"}


def codes(world: World, count: int = 3) -> list[str]:
    return [begin(world, called=f"P{number}") for number in range(count)]


def exact(world: World, what: str) -> list[object]:
    facts = ledger.current(world.actor("preparer"), Kind.EXACT)
    return [fact for fact in facts if fact.what == what and not fact.deleted]


def why(world: World, what: str, rows: list[list[str]]) -> list[tuple[int, str, str]]:
    supervisor = world.actor("supervisor")
    return [(one.row, one.column, one.key) for one in looked_at(supervisor, sent(supervisor, what, rows)).problems]


# -- households ------------------------------------------------------------------------


def test_households_are_made_of_rows_with_one_word_and_go_again(world: World) -> None:
    supervisor, (ana, bea, luz) = world.actor("supervisor"), codes(world)
    before = everything(but=LEDGERS)
    rows = [["Code", "Family", "Head"], [ana, "f1", ""], [bea, "f1", "yes"], [luz, "f2", ""]]
    coming = brought(supervisor, "households", rows)
    found = {(one.client_id, one.head) for one in db.session.scalars(select(HouseholdMember))}
    assert found == {(client_id(ana), False), (client_id(bea), True), (client_id(luz), True)}
    assert len(db.session.scalars(select(Household)).all()) == 2
    actions.take_back(supervisor, coming)
    assert everything(but=LEDGERS) == before


def test_nobody_comes_into_two_households_and_one_has_one_head(world: World) -> None:
    supervisor, (ana, bea, luz) = world.actor("supervisor"), codes(world)
    brought(supervisor, "households", [["Code", "Family"], [ana, "f1"]])
    rows = [["Code", "Family", "Head"], [ana, "x", ""], [bea, "x", "yes"], [bea, "y", ""], [luz, "x", "yes"]]
    assert why(world, "households", rows) == [
        (2, "code", "sheets.in_a_household"),
        (4, "code", "sheets.person_twice"),
        (5, "head", "sheets.two_heads"),
    ]


def test_people_can_be_named_by_the_agencys_own_number(world: World) -> None:
    supervisor = world.actor("supervisor")
    brought(supervisor, "clients", [["Client ID", "Name"], ["A-7", "Ana Prueba"], ["A-8", "Luz Muestra"]])
    brought(supervisor, "households", [["Client ID", "Family"], ["A-7", "f"], ["A-8", "f"]])
    assert len(db.session.scalars(select(HouseholdMember)).all()) == 2
    assert why(world, "households", [["Client ID", "Family"], ["A-9", "f"]]) == [(2, "number", "sheets.no_such_person")]


def test_somebody_at_another_house_is_nobody(world: World) -> None:
    code = begin(world, who="stranger", site="south")
    for what, rows in (
        ("households", [["Code", "Family"], [code, "f"]]),
        ("stays", [["Code", "Arrived"], [code, "2025-01-01"]]),
        ("services", [["Code", "Service", "Date"], [code, "transport", "2025-01-01"]]),
    ):
        assert why(world, what, rows) == [(2, "code", "sheets.no_such_person")]


# -- stays -----------------------------------------------------------------------------


def test_stays_come_in_told_to_both_ledgers_and_go_again(world: World) -> None:
    supervisor, (ana, bea, _) = world.actor("supervisor"), codes(world)
    brought(supervisor, "households", [["Code", "Family"], [bea, "f1"], [ana, "f1"]])
    before = everything(but=LEDGERS)
    rows = [
        ["Code", "Arrived", "Left", "Destination"],
        [ana, "2025-03-01", "2025-03-11", ""],
        [bea, "2025-03-01", "", ""],
    ]
    rows += [[ana, "03/11/2025", "2025-04-01", "family_for_good"]]
    coming = brought(supervisor, "stays", rows)
    stays = {one.client_id: one for one in db.session.scalars(select(Stay).where(Stay.state == "open"))}
    assert list(stays) == [client_id(bea)]
    first = db.session.scalars(select(StayBed.stay_id).where(StayBed.from_day == date(2025, 3, 1))).all()
    assert len({db.session.get_one(Stay, one).party_id for one in first}) == 1
    assert {fact.values["from"] for fact in told(world, "stay")} == {"2025-03"}
    assert len(exact(world, "days")) == 3
    assert len(db.session.scalars(select(StayExit)).all()) == 1
    actions.take_back(supervisor, coming)
    assert everything(but=LEDGERS) == before
    assert [fact for fact in told(world, "stay") if not fact.deleted] == []
    assert exact(world, "days") == []
    assert wrong_rows() == []


def test_nobody_sleeps_in_two_places_and_the_very_same_stay_is_left_out(world: World) -> None:
    supervisor, (ana, bea, luz) = world.actor("supervisor"), codes(world)
    one = [["Code", "Arrived", "Left"], [ana, "2025-03-01", "2025-03-11"]]
    brought(supervisor, "stays", one)
    rows = [*one, [ana, "2025-03-10", "2025-03-12"], [bea, "2025-01-02", "2025-01-01"]]
    rows += [[luz, "2025-01-01", ""], [luz, "2025-02-01", "2025-02-03"], [bea, "2050-01-01", ""]]
    assert why(world, "stays", rows) == [
        (3, "arrived", "sheets.stays_here"),
        (4, "left", "stays.exit_before_entry"),
        (6, "arrived", "sheets.stays_overlap"),
        (7, "arrived", "sheets.future_day"),
    ]
    with pytest.raises(Broken) as broken:
        brought(supervisor, "stays", one, twins=BRING_TOO)
    assert broken.value.message_key == "sheets.nothing_left"


def test_a_stay_that_somebody_has_worked_with_is_not_taken_back(world: World) -> None:
    supervisor, (ana, *_) = world.actor("supervisor"), codes(world)
    today = agency_today()
    coming = brought(supervisor, "stays", [["Code", "Arrived"], [ana, (today - timedelta(days=3)).isoformat()]])
    stay = db.session.scalars(select(Stay)).one()
    note_room(world.actor("caseworker"), NoteRoom(ana, stay.id, 0, expected_exit=today + timedelta(days=9)))
    assert queries.in_the_way(supervisor, coming) == [ana]
    with pytest.raises(Broken):
        actions.take_back(supervisor, coming)


# -- services -----------------------------------------------------------------------------


def test_services_come_in_behind_those_that_stand_there_and_go_again(world: World) -> None:
    supervisor, (ana, bea, _) = world.actor("supervisor"), codes(world)
    day = agency_today()
    enter(world, ana, what="transport", minutes=30)
    before = everything(but=LEDGERS)
    rows = [
        ["Code", "Service", "Date", "Minutes", "Note", "Group"],
        [ana, "Transport", day.isoformat(), "45", "To court", ""],
    ]
    rows += [[one, "transport", day.isoformat(), "60", "", "g1"] for one in (ana, bea)]
    coming = brought(supervisor, "services", rows)
    found = sorted((one.text.minutes, one.text.words, one.text.session != b"") for one in hers(world, ana))
    assert found == [(30, "", False), (45, "To court", False), (60, "", True)]
    assert len(told(world, "service")) == 4
    assert len(exact(world, "service")) == 4
    places = [one.place for one in db.session.scalars(select(Service).where(Service.client_id == client_id(ana)))]
    assert sorted(places) == [1, 2, 3]
    assert wrong_rows() == []
    actions.take_back(supervisor, coming)
    assert everything(but=LEDGERS) == before
    assert [fact.values["minutes"] for fact in told(world, "service") if not fact.deleted] == [30]
    assert len(exact(world, "service")) == 1


def test_services_keep_the_rules_of_the_form(world: World) -> None:
    _supervisor, (ana, *_) = world.actor("supervisor"), codes(world)
    day = agency_today()
    early = (day - timedelta(days=400)).isoformat()
    rows = [
        ["Code", "Service", "Date", "Minutes", "Times", "Fund", "Why"],
        [ana, "a massage", day.isoformat(), "", "", "", ""],
        [ana, "transport", early, "", "", "", ""],
        [ana, "transport", early, "", "", "", "she came to the drop-in first"],
        [ana, "transport", "2050-01-01", "", "", "", ""],
        [ana, "transport", day.isoformat(), "1441", "51", "", ""],
        [ana, "", day.isoformat(), "", "", "a rich uncle", ""],
    ]
    assert why(world, "services", rows) == [
        (2, "service", "sheets.not_in_list"),
        (3, "why", "services.before-intake"),
        (5, "on", "sheets.future_day"),
        (6, "minutes", "sheets.no_number"),
        (6, "times", "sheets.no_number"),
        (7, "service", "sheets.needed"),
        (7, "fund", "sheets.not_in_list"),
    ]


def test_a_lawyers_services_lie_with_the_lawyers_and_her_sheet_too(world: World) -> None:
    (ana, *_) = codes(world)
    counsel, day = world.actor("legal_supervisor"), agency_today().isoformat()
    rows = [["Code", "Service", "Date", "Note"], [ana, "transport", day, "Read the decision with her"]]
    coming = sent(counsel, "services", rows)
    held = everything()["sheet_rows"]
    assert all(row[4] is None and row[6] is not None for row in held)
    assert looked_at(counsel, coming).problems == []
    brought(counsel, "services", rows)
    (service,) = db.session.scalars(select(Service))
    assert service.advocacy is None
    assert hers(world, ana) == []


def test_the_same_service_twice_is_a_repetition_that_may_be_meant(world: World) -> None:
    supervisor, (ana, *_) = world.actor("supervisor"), codes(world)
    day = agency_today().isoformat()
    enter(world, ana, what="transport", minutes=30)
    rows = [["Code", "Service", "Date", "Minutes"], [ana, "transport", day, "30"], [ana, "transport", day, "15"]]
    rows += [[ana, "transport", day, "15"]]
    found = looked_at(supervisor, sent(supervisor, "services", rows))
    assert {number: twin.key for number, twin in found.twins.items()} == {
        2: "sheets.same_service",
        4: "sheets.same_service_row",
    }
    brought(supervisor, "services", rows, twins=BRING_TOO)
    assert len(hers(world, ana)) == 4
