"""A record of one person: under her own live release, with what it covers and no more, and written down as told."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.clients.actions import SaveHappened, SaveHerself, save_happened, save_herself
from shelter.db import db
from shelter.db.errors import Missing
from shelter.funders.actions import MakeRecord, make_record
from shelter.policy.errors import Denied
from shelter.releases.actions import Say, Which, revoke
from shelter.releases.disclosing import NotCovered, Share
from shelter.releases.queries import left_of
from shelter.rules.broken import Broken
from shelter.trail.models import Trail
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk, client_id
from tests.factories.releases import live
from tests.factories.services import enter

ITEMS = ("happened", "services", "served")


@pytest.fixture
def code(world: World) -> str:
    found = clients.named(world, "Quirina Vantongeren", called="Zephyrine")
    clients.give_advocate(world, found)
    worker = world.actor("caseworker")
    save_happened(
        worker,
        SaveHappened(found, 0, trafficking_status="actual", exploitation=("forced_labour",), control=("debt_bondage",)),
    )
    save_herself(worker, SaveHerself(found, 0, sex_asked="female", citizenship="PHL"))
    enter(world, found, what="protection_order")
    return found


def record(world: World, code: str, release: bytes, *items: str, who: str = "caseworker") -> dict[str, object]:
    made = make_record(world.actor(who), MakeRecord(code, Share(release, items or ITEMS, "phone")))
    found = json.loads(made)
    assert isinstance(found, dict)
    return found


def test_a_record_tells_what_she_agreed_to_and_no_more(world: World, code: str) -> None:
    release = live(world, code, items=(*ITEMS, "name"))
    told = record(world, code, release)
    assert told["traffickingStatus"] == "Actual victim"
    assert (told["typeOfExploitation"], told["methodsOfControl"]) == (["Forced labour"], ["Debt bondage"])
    assert (told["supportTypes"], told["caseStatus"]) == (["Legal"], "Active")
    assert not {"sex", "citizenship", "dateOfBirth"} & told.keys()
    assert not [word for word in (code, "Quirina", "Zephyrine") if word in repr(told)]
    assert told["record"] != record(world, code, release)["record"]
    assert [left.items for left in left_of(world.actor("caseworker"), [client_id(code)])] == [list(ITEMS)] * 2


def test_nothing_leaves_without_a_live_release_that_covers_it(world: World, code: str) -> None:
    release = live(world, code, items=ITEMS)
    with pytest.raises(NotCovered):
        record(world, code, release, "happened", "birth")
    with pytest.raises(Broken, match=r"funders\.record-needs-happened"):
        record(world, code, release, "services")
    with pytest.raises(NotCovered):
        record(world, code, bytes(16))
    revoke(world.actor("caseworker"), Say(Which(code, release, 2), "she took it back"))
    with pytest.raises(NotCovered):
        record(world, code, release)
    assert left_of(world.actor("caseworker"), [client_id(code)]) == []
    assert "refused:release" in set(db.session.scalars(select(Trail.act)))


def test_a_release_of_another_person_opens_nothing(world: World, code: str) -> None:
    other = clients.begin(world, called="Bea")
    with pytest.raises(NotCovered):
        record(world, code, live(world, other, items=ITEMS))


@pytest.mark.parametrize(
    ("who", "refused"),
    [("advocate", Denied), ("stranger", Missing), ("preparer", Missing), ("director", Missing), ("desk", Missing)],
)
def test_only_who_may_open_what_happened_makes_one(world: World, code: str, who: str, refused: type[Exception]) -> None:
    release = live(world, code, items=ITEMS)
    with pytest.raises((refused, Denied)):
        record(world, code, release, who=who)


def test_through_the_page(app: Flask, world: World, code: str) -> None:
    release = live(world, code, items=ITEMS)
    worker = Desk(app, world, "caseworker")
    page = f"/people/{code}/releases/{release.hex()}/case-record"
    assert page in worker.get(f"/people/{code}/releases/{release.hex()}").text
    assert worker.post(page, items="services", method="phone").status_code == 422
    answer = worker.post(page, items="happened", method="phone")
    assert answer.status_code == 200
    assert json.loads(answer.data)["methodsOfControl"] == ["Debt bondage"]
    assert code not in answer.headers["Content-Disposition"]
    assert Desk(app, world, "advocate").get(page).status_code == 403
