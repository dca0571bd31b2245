"""The calendar on a telephone: what readers of it see, what is refused, and that a thief reads none of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from shelter.accounts import actions as accounts
from shelter.accounts.actions import ArrangeCover
from shelter.accounts.models import Cover
from shelter.calendars import sealing
from shelter.calendars.upkeep import take_back_lent
from shelter.clients.models import Assignment, Client
from shelter.db import db
from shelter.db.aside import CalendarEntry, CalendarFeed
from shelter.db.errors import Missing
from shelter.legal import actions, queries
from shelter.legal.commands import AddVisit, Arrangements, FinishDate, HandOver, OpenMatter, ReplaceDate
from shelter.policy.errors import Denied
from shelter.rules import clock
from tests.factories.agency import World
from tests.factories.legal import RFE, make_client, make_matter, make_notice
from tests.legal.conftest import SATURDAY, Browser
from tests.support.calendars import by_ical, by_icalendar

At = Callable[[str], Browser]
TODAY = SATURDAY.date()
RFE_DAY = date(2026, 11, 24)


@pytest.fixture
def address(world: World, hers: Client, matter: bytes) -> str:
    """The advocate's, with one deadline in it."""
    make_notice(world, hers, matter, RFE)
    return f"/calendar/{actions.make_calendar(world.actor('advocate'))}.ics"


@pytest.fixture
def phone(app: object, at: At) -> Browser:
    """A browser that is signed in nowhere."""
    browser = at("director")
    browser.client.delete_cookie("__Host-session")
    return Browser(browser.app, browser.app.test_client())


def by_lines(text: str) -> list[tuple[date, str]]:
    """A reader of our own, which knows no more than the lines of RFC 5545: CRLF, at most 75 octets, name:value."""
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert max(len(line.encode()) for line in lines) <= 75
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2] == "END:VCALENDAR"
    found, event = [], {}
    for line in lines[1:-2]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            assert {"UID", "DTSTAMP"} <= event.keys()
            day = event["DTSTART"][:8]
            found.append((date(int(day[:4]), int(day[4:6]), int(day[6:])), event["SUMMARY"].replace("\\,", ",")))
        else:
            event[name.split(";")[0]] = value
    return found


def test_clients_of_others_see_the_day_and_the_code_and_nothing_else(
    hers: Client, address: str, phone: Browser
) -> None:
    sent = phone.get(address)
    assert (sent.status_code, sent.mimetype, sent.headers["Cache-Control"]) == (200, "text/calendar", "no-store")
    assert by_icalendar(sent.text) == by_ical(sent.text) == by_lines(sent.text) == [(RFE_DAY, f"Deadline, {hers.code}")]
    for word in ("evidence", "rfe", "Testname", "Lin", "T-1"):
        assert word not in sent.text


def test_a_date_that_moves_moves_there_and_one_that_is_done_goes(
    world: World, hers: Client, matter: bytes, address: str, phone: Browser
) -> None:
    boss, advocate = world.actor("legal_supervisor"), world.actor("advocate")
    due = queries.matter(advocate, hers.code, matter).open_dates[0]
    actions.replace_date(boss, ReplaceDate(hers.code, matter, due.id, date(2026, 11, 19), "Printed wrongly"))
    hearing = replace(Arrangements("master_hearing"), time="08:30", place="Room 4")
    actions.add_visit(advocate, AddVisit(hers.code, matter, date(2026, 12, 1), hearing))
    text = phone.get(address).text
    assert by_lines(text) == [
        (date(2026, 11, 19), f"Deadline, {hers.code}"),
        (date(2026, 12, 1), f"Appointment, {hers.code}"),
    ]
    assert by_icalendar(text) == by_ical(text) == by_lines(text)
    assert "DTSTART:20261201T083000" in text
    assert "Room" not in text
    fresh = queries.matter(advocate, hers.code, matter).open_dates[0]
    actions.finish_date(advocate, FinishDate(hers.code, matter, fresh.id, TODAY))
    assert [day for day, _ in by_lines(phone.get(address).text)] == [date(2026, 12, 1)]


def test_an_address_taken_back_or_made_anew_stops_at_once(world: World, address: str, phone: Browser) -> None:
    advocate = world.actor("advocate")
    fresh = f"/calendar/{actions.make_calendar(advocate)}.ics"
    assert phone.get(address).status_code == 404
    assert len(by_lines(phone.get(fresh).text)) == 1
    actions.end_calendar(advocate)
    assert phone.get(fresh).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(CalendarEntry)) == 0
    with pytest.raises(Missing):
        actions.refill_calendar(advocate)


def test_it_ends_by_itself_after_a_year_and_with_the_work(
    world: World, hers: Client, address: str, phone: Browser
) -> None:
    assignment = db.session.get(Assignment, (hers.id, world.members["advocate"].id, "legal"))
    db.session.delete(assignment)
    db.session.commit()
    assert by_lines(phone.get(address).text) == []
    phone.now += timedelta(days=366)
    assert phone.get(address).status_code == 404


def test_nothing_is_sealed_to_an_address_that_somebody_slipped_in(
    world: World, hers: Client, matter: bytes, address: str
) -> None:
    db.session.execute(update(CalendarFeed).values(public=b"\x09" + bytes(31)))
    db.session.execute(CalendarEntry.__table__.delete())
    db.session.commit()
    actions.add_visit(world.actor("advocate"), AddVisit(hers.code, matter, date(2026, 12, 1), Arrangements("talk")))
    assert db.session.scalar(select(func.count()).select_from(CalendarEntry)) == 0


def test_an_entry_put_into_another_place_or_changed_is_not_shown(address: str, phone: Browser) -> None:
    row = db.session.scalars(select(CalendarEntry)).one()
    db.session.execute(update(CalendarEntry).values(id=bytes(16)))
    db.session.commit()
    assert by_lines(phone.get(address).text) == []
    db.session.execute(update(CalendarEntry).values(id=row.id, sealed=row.sealed[:-1] + b"\x00"))
    db.session.commit()
    assert by_lines(phone.get(address).text) == []


def test_a_thief_of_the_database_reads_no_day_and_no_code(hers: Client, address: str) -> None:
    rows = db.session.scalars(select(CalendarEntry)).all()
    feed = db.session.scalars(select(CalendarFeed)).one()
    kept = b"".join(row.id + row.sealed for row in rows) + feed.public + feed.lookup_hash + feed.signature
    assert hers.code.encode() not in kept
    assert address.removeprefix("/calendar/").removesuffix(".ics").encode() not in kept
    assert len({len(row.sealed) for row in rows}) == 1


@pytest.mark.parametrize("wrong", ["x", "A" * 43, "é" * 43, "A" * 44, "%2e%2e"])
def test_any_other_address_is_not_there(address: str, phone: Browser, wrong: str) -> None:
    assert phone.get(f"/calendar/{wrong}.ics").status_code == 404


def test_only_legal_staff_have_one(world: World) -> None:
    with pytest.raises(Denied):
        actions.make_calendar(world.actor("caseworker"))


def test_somebody_given_later_is_on_the_phone_at_once(
    world: World, hers: Client, matter: bytes, phone: Browser
) -> None:
    """Her dates were there before; whoever assigns seals them to the feed of who begins to work for her."""
    make_notice(world, hers, matter, RFE)
    boss = world.actor("legal_supervisor")
    own = f"/calendar/{actions.make_calendar(boss)}.ics"
    assert len(by_lines(phone.get(own).text)) == 0
    actions.open_matter(boss, OpenMatter(hers.code, "foia", TODAY, boss.id))
    assert [one[0] for one in by_lines(phone.get(own).text)] == [RFE_DAY]


def test_who_stands_in_has_the_days_on_her_phone_while_she_does(world: World, address: str, phone: Browser) -> None:
    boss, advocate = world.actor("legal_supervisor"), world.actor("advocate")
    own = f"/calendar/{actions.make_calendar(boss)}.ics"
    assert len(by_lines(phone.get(own).text)) == 0
    actions.hand_over(advocate, HandOver(boss.id, TODAY, TODAY + timedelta(days=2)))
    assert len(by_lines(phone.get(own).text)) == 1
    phone.now += timedelta(days=3)
    assert len(by_lines(phone.get(own).text)) == 0


DAY = timedelta(days=1)


@pytest.fixture
def second(world: World, phone: Browser) -> tuple[Any, str]:
    """Whoever stands in, with a phone of her own: the supervisor, who arranges it while the advocate is away."""
    boss = "legal_supervisor"
    return world.members[boss], f"/calendar/{actions.make_calendar(world.actor(boss))}.ics"


def tick(moment: datetime) -> None:
    with clock.frozen(moment):
        take_back_lent(moment)
    db.session.commit()


def lent() -> int:
    return len(db.session.scalars(select(CalendarEntry).where(CalendarEntry.ends.is_not(None))).all())


def test_cover_that_a_supervisor_arranges_is_on_the_phone_from_its_first_day_to_its_last(
    world: World, hers: Client, matter: bytes, address: str, second: tuple[Any, str], phone: Browser
) -> None:
    """A date set between the arranging and the first day is there too; a tick afterwards takes every entry away."""
    boss, (who, own) = world.actor("legal_supervisor"), second
    away = ArrangeCover(world.members["advocate"].id, who.id, TODAY + DAY, TODAY + 3 * DAY)
    accounts.arrange_cover(boss, away)
    actions.add_visit(boss, AddVisit(hers.code, matter, date(2026, 12, 1), Arrangements("talk")))
    assert by_lines(phone.get(own).text) == []
    for _ in range(3):
        phone.now += DAY
        assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY, date(2026, 12, 1)]
        tick(phone.now)
    phone.now += DAY
    assert by_lines(phone.get(own).text) == []
    assert lent() == 2
    tick(phone.now)
    assert lent() == 0
    assert len(by_lines(phone.get(address).text)) == 2


def test_a_cover_ended_early_takes_its_entries_at_once_and_leaves_what_is_her_own(
    world: World, hers: Client, matter: bytes, address: str, second: tuple[Any, str], phone: Browser
) -> None:
    boss, (who, own) = world.actor("legal_supervisor"), second
    other = make_client(world, advocates=("advocate", "legal_supervisor"))
    theirs = make_matter(world, other)
    actions.add_visit(boss, AddVisit(other.code, theirs, date(2026, 12, 3), Arrangements("talk")))
    accounts.arrange_cover(boss, ArrangeCover(world.members["advocate"].id, who.id, TODAY, TODAY + 9 * DAY))
    assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY, date(2026, 12, 3)]
    assert lent() == 1
    actions.refill_calendar(boss)
    assert lent() == 1
    (cover,) = db.session.scalars(select(Cover)).all()
    accounts.end_cover(boss, cover.id)
    assert lent() == 0
    assert [day for day, _ in by_lines(phone.get(own).text)] == [date(2026, 12, 3)]


def test_two_covers_of_one_colleague_end_with_the_later(
    world: World, address: str, second: tuple[Any, str], phone: Browser
) -> None:
    boss, (who, own) = world.actor("legal_supervisor"), second
    advocate = world.members["advocate"].id
    accounts.arrange_cover(boss, ArrangeCover(advocate, who.id, TODAY, TODAY + 9 * DAY))
    accounts.arrange_cover(boss, ArrangeCover(advocate, who.id, TODAY, TODAY + 2 * DAY))
    first = db.session.scalars(select(Cover).order_by(Cover.ends)).first()
    assert first is not None
    accounts.end_cover(boss, first.id)
    phone.now += 8 * DAY
    tick(phone.now)
    assert [day for day, _ in by_lines(phone.get(own).text)] == [RFE_DAY]


def test_the_screen_shows_the_address_once_and_says_who_will_see(at: At, address: str) -> None:
    advocate = at("advocate")
    assert "It is off." in at("legal_supervisor").get("/matters/calendar").text, "nobody has one who did not ask for it"
    made = advocate.post("/matters/calendar").text
    assert "/calendar/" in made
    assert "/calendar/" not in advocate.get("/matters/calendar").text.replace("/matters/calendar", "")
    assert "will see these codes, the dates and the hours of appointments" in made


def test_a_feed_is_bound_to_its_owner(world: World, address: str) -> None:
    feed = db.session.scalars(select(CalendarFeed)).one()
    assert sealing.holds(feed)
    feed.staff_id = world.members["legal_supervisor"].id
    assert not sealing.holds(feed)
