"""The pages of both registers, read and filled in by hand, and the guide that everybody at a door can read."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from shelter.clients.queries import agency_today
from shelter.db import db as database
from shelter.demands.models import Breach, Demand
from shelter.rules.demands import guide
from tests.factories.agency import World
from tests.factories.clients import Desk, begin

DATABASES = ("sqlite",)  # what they do on both is asked of the actions
TODAY = {"arrived": "2026-01-05"}


def version_on(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def test_whoever_stands_at_the_door_reads_what_to_do(app: Flask, world: World, db: Any) -> None:
    for who in ("desk", "volunteer"):
        desk = Desk(app, world, who)
        assert "immigration officers" in desk.get("/demands/guide").text
        for one in guide().kind:
            page = desk.get(f"/demands/guide/{one.code}")
            assert page.status_code == 200
            assert "neither confirm nor deny" in page.text
        assert desk.get("/demands/guide/nothing").status_code == 404
    assert "to be confirmed by counsel" in desk.get("/demands/guide/immigration_warrant").text


def test_a_subpoena_is_answered_by_hand(app: Flask, world: World, db: Any) -> None:
    code, desk, supervisor = begin(world), Desk(app, world, "desk"), Desk(app, world, "supervisor")
    wrong = desk.post("/demands/arrived", kind="subpoena", from_whom="", judge="no", **TODAY)
    assert wrong.status_code == 422
    sent = {"kind": "subpoena", "from_whom": "Court", "judge": "no", "covers": "notes", "due": "2030-01-05", **TODAY}
    assert desk.post("/demands/arrived", **sent).headers["Location"].endswith("/demands/guide")
    assert "1 demand for people or records is open" in supervisor.get("/today/").text
    url = f"/demands/{database.session.scalars(select(Demand.id)).one().hex()}"
    assert supervisor.post(url, code="K7-4QM2-C").status_code == 422
    assert supervisor.post(url, code=code).status_code == 302
    assert code in supervisor.get(url).text
    hers = f"/people/{code}{url}"
    page = supervisor.get(f"{hers}/give").text
    give = {"release": "other", "items": "served", "method": "paper", "version": version_on(page)}
    early = supervisor.post(f"{hers}/give", **give)
    assert "Counsel has not been asked yet" in early.text
    edit = {"judge": "no", "counsel": "Ms Ode", "counsel_asked": agency_today().isoformat(), "due": "2030-01-05"}
    edit["version"] = version_on(supervisor.get(f"{url}/edit").text)
    assert supervisor.post(f"{url}/edit", **edit).status_code == 302
    told = supervisor.post(f"{hers}/notice", reached="yes", how="in_person", words="she knows", version="1")
    assert told.status_code == 302
    assert supervisor.post(f"{hers}/give", **{**give, "version": "2"}).status_code == 302
    shown = supervisor.get(url).text
    assert "That we work with them" in shown
    assert "Ms Ode" in shown
    closing = {"outcome": "narrowed", "words": "one line", "version": version_on(supervisor.get(f"{url}/close").text)}
    assert supervisor.post(f"{url}/close", **closing).status_code == 302
    assert "Less was given" in supervisor.get("/demands/").text
    assert desk.get(url).status_code == 403


def test_a_breach_is_kept_and_its_letter_names_nobody(app: Flask, world: World, db: Any) -> None:
    code, director, supervisor = begin(world), Desk(app, world, "director"), Desk(app, world, "supervisor")
    day = agency_today().isoformat()
    assert director.post("/breaches/found", kind="lost", what="", found_on=day, found_at="00:01").status_code == 422
    sent = {"kind": "lost", "what": "a telephone", "found_on": day, "found_at": "00:00"}
    assert director.post("/breaches/found", **sent).status_code == 302
    assert "manager" in director.get("/reports/").text
    url = f"/breaches/{database.session.scalars(select(Breach.id)).one().hex()}"
    assert director.post(f"{url}/close", url, version="1").status_code == 422
    assert supervisor.post(f"{url}/people", url, code=code).status_code == 302
    change = {"what": "a telephone", "contained": "wiped", "letter": "We lost a telephone.", "version": "1"}
    assert director.post(f"{url}/edit", **change).status_code == 302
    hers = f"/people/{code}{url}"
    assert supervisor.post(hers, what="a number", version="1").status_code == 302
    letter = supervisor.get(f"{hers}/letter?lang=es").text
    assert "We lost a telephone." in letter
    assert code not in letter
    assert code not in director.get(url).text
    assert director.get(f"{hers}/letter").status_code == 403
    told = {"who": "funder", "told_on": day, "told_at": "00:00", "version": "2"}
    assert director.post(f"{url}/told", **told).status_code == 302
    assert "told in time" in director.get("/breaches/").text
    assert director.post(f"{url}/close", url, version="3").status_code == 302
