"""What leaves and what comes: a release and a refused disclosure, a stranger's referral, two records of one person."""

from datetime import date, timedelta

import pytest

from shelter.db import db as database
from tests.factories import clients
from tests.factories.clients import client_id
from tests.journeys.hand import DESK_ES, PHONE_EN, Hand, House, View
from tests.support.pages import axe_findings, opened

pytestmark = pytest.mark.journey
LEGAL_NAME = "Xiomara Quiñones Baldomar"
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("view", [PHONE_EN, DESK_ES], ids=str)
def test_what_leaves_is_agreed_and_what_comes_is_sealed(house: House, view: View) -> None:
    code = clients.named(house.world, LEGAL_NAME, called="Lucero")
    twin = clients.named(house.world, "Xiomara Quinones", called="Lucero")
    assert client_id(code) != client_id(twin)
    database.session.remove()
    with house.hand("supervisor", view, LEGAL_NAME) as sofia:
        address = gives_an_address(sofia)
        a_stranger_leaves_word(house, view, address)
        takes_it_in(sofia)
        merges(sofia, code, twin)
    with house.hand("caseworker", view, LEGAL_NAME) as rosa:
        a_release(rosa, code)
        nothing_more_than_agreed(rosa, code)


def gives_an_address(sofia: Hand) -> str:
    sofia.go("/referrals/addresses")
    sofia.sound("addresses")
    sofia.fill(partner="Valley Hospital")
    sofia.press("Make an address")
    return sofia.page.locator("code.drawn").inner_text()


def a_stranger_leaves_word(house: House, view: View, address: str) -> None:
    """No script, no cookie, and a number."""
    path = address[address.index("/leave-word/") :]
    with opened(house.browser, house.url, language=view.language, viewport=view.size) as page:
        page.goto(path)
        assert axe_findings(page) == []
    with opened(
        house.browser, house.url, language=view.language, viewport=view.size, java_script_enabled=False
    ) as page:
        page.goto(path)
        for name, words in (("organisation", "Valley Hospital"), ("reach", "extension 214"), ("called", "Mirela")):
            page.fill(f"[name={name}]", words)
        page.check("[name=urgency][value=today]")
        page.locator("button[type=submit]").click()
        assert page.locator("strong.drawn").inner_text()
        assert "Mirela" not in page.content()
        assert page.context.cookies() == []


def takes_it_in(sofia: Hand) -> None:
    sofia.menu("People")
    sofia.press("Left by partners")
    sofia.sound("queue")
    sofia.press("Mirela")
    sofia.sound("left")
    sofia.press("Begin the record")
    sofia.reads("A record has begun from this referral.")


def merges(sofia: Hand, code: str, twin: str) -> None:
    sofia.go(f"/people/{code}/merge")
    sofia.sound("merge")
    sofia.fill(code=twin)
    sofia.press("Look at both")
    sofia.sound("compare")
    sofia.press("This is one person")
    sofia.reads("Two records, one person. Both codes go on working.")
    sofia.go(f"/people/{twin}")
    sofia.reads("One person with")
    sofia.hides()


def a_release(rosa: Hand, code: str) -> None:
    rosa.go(f"/people/{code}/releases")
    rosa.sound("releases-empty")
    rosa.press("Talk through a release")
    rosa.sound("release-new")
    rosa.fill(organisation="Harbor Legal Aid", items="name", purpose="legal", methods="phone", signer="self")
    rosa.fill(expires=(TODAY + timedelta(days=20)).isoformat(), risks_discussed="1")
    rosa.press("Save what we agreed")
    rosa.reads("Written down. It holds as soon as it is signed.")
    rosa.press("Take the signature")
    rosa.sound("sign")
    draws(rosa)
    rosa.fill(name="Lucero", not_abuser="1")
    rosa.press("Save this signature")
    rosa.reads("Holds")
    rosa.sound("release")
    assert rosa.main.locator("svg path").count() == 1


def draws(rosa: Hand) -> None:
    sheet = rosa.page.locator("canvas")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    rosa.page.mouse.move(box["x"] + 30, box["y"] + 40)
    rosa.page.mouse.down()
    rosa.page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    rosa.page.mouse.up()


def nothing_more_than_agreed(rosa: Hand, code: str) -> None:
    rosa.press("Share under this release")
    rosa.sound("share")
    other = rosa.page.context.new_page()
    other.goto(rosa.page.url.replace("/share", "/revoke"))
    other.locator("main .btn-primary").click()
    other.wait_for_url(lambda url: "/revoke" not in url)
    rosa.fill(items="name", method="phone")
    rosa.press("Write this down")
    rosa.reads("She has taken this release back. Nothing leaves under it.")
    rosa.sound("share-refused")
    rosa.go(f"/people/{code}")
    rosa.reads("Taken back")
    rosa.hides()
