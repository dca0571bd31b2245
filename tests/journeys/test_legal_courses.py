"""Four courses of legal work, each walked through by an advocate in one look: to a certification asked for again,
through a request for evidence, back from an order in absentia, to a protection order renewed.

The longest, a T visa, has a file of its own.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db as database
from tests.factories.legal import RFE, make_client, make_matter, make_notice
from tests.journeys.hand import DESK_ES, PHONE_EN, PHONE_ES, Hand, House
from tests.support.calendars import by_ical, by_icalendar

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
SECRETS = ("Quellmann",)


def opened(house: House, kind: str) -> str:
    """A matter of this kind that the supervisor opened for the advocate; its address."""
    client = make_client(house.world)
    matter = make_matter(house.world, client, type=kind)
    address = f"/people/{client.code}/matters/{matter.hex()}"
    database.session.remove()
    return address


def moves(ruth: Hand, address: str, **stages: str) -> None:
    """Through these stages, each on its day."""
    for stage, on in stages.items():
        ruth.go(f"{address}/stage")
        ruth.fill(stage=stage, on=on)
        if ruth.page.locator("main [name=confirmed]").count():
            ruth.fill(confirmed="1")
        ruth.press("Come to this stage")
        assert ruth.page.url.endswith(address), ruth.main.inner_text()[:400]


def test_a_u_certification_lapses_and_is_asked_for_again(house: House) -> None:
    address = opened(house, "u_visa")
    with house.hand("advocate", PHONE_ES, *SECRETS) as ruth:
        ruth.go(f"{address}/around")
        ruth.press("Ask for a certification")
        ruth.sound("ask-new")
        ruth.fill(kind="supplement_b", certifier="california", agency="Sheriff of Testville", asked_on="2026-04-01")
        ruth.press("Save what was asked")
        ruth.press("Their answer")
        ruth.fill(answer="signed", on="2026-05-04")
        ruth.sound("ask-answer")
        ruth.press("Save their answer")
        ruth.reads("lapsed")
        ruth.press("Ask again")
        ruth.fill(asked_on="2026-11-20")
        ruth.press("Save what was asked again")
        ruth.reads("no answer yet", "lapsed")
        ruth.sound("asked-again")
        ruth.hides()


def test_a_request_for_evidence_is_answered(house: House) -> None:
    address = opened(house, "t_visa")
    code = address.split("/")[2]
    client = database.session.scalars(select(Client).where(Client.code == code)).one()
    make_notice(house.world, client, bytes.fromhex(address.rsplit("/", 1)[1]), RFE)
    database.session.remove()
    with house.hand("legal_supervisor", PHONE_EN, *SECRETS) as diana:
        diana.menu("Today")
        diana.press("By person")
        diana.sound("day-by-person")
        diana.press("Give the second look")
        diana.press("I have read the paper and the day is right")
        diana.press("Say what is in hand")
        diana.main.get_by_label("Signed personal statement").check()
        diana.press("Save what is in hand")
        diana.press("Done")
        diana.fill(on="2026-11-20", what="Received by courier, signed for")
        diana.press("Mark it as done")
        diana.reads("No open date. A notice that asks for an answer brings its own.")
        diana.hides()


def test_an_order_in_absentia_is_reopened(house: House) -> None:
    address = opened(house, "removal_defense")
    with house.hand("advocate", DESK_ES, *SECRETS) as ruth:
        ruth.go(f"{address}/visits/new")
        ruth.sound("visit-new")
        ruth.fill(what="master_hearing", day="2026-12-01", time="08:30", interpreter="Tagalo")
        ruth.press("Save this appointment")
        ruth.press("Arrange")
        ruth.fill(transport="Nuestra camioneta", childcare="Su hermana")
        ruth.press("Save what is arranged")
        ruth.press("Show to her caseworker")
        ruth.fill(words="Cita en el centro")
        ruth.sound("show-date")
        ruth.press("Show this day")
        moves(ruth, address, master="2026-10-01", in_absentia="2026-11-02")
        ruth.press("Add a date by its rule")
        ruth.fill(rule="motion.reopen_in_absentia", trigger_date="2026-11-02")
        ruth.press("Save this date")
        ruth.reads("180")
        ruth.main.locator("li", has_text="180").get_by_role("link", name=ruth.say("Done")).click()
        ruth.fill(on="2026-11-20", what="Moción presentada")
        ruth.press("Mark it as done")
        moves(ruth, address, motion="2026-11-20", reopened="2026-11-21")
        ruth.sound("reopened")
        ruth.hides()
    with house.hand("caseworker", DESK_ES, *SECRETS) as rosa:
        rosa.go("/".join(address.split("/")[:3]))
        rosa.reads("Cita en el centro", "Dates to keep, from her advocate")
        rosa.reads_not("Master", "Tagalo", "matters")


def test_a_protection_order_is_renewed_and_a_missed_day_is_in_the_register(house: House) -> None:
    address = opened(house, "protection_order")
    with house.hand("advocate", PHONE_EN, *SECRETS) as ruth:
        moves(ruth, address, petition="2026-03-10", temporary="2026-03-12", hearing="2026-04-01", order="2026-04-02")
        ruth.press("Add a date by its rule")
        ruth.fill(rule="protection_order.expires", trigger_date="2026-11-20")
        ruth.press("Save this date")
        ruth.press("It was missed")
        ruth.fill(happened="The clerk was closed that week", done="Asked for an order the same day")
        ruth.sound("missed-new")
        ruth.press("Write it in the register")
        moves(ruth, address, renewal="2026-11-20", renewed="2026-11-21")
        ruth.press("Add a date by its rule")
        ruth.fill(rule="protection_order.expires", trigger_date="2029-11-20")
        ruth.press("Save this date")
        ruth.menu("Today")
        ruth.press("Missed dates")
        ruth.reads("The clerk was closed that week", "Asked for an order the same day")
        ruth.sound("missed")
        ruth.go("/matters/calendar")
        ruth.press("Turn it on")
        ruth.sound("calendar")
        address_shown = ruth.main.locator("#address").inner_text()
        feed = ruth.page.request.get(address_shown).text()
        code = address.split("/")[2]
        assert by_icalendar(feed) == by_ical(feed)
        assert (date(2029, 11, 20), f"Deadline, {code}") in by_ical(feed)
        ruth.hides()
