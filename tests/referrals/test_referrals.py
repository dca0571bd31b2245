"""Referrals out tell only what a release covers; what a stranger leaves is sealed, of one size, and answers nothing."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, select, text

from shelter.clients.models import Client
from shelter.clients.queries import overview
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keystore import KeyDek
from shelter.policy.errors import Denied
from shelter.referrals import actions, queries
from shelter.referrals.actions import Begin, Close, Move, Refer
from shelter.referrals.models import Referral
from shelter.releases.actions import Say, Which, revoke
from shelter.releases.disclosing import NotCovered, Share
from shelter.releases.models import Disclosure
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.referrals import LEFT, address, dropped, leave
from tests.factories.releases import live

Sign = Callable[[str], Desk]
SENDER = "203.0.113.77"
FORM = {"organisation": LEFT.organisation, "reach": LEFT.reach, "called": LEFT.called, "urgency": "today"}


def test_a_referral_tells_what_the_release_covers_and_says_under_which(world: World, code: str) -> None:
    release, actor = live(world, code), world.actor("caseworker")
    found = actions.refer(actor, Refer(code, "", "a consultation", Share(release, ("name",), "phone")))
    _, view = queries.one(actor, code, found)
    assert (view.text.organisation, view.text.items, view.text.release) == ("Harbor Legal Aid", ["name"], release)
    assert len(db.session.scalars(select(Disclosure)).all()) == 1
    for what in ("accepted", "done"):
        actions.move(actor, Move(code, found, queries.one(actor, code, found)[1].version, what, ""))
    with pytest.raises(Broken):
        actions.move(actor, Move(code, found, 3, "refused", ""))


def test_without_a_live_release_neither_the_referral_nor_the_disclosure_is_there(world: World, code: str) -> None:
    release, actor = live(world, code), world.actor("caseworker")
    revoke(actor, Say(Which(code, release, 2), ""))
    with pytest.raises(NotCovered):
        actions.refer(actor, Refer(code, "", "", Share(release, ("name",), "phone")))
    assert db.session.scalars(select(Referral)).all() == []
    assert db.session.scalars(select(Disclosure)).all() == []


def test_she_may_go_herself_and_nothing_is_told(world: World, code: str) -> None:
    actor = world.actor("caseworker")
    actions.refer(actor, Refer(code, "Night School", "English"))
    with pytest.raises(Broken):
        actions.refer(actor, Refer(code, "", "English"))
    assert [one.text.organisation for one in queries.of_client(actor, code)[1]] == ["Night School"]


class TestWhatAStrangerLeaves:
    def test_becomes_a_record_and_the_item_is_gone_with_its_keys(self, world: World) -> None:
        receipt, actor = leave(address(world)), world.actor("caseworker")
        (still,), _ = queries.queue(actor)
        assert (still.dropped.called, still.partner, still.dropped.receipt) == ("Mirela", "County Hospital", receipt)
        code = actions.take_in(actor, Begin(still.id, world.sites["north"], "Mira"))
        assert dropped() == []
        assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == still.id)).all() == []
        _, (kept,) = queries.of_client(actor, code)
        assert "a bed tonight" in kept.text.need
        assert "Nurse Abara" in kept.text.organisation
        assert overview(actor, code).card.working_name == "Mira"
        with pytest.raises(Missing):
            actions.take_in(world.actor("supervisor"), Begin(still.id, world.sites["north"], "Mira"))

    def test_joins_a_record_of_hers_or_is_closed_with_why(self, world: World, code: str) -> None:
        token, actor = address(world), world.actor("caseworker")
        leave(token)
        leave(token, called="Ilinca")
        one, other = queries.queue(actor)[0]
        with pytest.raises(Broken):
            actions.take_in(world.actor("stranger"), Begin(one.id, code=code))
        actions.take_in(actor, Begin(one.id, code=code))
        actions.close(actor, Close(other.id, "full", "called back"))
        still, (shut,) = queries.queue(actor)
        assert still == []
        assert shut.answer is not None
        assert shut.answer.why == "full"
        with pytest.raises(Missing):
            actions.close(actor, Close(other.id, "full", ""))

    @pytest.mark.parametrize("who", ["desk", "advocate", "director", "auditor", "administrator"])
    def test_is_opened_by_no_one_else(self, world: World, who: str) -> None:
        leave(address(world))
        with pytest.raises(Denied):
            queries.queue(world.actor(who))

    def test_lies_there_in_one_size_and_opens_nowhere_else(self, world: World) -> None:
        token = address(world)
        leave(token, needs="")
        leave(token, needs="ñ" * 2000)
        one, other = dropped()
        assert len(one.dropped) == len(other.dropped)
        db.session.execute(
            text("update dropped_referral set dropped = :raw where id = :id"), {"raw": one.dropped, "id": other.id}
        )
        db.session.commit()
        db.session.expire_all()
        assert len(queries.queue(world.actor("caseworker"))[0]) == 1

    def test_a_closed_address_is_like_none(self, world: World, client: Any) -> None:
        token = address(world)
        supervisor = world.actor("supervisor")
        actions.close_address(supervisor, queries.links(supervisor)[0].id)
        db.session.commit()
        shut, never, nonsense = (client.get(f"/leave-word/{one}") for one in (token, "A" * 43, "x"))
        assert shut.status_code == never.status_code == nonsense.status_code == 404
        assert shut.data.replace(token.encode(), b"") == never.data.replace(b"A" * 43, b"")


@pytest.fixture
def door(app: Flask) -> Any:
    """A browser that says who it is in every way there is."""
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = SENDER
    browser.environ_base["HTTP_X_FORWARDED_FOR"] = SENDER
    browser.environ_base["HTTP_USER_AGENT"] = "Partner/1.0"
    return browser


def everything_kept() -> str:
    tables = MetaData()
    tables.reflect(db.session.connection())
    return repr([list(db.session.execute(select(table))) for table in tables.sorted_tables])


def test_the_page_gives_a_number_and_no_cookie_and_keeps_no_sender(
    app: Flask, world: World, door: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = f"/leave-word/{address(world)}"
    db.session.commit()
    shown = door.get(place)
    sent = door.post(place, data=FORM)
    assert (shown.status_code, sent.status_code) == (200, 200)
    for answer in (shown, sent, door.post(place, data={}), door.post("/leave-word/x", data=FORM)):
        assert "Set-Cookie" not in answer.headers
    assert "Mirela" not in sent.text
    assert "<script" not in shown.text
    assert "Deje un mensaje" in door.get(f"{place}?lang=es").text
    db.session.expire_all()
    for told in (SENDER, "Partner/1.0", "Mirela", "County Hospital", LEFT.reach):
        assert told not in everything_kept()
        assert told not in caplog.text


def test_what_was_typed_stays_and_too_much_is_refused(world: World, door: Any) -> None:
    place = f"/leave-word/{address(world)}"
    db.session.commit()
    wrong = door.post(place, data=FORM | {"urgency": "", "needs": "a bed"})
    assert wrong.status_code == 422
    assert "a bed" in wrong.text
    assert door.post(place, data=FORM | {"needs": "x" * 50_000}).status_code == 413
    assert door.post(place, data=FORM | {"needs": "x" * 2_001}).status_code == 422
    assert dropped() == []


def test_one_address_used_too_often_waits_and_shuts_nobody_else_out(world: World, door: Any) -> None:
    one, other = (f"/leave-word/{address(world)}" for _ in range(2))
    db.session.commit()
    answers = [door.post(one, data=FORM).status_code for _ in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[-1] == 429
    assert door.post(other, data=FORM).status_code == 200
    db.session.expire_all()
    assert len(dropped()) in (11, 12)


def test_through_the_pages_from_an_address_to_a_record(world: World, desk: Sign, door: Any) -> None:
    sofia = desk("supervisor")
    made = sofia.post("/referrals/addresses", partner="Task force").text
    token = made.split("/leave-word/")[1][:43]
    assert token not in sofia.get("/referrals/addresses").text
    receipt = door.post(f"/leave-word/{token}", data=FORM).text
    rosa = desk("caseworker")
    shown = rosa.get("/referrals").text
    assert "Mirela" in shown
    place = shown.split('href="/referrals/')[1][:32]
    page = rosa.get(f"/referrals/{place}").text
    assert "Task force" in page
    number = page.split("· ")[2].split("<")[0].strip()
    assert number in receipt
    begun = rosa.post(f"/referrals/{place}", called="Mira", site=world.sites["north"].hex())
    assert begun.status_code == 302
    assert rosa.get(f"/referrals/{place}").status_code == 404
    code = db.session.scalars(select(Client.code)).one()
    assert "Nurse" not in rosa.get(f"/people/{code}").text
    assert "County Hospital" in rosa.get(f"/people/{code}/referrals").text
