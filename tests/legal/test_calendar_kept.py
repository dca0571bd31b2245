"""What a calendar holds when nobody who reads its dates was there to write: covers to come, records that became one,
and people who left or took another office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shelter.accounts import actions as accounts
from shelter.accounts.actions import Change
from shelter.accounts.models import StaffRole
from shelter.calendars.upkeep import take_back_addresses
from shelter.clients import actions as clients
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.aside import CalendarEntry, CalendarFeed
from shelter.legal import actions
from shelter.legal.commands import AddVisit, Arrangements, HandOver, OpenMatter
from shelter.policy.roles import Role
from shelter.rules import clock
from tests.factories.agency import World
from tests.factories.legal import RFE, make_client, make_notice
from tests.legal.conftest import SATURDAY, Browser
from tests.legal.test_calendar import by_lines, phone

TODAY, DAY = SATURDAY.date(), timedelta(days=1)
RFE_DAY = date(2026, 11, 24)
__all__ = ["phone"]  # a fixture of the calendar's own tests


def made(world: World, who: str) -> str:
    return f"/calendar/{actions.make_calendar(world.actor(who))}.ics"


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(CalendarEntry)) or 0


@pytest.fixture
def noticed(world: World, hers: Client, matter: bytes) -> bytes:
    """Her matter with one deadline."""
    make_notice(world, hers, matter, RFE)
    return matter


def comes(world: World, phone: Browser, *who: str) -> None:
    """They sign in, a minute after whatever was last."""
    phone.now += timedelta(minutes=1)
    for one in who:
        Browser(phone.app, phone.app.test_client(), phone.now).sign_in(world.members[one])


# -- an address made before a cover begins ----------------------------------------------------------


@pytest.fixture
def to_come(world: World, noticed: bytes) -> None:
    """The supervisor stands in from the day after tomorrow."""
    boss = world.members["legal_supervisor"].id
    actions.hand_over(world.actor("advocate"), HandOver(boss, TODAY + 2 * DAY, TODAY + 4 * DAY))


def test_an_address_made_before_the_cover_begins_is_filled_as_soon_as_the_colleague_is_here(
    world: World, to_come: None, phone: Browser
) -> None:
    own = made(world, "legal_supervisor")
    assert kept() == 0
    comes(world, phone, "advocate")  # once more before she goes
    assert kept() == 1
    assert by_lines(phone.get(own).text) == []
    for _ in range(2):
        phone.now += DAY
    assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY]
    phone.now += 3 * DAY
    assert by_lines(phone.get(own).text) == []


def test_where_the_colleague_does_not_come_again_it_is_filled_when_whoever_stands_in_signs_in(
    world: World, to_come: None, phone: Browser
) -> None:
    own = made(world, "legal_supervisor")
    phone.now += 2 * DAY
    assert by_lines(phone.get(own).text) == []
    comes(world, phone, "legal_supervisor")
    assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY]
    entry = db.session.scalars(select(CalendarEntry)).one()
    assert entry.ends == TODAY + 4 * DAY


def test_where_nothing_differs_signing_in_writes_nothing(world: World, to_come: None, phone: Browser) -> None:
    made(world, "legal_supervisor")
    made(world, "advocate")
    comes(world, phone, "advocate")
    before = {row.id: row.sealed for row in db.session.scalars(select(CalendarEntry))}
    db.session.remove()
    comes(world, phone, "advocate", "legal_supervisor")
    assert {row.id: row.sealed for row in db.session.scalars(select(CalendarEntry))} == before


# -- two records that become one ----------------------------------------------------------------------


def test_records_that_become_one_fill_both_teams_calendars_and_empty_them_when_they_are_two_again(
    world: World, hers: Client, noticed: bytes, phone: Browser
) -> None:
    boss, other = world.actor("legal_supervisor"), make_client(world)
    theirs = actions.open_matter(boss, OpenMatter(other.code, "foia", TODAY, boss.id))
    own, counsels = made(world, "advocate"), made(world, "legal_supervisor")
    visit = AddVisit(other.code, theirs, date(2026, 12, 3), Arrangements("talk"))
    actions.add_visit(boss, visit)
    both = [RFE_DAY, visit.day]
    assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY]
    clients.merge(world.actor("supervisor"), other.code, hers.code)
    comes(world, phone, "advocate", "legal_supervisor")
    assert [day for day, _ in by_lines(phone.get(own).text)] == both
    assert [day for day, _ in by_lines(phone.get(counsels).text)] == both
    clients.undo_merge(world.actor("supervisor"), other.code)
    assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY]
    assert kept() == 4
    comes(world, phone, "advocate", "legal_supervisor")
    assert kept() == 2
    assert [day for day, _ in by_lines(phone.get(counsels).text)] == [visit.day]


# -- who left, is on leave, or has another office --------------------------------------------------------


def leaves(world: World, advocate: bytes) -> None:
    accounts.dismiss(world.actor("administrator"), advocate)


def takes_another_office(world: World, advocate: bytes) -> None:
    named = Change(advocate, 1, "Ruth", "Ruth", "", 0, frozenset({Role.CASEWORKER}), (world.sites["north"],))
    accounts.change_colleague(world.actor("administrator"), named)


@pytest.mark.parametrize("ends", [leaves, takes_another_office])
def test_an_address_stops_at_once_with_the_work_and_its_entries_are_gone_with_the_next_round(
    world: World, hers: Client, noticed: bytes, phone: Browser, ends: Callable[[World, bytes], None]
) -> None:
    """Her assignments are still there, so that her matters are found and given away; the calendar rests on more."""
    advocate, own = world.members["advocate"].id, made(world, "advocate")
    assert by_lines(phone.get(own).text) != []
    ends(world, advocate)
    assert phone.get(own).status_code == 404
    before = kept()
    boss = world.actor("legal_supervisor")
    actions.add_visit(boss, AddVisit(hers.code, noticed, date(2026, 12, 1), Arrangements("talk")))
    assert kept() == before
    with clock.frozen(SATURDAY):
        take_back_addresses(SATURDAY)
    db.session.commit()
    assert kept() == 0
    assert db.session.scalars(select(CalendarFeed)).all() == []


def test_a_round_leaves_every_address_alone_that_is_in_force(world: World, noticed: bytes, phone: Browser) -> None:
    own = made(world, "advocate")
    take_back_addresses(SATURDAY)
    db.session.commit()
    assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY]
    assert {row.role for row in db.session.scalars(select(StaffRole))} >= {Role.LEGAL_ADVOCATE.value}
