"""A T visa from the first talk to the green card, in the years it takes: the clock goes on, and no window is jumped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from shelter.db import db as database
from shelter.rules import clock
from tests.factories.clients import begin, save_names
from tests.factories.legal import make_client
from tests.journeys.hand import DESK_EN, Hand, House
from tests.journeys.test_legal_courses import moves

DATABASES = ("sqlite",)
pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
SECRETS = ("Quellmann", "Blackwood")
STEP = timedelta(days=390)
"""Somebody signs in at least so often: a machine's clock that goes on by more is said on the day."""


def until(house: House, day: date) -> None:
    """Years go by; the advocate looks at her day in each, and nothing on it has moved by itself."""
    morning = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    while (left := morning - clock.now()) > STEP:
        house.hours.later(STEP)
        with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
            ruth.menu("Today")
            ruth.reads_not("The clock of this machine")
    house.hours.later(left)


def test_a_t_visa_from_the_first_talk_to_the_green_card(house: House) -> None:
    client = make_client(house.world)
    save_names(house.world.actor("caseworker"), begin(house.world, called="Mort"), "Mortimer Blackwood")
    code = client.code
    database.session.remove()
    with house.hand("legal_supervisor", DESK_EN, *SECRETS) as diana:
        matter = the_first_talk(diana, code)
    with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
        retained(ruth, matter)
        her_own_words(ruth, matter)
        moves(ruth, matter, declaration="2026-11-21")
    until(house, date(2026, 12, 14))
    with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
        filed(ruth, matter)
    until(house, date(2027, 8, 2))
    with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
        bona_fide(ruth, matter)
    until(house, date(2028, 9, 4))
    with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
        approved(ruth, matter)
    with house.hand("legal_supervisor", DESK_EN, *SECRETS) as diana:
        card = opens(diana, code, "t_adjustment", "Green card for her alone")
        looks_again(diana, matter)
    with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
        too_early(ruth, card)
    until(house, date(2031, 9, 2))
    with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
        the_window_is_open(ruth, matter, card)
    until(house, date(2032, 5, 3))
    with house.hand("advocate", DESK_EN, *SECRETS) as ruth:
        moves(ruth, card, receipt="2031-09-10", interview="2032-03-01", card="2032-05-03")
        ruth.reads("Card in hand")
        ruth.press("Change scope and parties")
        ruth.fill(closing_on="2032-05-03", closing="The card is hers; what we keep and for how long.")
        ruth.press("Save this")
        ruth.reads("Closing letter sent on 3 May 2032.")
        ruth.hides()


def opens(diana: Hand, code: str, kind: str, scope: str, **more: str) -> str:
    diana.go(f"/people/{code}/matters/new")
    diana.fill(type=kind, opened_on=clock.now().date().isoformat(), scope=scope, **more)
    diana.page.locator("main [name=lead]").select_option(label="Advocate")
    diana.press("Open this matter")
    return diana.page.url.removeprefix(diana.house.url)


def the_first_talk(diana: Hand, code: str) -> str:
    """The other side is compared before it opens: somebody here has that name, and why it is no conflict is said."""
    diana.secrets = ("Quellmann",)  # the other name is one that she writes
    asked = opens(diana, code, "t_visa", "T visa for her alone, not her removal case", adverse="Mortimer Blackwood")
    assert asked == f"/people/{code}/matters/new", "nothing opens before it is looked at"
    diana.reads("A name of the other side is near to that of")
    diana.sound("near")
    diana.fill(cleared="Another man of that name: born in 1990, served in the north house")
    diana.press("Open this matter")
    matter = diana.page.url.removeprefix(diana.house.url)
    assert matter.startswith(f"/people/{code}/matters/")
    diana.reads("Parties compared on", "Another man of that name", "Protected by 8 U.S.C. 1367.", "Intake")
    diana.sound("opened")
    return matter


def retained(ruth: Hand, matter: str) -> None:
    ruth.menu("Matters")
    ruth.follow(matter)
    ruth.press("Change scope and parties")
    ruth.fill(retainer_on="2026-11-21", counsel="The advocate under counsel's license")
    ruth.press("Save this")
    ruth.reads("Retainer signed on 21 November 2026.", "T visa for her alone")
    ruth.sound("retained")


def her_own_words(ruth: Hand, matter: str) -> None:
    """A note of the talk, her statement in two versions, her son with an age that still runs."""
    ruth.press("Notes, drafts, her statement, scans")
    ruth.press("Write something")
    ruth.fill(kind="note", title="First talk", body="She came with her sister; an interpreter for the next time.")
    ruth.press("Save this")
    ruth.go(f"{matter}/writing/new")
    ruth.fill(kind="statement", title="Declaration", body="I came by the night bus.")
    ruth.sound("write")
    ruth.press("Save this")
    ruth.press("Write a new version")
    ruth.fill(body="I came by the night bus, in May.", why="She remembered the month")
    ruth.press("Save as a new version")
    ruth.reads("Version 2", "in May")
    ruth.press("Beside the version before")
    expect(ruth.main.locator("mark")).to_have_count(2)
    ruth.sound("statement-compared")
    ruth.go(f"{matter}/family/new")
    ruth.fill(name="Her son", relation="child", born="2010-05-01", stage="intake")
    ruth.press("Add to the family")
    ruth.reads("16, age still runs")


def filed(ruth: Hand, matter: str) -> None:
    """The shelter's address is said before it goes out, and what is not in hand; her son's age stands from then on."""
    ruth.go(matter)
    ruth.press("Add a filing")
    ruth.fill(forms="I-914", sent_on="2026-12-11", how="courier", address="shelter")
    ruth.press("Save this filing")
    ruth.reads("The shelter's address is kept secret: use a safe address here")
    ruth.fill(address="office")
    ruth.press("Save this filing")
    ruth.reads("Not in hand yet:")
    ruth.fill(incomplete="1")
    ruth.press("Save this filing")
    assert ruth.page.url.endswith(matter)
    moves(ruth, matter, filed="2026-12-11")
    ruth.go(f"{matter}/around")
    ruth.press("Change")
    ruth.fill(stage="filed", frozen_on="2026-12-11")
    ruth.press("Save them as they are now")
    ruth.reads("16, frozen 11 December 2026")
    ruth.go(f"{matter}/notices/new")
    ruth.fill(type="receipt", trigger_date="2026-12-14", receipt_number="IOE0912345678", came="online")
    ruth.press("Save this notice")
    ruth.reads("IOE0912345678")
    moves(ruth, matter, receipt="2026-12-14")


def bona_fide(ruth: Hand, matter: str) -> None:
    """Deferred action and a work permit: its end is a hard stop, and reminds in time."""
    moves(ruth, matter, biometrics="2027-02-01", bfd="2027-07-30")
    ruth.press("Add a date by its rule")
    ruth.fill(rule="ead.expires", trigger_date="2031-07-29", issued="2027-07-30")
    ruth.press("Save this date")
    ruth.reads("29 Jul")
    ruth.sound("bona-fide")


def approved(ruth: Hand, matter: str) -> None:
    """Three years from her admission end on Labor Day, so the first day is the Tuesday; status ends after four."""
    moves(ruth, matter, approved="2028-09-01")
    for rule, start in (("t_visa.adjustment_opens", "2028-09-01"), ("t_visa.adjustment_closes", "2032-08-31")):
        ruth.go(f"{matter}/dates/new")
        ruth.fill(rule=rule, trigger_date=start)
        ruth.press("Save this date")
    days = [one.get_attribute("datetime") for one in ruth.main.locator("time").all()]
    assert {"2031-09-02", "2032-08-30"} <= set(days), days
    ruth.go(f"{matter}/trips/new")
    ruth.fill(left="2028-12-01", back="2029-03-15", signed_off="Counsel agreed")
    ruth.press("Save this trip")
    expect(ruth.page.locator("#error-summary")).to_contain_text("would break continuous presence")
    ruth.fill(back="2028-12-20")
    ruth.press("Save this trip")
    ruth.sound("around")


def looks_again(diana: Hand, matter: str) -> None:
    """What nothing extends, somebody else has looked at."""
    diana.go(matter)
    diana.press("Give the second look")
    diana.press("I have read the paper and the day is right")


def too_early(ruth: Hand, card: str) -> None:
    ruth.go(f"{card}/dates/new")
    ruth.fill(rule="t_visa.adjustment_opens", trigger_date="2028-09-01")
    ruth.press("Save this date")
    ruth.go(f"{card}/filings/new")
    ruth.reads("I-485 may not arrive before 2 September 2031.")
    ruth.fill(forms="I-485", sent_on="2028-09-04", how="courier", fee="exempt", address="office")
    ruth.fill(ground="exempt.survivor_relief", incomplete="1")
    ruth.press("Save this filing")
    expect(ruth.page.locator("#error-summary")).to_contain_text("I-485 may not arrive yet")
    ruth.sound("too-early")


def the_window_is_open(ruth: Hand, matter: str, card: str) -> None:
    ruth.menu("Today")
    ruth.reads("Green card application from T status: earliest day")
    ruth.sound("window")
    moves(ruth, card, eligible="2031-09-02")
    ruth.go(f"{card}/filings/new")
    ruth.fill(forms="I-485", sent_on="2031-09-02", how="courier", fee="exempt", address="office")
    ruth.fill(ground="exempt.survivor_relief", incomplete="1")
    ruth.press("Save this filing")
    assert ruth.page.url.endswith(card), ruth.main.inner_text()[:400]
    moves(ruth, card, filed="2031-09-02")
    moves(ruth, matter, adjustment="2031-09-02")
    for one in (matter, card):
        ruth.go(one)
        ruth.main.locator("li", has_text="earliest day").get_by_role("link", name="Done").first.click()
        ruth.fill(on="2031-09-02", what="I-485 received by courier")
        ruth.press("Mark it as done")
    ruth.hides()
