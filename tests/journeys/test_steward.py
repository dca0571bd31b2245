"""The people of the keys at their pages: a steward, an administrator, an auditor, each on a telephone and at a desk."""

from __future__ import annotations

from typing import Any

import pytest

from shelter.accounts import actions as accounts
from shelter.accounts import long_leave
from shelter.auditing.queries import KINDS
from shelter.clients.queries import agency_today
from shelter.db import db as database
from shelter.policy.roles import Role
from shelter.restricting import actions as restricting
from shelter.restricting.actions import Restrict
from shelter.trail.proof import head as chain_head
from tests.factories.clients import begin
from tests.journeys.hand import DESK_EN, DESK_ES, PHONE_EN, PHONE_ES, House
from tests.stewards.test_membership import waiting

DATABASES = ("sqlite",)
pytestmark = pytest.mark.journey
CALLED = "Zephyrine"


def prepared(house: House, db: Any) -> tuple[str, dict[str, bytes]]:
    """Somebody waits, somebody left, somebody comes back, and a person is to have compartments of her own."""
    world = house.world
    code = begin(world, called=CALLED)
    staff, _ = waiting(world, db, Role.CASEWORKER)
    new, gone, back = staff.id, world.members["stranger"].id, world.members["volunteer"].id
    accounts.dismiss(world.actor("administrator"), gone)
    long_leave.go_away(world.actor("administrator"), back)
    long_leave.come_back(world.actor("administrator"), back)
    people = {world.members[who].id for who in ("supervisor", "caseworker", "legal_supervisor")}
    restricting.ask(world.actor("supervisor"), Restrict(code, frozenset(people)))
    database.session.remove()
    return code, {"new": new, "gone": gone, "back": back}


def test_a_steward_answers_everything_that_waits(house: House, db: Any) -> None:
    code, ids = prepared(house, db)
    with house.hand("steward", PHONE_EN, CALLED) as mara:
        mara.go("/keys")
        mara.reads("Come back from long leave", code)
        mara.sound("keys")
        mara.press("Let her in again")
        mara.reads("She works here again.")
        mara.go(f"/keys/{ids['new'].hex()}/bind")
        mara.sound("bind")
        mara.page.locator('main [name="compared"]').check()
        mara.page.locator("main .btn-primary").first.click()
        mara.reads("She belongs.")
        mara.go(f"/keys/{ids['gone'].hex()}/unbind")
        mara.sound("unbind")
        mara.press("Unbind her keys")
        mara.reads("Her keys belong no longer.")
        mara.press("Look at it")
        mara.reads("these people alone hold the keys")
        mara.sound("sign-restriction")
        mara.hides()
        mara.press("Sign the rosters")
        mara.reads("waits for")
        mara.sound("on-their-way")
        mara.go("/keys/kit/new")
        mara.sound("new-kit")
    with house.hand("supervisor", PHONE_ES, CALLED) as kay:
        kay.go(f"/people/{code}/restricted")
        kay.sound("restricted")
    with house.hand("steward", DESK_ES, CALLED) as mara:
        mara.go("/keys")
        mara.sound("keys-desk")
        mara.go("/keys/kit/new")
        mara.sound("new-kit-desk")


def test_an_administrator_keeps_accounts_and_opens_nobody(house: House, db: Any) -> None:
    code, _ = prepared(house, db)
    member = house.world.members["caseworker_two"].id.hex()
    for view in (PHONE_ES, DESK_EN):
        with house.hand("administrator", view, CALLED) as ana:
            for path in ("/staff", "/staff/new", f"/staff/{member}", f"/staff/{member}/away", f"/staff/{member}/leave"):
                assert ana.go(path) == 200
                ana.sound(path.replace(member, "one").strip("/").replace("/", "-"))
            for path in (f"/people/{code}", f"/people/{code}/restricted", "/keys", "/trail/"):
                assert ana.go(path) in (403, 404), path
    with house.hand("administrator", DESK_EN, CALLED) as ana:
        ana.go(f"/staff/{member}/away")
        ana.press("She is on leave from now on")
        ana.reads("without a key until two people let her in again")


def test_an_auditor_reads_who_did_what_and_carries_a_head_away(house: House, db: Any) -> None:
    code, _ = prepared(house, db)
    head = str(chain_head())
    database.session.remove()
    steward, day = house.world.members["supervisor"].id.hex(), agency_today().isoformat()
    for view in (PHONE_EN, DESK_ES):
        with house.hand("auditor", view, CALLED) as vera:
            kinds = [f"/trail/kind/{kind}" for kind in KINDS]
            more = ("/trail/volumes", "/trail/emergencies", f"/trail/person?code={code}", f"/trail/nobody/{day}")
            for path in ("/trail/", f"/trail/{steward}/{day}", *kinds, *more, "/trail/proof", "/trail/proof/paper"):
                assert vera.go(path) == 200
                vera.sound(path.split("?")[0].replace(steward, "one").replace(day, "day").strip("/").replace("/", "-"))
                vera.hides()
            vera.go("/trail/proof")
            vera.page.locator("main [name=heads]").fill(head)
            vera.page.locator("main form .btn-primary").click()
            vera.page.wait_for_selector(".notice.is-calm >> nth=1")
            vera.sound("trail-compared")
            assert vera.go("/keys") == 403
