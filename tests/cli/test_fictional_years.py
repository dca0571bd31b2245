"""The three years of the fictional agency on the screens of beds, stays, nights and the desk: they open and add up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from shelter import create_app
from shelter.cli.demo.founding import found_fictional_agency
from shelter.cli.demo.staff import STAFF, ZONE
from shelter.clients.models import Client
from shelter.course.models import Coming, Extension, FollowUp
from shelter.db import db
from shelter.db.agency import Site
from shelter.desk.models import Ban, DoorEntry, HandOver, IncidentReport, KeptThing, RequestTurnedAway, RequestWaiting
from shelter.rules.clock import today
from shelter.stays.models import Bed, Stay, StayBed, Unit
from tests.conftest import CHEAP_KDF, PEPPER
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.support import compiled, databases
from tests.support.workroom import Workroom

ROOMS = ("answers", "census", "course", "desk", "places", "stays")
SUPERVISOR, DESK, WAITING_DESK = "supervisor-fern-41", "desk-otter-61", "desk-beaver-62"
DAY = timedelta(days=1)
NOT_HERS = {403, 404}
"""What a page says to somebody whose work it is not, or about somebody whom it does not concern."""


@pytest.fixture(scope="module")
def years(
    workroom: Workroom, tmp_path_factory: pytest.TempPathFactory, templates: compiled.Templates
) -> Iterator[Flask]:
    """The fictional agency as `make run` makes it, on a database of its own."""
    folder = tmp_path_factory.mktemp("years")
    environment = {"SHELTER_DATA": str(folder), "SHELTER_DATABASE_URL": databases.sqlite_clone(workroom, folder)}
    made = replace(Settings.from_environment(environment), testing=True, kdf=CHEAP_KDF, pepper=PEPPER)
    app = create_app(made)
    app.jinja_env.bytecode_cache = templates
    with app.app_context():
        from shelter.cli.demo.filling import fill_agency

        fill_agency(found_fictional_agency(app), lambda _: None)
        yield app
    databases.let_go(app)


def signed_in(app: Flask, username: str) -> Desk:
    (one,) = [staff for staff in STAFF if staff.username == username]
    member = SimpleNamespace(sign_in_name=username, passphrase=one.passphrase, totp_secret=b"0" * 20)
    return Desk(app, cast(World, SimpleNamespace(members={username: member})), username)


def days_of_three_years() -> list[date]:
    """Two days of each quarter, from before the first guest until next week."""
    last = today(ZONE) + 7 * DAY
    return sorted(last - back * DAY for back in range(0, 3 * 366, 46))


def lives() -> list[tuple[Client, Stay]]:
    """Somebody of each half year by the day she came, one who is here, and one who is written down without a bed."""
    first = select(StayBed.stay_id, func.min(StayBed.from_day).label("came")).group_by(StayBed.stay_id).subquery()
    query = select(Client, Stay, first.c.came).join(Stay, Stay.client_id == Client.id)
    found = db.session.execute(query.join(first, first.c.stay_id == Stay.id).order_by(first.c.came)).all()
    by_half = {(came.year, came.month > 6, stay.state): (client, stay) for client, stay, came in found}
    return list(by_half.values())


THINGS: dict[str, Any] = {
    "ban": Ban, "entry": DoorEntry, "note": HandOver, "incident": IncidentReport, "made": RequestTurnedAway,
    "waits": RequestWaiting, "unit": Unit, "bed": Bed, "site": Site,
}  # fmt: skip
HERS: dict[str, Any] = {"coming": Coming, "extension": Extension, "follow_up": FollowUp, "thing": KeptThing}
"""What an address names beside the code of the person whose it is."""


def filled(arguments: set[str]) -> Iterator[dict[str, object]]:
    """What an address can name: of each kind of thing one, of people several of each year."""
    known: dict[str, object] = {"days": 30, "stage": "entry"}
    for name in arguments & THINGS.keys():
        known[name] = db.session.scalars(select(THINGS[name].id)).first()
    for name in arguments & HERS.keys():
        row = db.session.scalars(select(HERS[name])).first()
        client = db.session.get_one(Client, row.client_id)
        yield known | {name: row.id, "code": client.code}
        return
    if "code" not in arguments:
        yield known
        return
    for client, stay in lives():
        row = db.session.scalars(select(StayBed.id).where(StayBed.stay_id == stay.id)).first()
        yield known | {"code": client.code, "stay": stay.id, "row": row}


def addresses(app: Flask) -> Iterator[str]:
    """Every page of these rooms."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ROOMS and "GET" in (rule.methods or ()):
            for values in filled(rule.arguments):
                yield adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


@pytest.mark.parametrize("who", [SUPERVISOR, DESK])
def test_every_page_opens_for_whom_it_is_there(years: Flask, who: str) -> None:
    hand, refused, opened = signed_in(years, who), set(), 0
    for address in addresses(years):
        answer = hand.get(address)
        if answer.status_code in NOT_HERS:
            refused.add((address, answer.status_code))
            continue
        assert answer.status_code == 200, (address, answer.status_code)
        opened += 1
    assert opened > (150 if who == SUPERVISOR else 20), refused


def numbers(page: str) -> list[int]:
    found = re.findall(r'class="number">\s*(-?\d+)', page)
    assert found
    return [int(number) for number in found]


def test_beds_and_nights_of_every_quarter_open_and_add_up(years: Flask) -> None:
    """A night has as many beds as places and none below nothing; nobody is counted twice in a bed."""
    boss = signed_in(years, SUPERVISOR)
    for day in days_of_three_years():
        for address in (f"/beds?night={day}", f"/beds/list?night={day}", f"/beds/counts?night={day}"):
            answer = boss.get(address)
            assert answer.status_code == 200, address
            assert "field-error" not in answer.text, address
        first = day.replace(day=1)
        for address in (f"/census/nights?first={first}&last={day}", f"/census/beds?first={first}&last={day}"):
            answer = boss.get(address)
            assert answer.status_code == 200, address
            assert all(number >= 0 for number in numbers(answer.text)), address
        shares = re.findall(r"(\d+(?:\.\d+)?) %", boss.get(f"/census/beds?first={first}&last={day}").text)
        assert all(0 <= float(share) <= 100 for share in shares), (day, shares)


@pytest.mark.parametrize("book", ["hand-over", "incidents", "door-log"])
def test_the_books_turn_to_every_quarter(years: Flask, book: str) -> None:
    hand = signed_in(years, DESK)
    for day in days_of_three_years():
        assert hand.get(f"/{book}?until={day}").status_code == 200, (book, day)


def test_nobody_is_in_two_places_and_no_stay_ends_before_it_began(years: Flask) -> None:
    rows = db.session.execute(
        select(Stay.client_id, StayBed.from_day, StayBed.until_day).join(StayBed, StayBed.stay_id == Stay.id)
    ).all()
    by_client: dict[bytes, list[tuple[date, date]]] = {}
    for client, came, left in rows:
        by_client.setdefault(client, []).append((came, left or date.max))
    assert all(came < left for spans in by_client.values() for came, left in spans)
    for spans in by_client.values():
        assert all(left <= came for (_, left), (came, _) in pairwise(sorted(spans)))


def test_a_house_waits_for_the_conflict_check_and_the_desk_sees_how(years: Flask) -> None:
    """She is written down, her bed is held, and the page says whom to call; the other houses let people sleep in."""
    waiting, other = signed_in(years, WAITING_DESK), signed_in(years, DESK)
    arrivals = waiting.get("/arrivals").text
    assert "Ilse" in arrivals
    assert "555 0143" in arrivals + waiting.get("/arrivals/new").text
    waits = ["waits for the conflict check" in hand.get("/arrivals/new").text for hand in (waiting, other)]
    assert waits == [True, False]
