"""The pages of erasing: asked, agreed, done and certified by hand, and closed to everybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from shelter.clients import actions as people
from shelter.clients.queries import agency_today
from shelter.db import db as database
from shelter.db.sections import INVENTORY
from shelter.erasing.models import Erasure
from tests.factories.agency import World
from tests.factories.clients import Desk, begin

DATABASES = ("sqlite",)  # what they do on both is asked of the actions


def test_a_file_is_erased_by_two_and_the_certificate_names_nobody(app: Flask, world: World, db: Any) -> None:
    code = begin(world, called="Zephyrine")
    people.wish(world.actor("supervisor"), code, "delete", "everything about the harbour")
    supervisor, steward = Desk(app, world, "supervisor"), Desk(app, world, "steward")
    own = supervisor.get(f"/people/{code}/own-file").text
    assert f"/people/{code}/erasing" in own
    ask = f"/people/{code}/erasing"
    wrong = supervisor.post(ask, scope="whole")
    assert wrong.status_code == 422
    assert "Say that you know this" in wrong.text
    assert supervisor.post(ask, scope="whole", reason="she-asked", told="y").status_code == 302
    assert "waits for a steward" in supervisor.get(ask).text
    listed = steward.get("/erasings/").text
    assert code in listed
    assert "Zephyrine" not in listed
    found = database.session.scalars(select(Erasure.id)).one().hex()
    assert "1 erasing waits for a steward" in steward.get("/keys").text
    assert steward.post(f"/erasings/{found}/agree", "/erasings/").status_code == 302
    assert "can be erased" in supervisor.get("/today/").text
    done = supervisor.post(f"/erasings/{found}/erase", "/erasings/")
    assert done.headers["Location"].endswith(f"/erasings/{found}")
    for desk in (supervisor, steward):
        for page in (f"/erasings/{found}", f"/erasings/{found}/paper"):
            text = desk.get(page).text
            assert code in text
            assert "Zephyrine" not in text
            assert "counts her no more" in text, "coarse facts go too, and the certificate claims no more"
            assert "Coarse counts" not in text
    assert supervisor.get(f"/people/{code}").status_code == 404
    assert re.search("No backup opens it from", supervisor.get(f"/erasings/{found}").text)


def test_a_hold_is_put_up_and_ended_on_its_pages(app: Flask, world: World, db: Any) -> None:
    code = begin(world)
    desk, url = Desk(app, world, "supervisor"), f"/people/{code}/holds"
    past = desk.post(url, reason="claim", words="words", review="2020-01-01")
    assert past.status_code == 422
    later = (agency_today() + timedelta(days=30)).isoformat()
    assert desk.post(url, reason="claim", words="a letter came", review=later).status_code == 302
    assert "A legal hold stands" in desk.get(f"/people/{code}/erasing").text
    hold = re.search(rf"{url}/([0-9a-f]{{32}})", desk.get(url).text)
    assert hold
    assert desk.post(f"{url}/{hold[1]}", why="", version="1").status_code == 422
    assert desk.post(f"{url}/{hold[1]}", why="settled", version="1").status_code == 302
    assert "ended" in desk.get(url).text


def test_the_rules_are_shown_with_their_source(app: Flask, world: World, db: Any) -> None:
    text = Desk(app, world, "steward").get("/erasings/rules").text
    assert "to be confirmed by counsel" in text
    assert "A whole file, after its case was closed" in text


def test_what_is_kept_of_an_erasing_is_sealed_to_everybody_and_about_nobody() -> None:
    section = INVENTORY["erasure", "about"]
    assert section.kind == "house"
    fields = set(section.struct.__struct_fields__)
    assert not fields & {"words", "name", "note"}
