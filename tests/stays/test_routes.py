"""The pages of beds and stays as each role meets them, with what is typed wrong, pressed late or sent by a stranger."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from shelter.clients import actions as clients
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.db import db
from shelter.db.agency import SITE_HOUSE, Site, SiteHouse
from shelter.db.sections import save
from shelter.policy.acts import Act
from shelter.stays import actions
from shelter.stays.actions import Admit, NoteRoom
from shelter.stays.models import Hold
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id
from tests.factories.stays import DAY, days_of, make_beds, resident, rows_of, stay_of, tonight

Beds = dict[str, bytes]
SignedIn = Callable[[str], Desk]


def test_each_role_sees_of_the_board_what_it_may(world: World, beds: Beds, desk: SignedIn) -> None:
    code = resident(world, beds["A"], called="Mirabel")
    away = resident(world, beds["B"], called="Gonelle", since=tonight() - 5 * DAY)
    actions.leave(world.actor("desk"), actions.Leave(away, stay_of(away).id, tonight() - DAY, 1))

    night = desk("desk")
    seen = night.get("/beds").text
    assert "Mirabel" in seen
    assert code in seen
    past = night.get(f"/beds?night={tonight() - 3 * DAY}").text
    assert "Gonelle" not in past  # who does not sleep here tonight is nobody the desk may know
    assert "taken" in past
    blind = desk("volunteer").get("/beds").text
    assert "taken" in blind
    assert "Mirabel" not in blind
    assert code not in blind
    assert "Mirabel" not in desk("stranger").get("/beds").text
    director = desk("director")
    assert director.get("/beds").status_code == 403
    counts = director.get("/beds/counts").text
    assert code not in counts
    numbers = re.findall(r'class="number">(\d+)', counts)
    assert numbers == ["0"] * 6 + ["4", "1", "3", "0", "0", "0"] + ["0"] * 6


@pytest.mark.parametrize(
    ("who", "status"),
    [("caseworker", 200), ("supervisor", 200), ("desk", 200), ("stranger", 404), ("caseworker_two", 404)],
)
def test_a_history_is_for_those_who_work_with_her_or_keep_the_desk(
    world: World, beds: Beds, desk: SignedIn, who: str, status: int
) -> None:
    code = resident(world, beds["A"])
    stay = stay_of(code).id.hex()
    browser = desk(who)
    for path in ("", f"/{stay}/move", f"/{stay}/leave", f"/{stay}/room"):
        assert browser.get(f"/people/{code}/stay{path}").status_code == status


@pytest.mark.parametrize("who", ["volunteer", "director", "advocate"])
def test_roles_without_stays_reach_no_page_about_one(world: World, beds: Beds, desk: SignedIn, who: str) -> None:
    code = resident(world, beds["A"])
    browser = desk(who)
    for path in (f"/people/{code}/stay", f"/people/{code}/stay/new", "/arrivals/new", "/beds/paper"):
        assert browser.get(path).status_code == 403


def test_a_stay_belongs_to_its_code(world: World, beds: Beds, desk: SignedIn) -> None:
    one, other = resident(world, beds["A"]), resident(world, beds["B"])
    assert desk("caseworker").get(f"/people/{one}/stay/{stay_of(other).id.hex()}/move").status_code == 404


def test_a_night_from_hold_to_leaving_and_back_again(world: World, beds: Beds, desk: SignedIn) -> None:
    code, case, night = begin(world, called="Noor"), desk("caseworker"), desk("desk")
    held = night.post("/beds/hold", page="/beds", bed=beds["A"].hex())
    assert held.status_code == 302
    assert "minutes left" in night.get("/beds").text
    picked = case.post(f"/beds/{beds['A'].hex()}/admit", code=code.lower().replace("-", " "))
    assert picked.location.endswith(f"/people/{code}/stay/new?bed={beds['A'].hex()}")
    offered = re.search(rf'value="({beds["A"].hex()}:[0-9a-f]+)"\s+selected', case.get(picked.location).text)
    assert offered is not None
    case.post(picked.location, bed=offered[1], arrived=str(tonight()))
    assert db.session.scalar(select(Hold.id)) is None
    stay = stay_of(code).id.hex()
    night.post(f"/people/{code}/stay/{stay}/move", bed=beds["C"].hex(), day=str(tonight() + DAY), version="1")
    left = night.post(f"/people/{code}/stay/{stay}/leave", exit_day=str(tonight() + 3 * DAY), version="2")
    board = night.get(left.location).text
    undo = re.search(r'action="(/beds/undo/[0-9a-f]{32})"', board)
    assert undo is not None
    assert len(days_of(code)) == 2
    assert days_of(code)[-1][2] == tonight() + 3 * DAY
    night.post(undo[1], page="/beds")
    assert days_of(code)[-1] == ("Room 2, C", tonight() + DAY, None)


def test_the_slower_one_reads_that_the_bed_was_taken_and_sees_the_board_as_it_is_now(
    world: World, beds: Beds, desk: SignedIn
) -> None:
    code = begin(world)
    case, night = desk("caseworker"), desk("desk")
    resident(world, beds["B"], called="Mirabel")
    late = night.post("/beds/hold", page="/beds", bed=beds["B"].hex())
    assert late.status_code == 409
    assert "Bed B was taken a moment ago" in late.text
    assert "Mirabel" in late.text
    url = f"/people/{code}/stay/new"
    typed = {"bed": beds["B"].hex(), "arrived": str(tonight()), "expected_exit": "2026-12-24"}
    kept = case.post(url, **typed)
    assert kept.status_code == 422
    assert "Bed B was taken a moment ago" in kept.text
    assert 'id="bed-error"' in kept.text
    assert 'value="2026-12-24"' in kept.text
    assert "The beds as they are now" in kept.text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"exit_day": "2020-01-01"}, "before the day of arrival"),
        ({"exit_day": "2126-01-01"}, "Look at the year again"),
        ({"exit_day": "soon"}, "Write the date like"),
        ({"exit_day": ""}, "Choose a date"),
        ({"exit_day": "2126-01-01", "destination": "nowhere"}, "Choose one of the answers on offer"),
    ],
)
def test_a_day_typed_wrong_is_said_beside_it_and_kept(
    world: World, beds: Beds, desk: SignedIn, fields: dict[str, str], error: str
) -> None:
    code = resident(world, beds["A"])
    url = f"/people/{code}/stay/{stay_of(code).id.hex()}/leave"
    answer = desk("desk").post(url, version="1", reason="to her aunt", **fields)
    assert answer.status_code == 422
    assert error in answer.text
    assert f'value="{fields["exit_day"]}"' in answer.text or not fields["exit_day"]
    assert "to her aunt" in answer.text
    assert rows_of(stay_of(code))[-1].until_day is None


@pytest.mark.parametrize("bed", ["", "zz", "00", "0" * 32, "' or 1=1"])
def test_a_button_with_a_bed_that_is_none_changes_nothing(world: World, beds: Beds, desk: SignedIn, bed: str) -> None:
    browser = desk("desk")
    for path in ("/beds/hold", "/beds/release", "/beds/ready"):
        assert browser.post(path, page="/beds", bed=bed).status_code == 404


@pytest.mark.parametrize("night", ["junk", "2026-13-40", "0001-01-01", "9999-12-31"])
def test_an_odd_night_in_the_address_shows_a_page(world: World, beds: Beds, desk: SignedIn, night: str) -> None:
    assert desk("desk").get(f"/beds?night={night}").status_code in (200, 422)


def test_two_people_writing_about_one_room_see_both_texts(world: World, beds: Beds, desk: SignedIn) -> None:
    code = resident(world, beds["A"])
    stay = stay_of(code)
    actions.note_room(world.actor("desk"), NoteRoom(code, stay.id, 0, notes="keeps the light on"))
    late = desk("caseworker").post(
        f"/people/{code}/stay/{stay.id.hex()}/room", version="0", notes="wants the light off"
    )
    assert late.status_code == 409
    assert "keeps the light on" in late.text
    assert "wants the light off" in late.text
    assert re.search(r'<input[^>]*name="version"[^>]*value="1"', late.text)


def test_somebody_who_moved_her_first_is_told_on_the_late_form(world: World, beds: Beds, desk: SignedIn) -> None:
    code = resident(world, beds["A"])
    stay = stay_of(code)
    actions.move(world.actor("desk"), actions.Move(code, stay.id, beds["C"], tonight(), 1))
    url = f"/people/{code}/stay/{stay.id.hex()}/move"
    late = desk("caseworker").post(url, bed=beds["D"].hex(), day=str(tonight()), version="1")
    assert late.status_code == 409
    assert "Room 2, C" in late.text
    assert len(rows_of(stay_of(code))) == 2


def test_an_arrival_at_night_shows_no_name_to_the_desk_again(world: World, beds: Beds, desk: SignedIn) -> None:
    browser = desk("desk")
    answer = browser.post(
        "/arrivals/new",
        working_name="Sol",
        bed=beds["A"].hex(),
        arrived=str(tonight()),
        companions="Little one",
        more_beds=beds["B"].hex(),
        allergies="nuts",
        legal_name="Quirina Vantongeren",
        danger="Bartholomew",
        **{"born-month": "2", "born-day": "3", "born-year": "1990", "born-skip": "", "allergies-skip": ""},
    )
    assert answer.status_code == 302
    board = browser.get("/beds").text
    code = re.findall(r"[2-9A-Z]{2}-[2-9A-Z]{4}-[2-9A-Z]", board)[0]
    pages = [board, *(browser.get(f"/people/{code}/stay{end}").text for end in ("", "/new"))]
    assert "Sol" in board
    assert "Allergy: nuts" in board
    for shown in pages:
        assert "Quirina" not in shown
        assert "Bartholomew" not in shown
    assert "Quirina" not in desk("supervisor").get("/beds").text


def test_the_sheet_for_a_bad_night_has_codes_and_working_names_and_no_address(
    world: World, beds: Beds, desk: SignedIn
) -> None:
    code = resident(world, beds["A"], called="Mirabel")
    with recorded(world.actor("administrator"), Act.SETTINGS_MANAGE):
        site = db.session.get_one(Site, world.sites["north"])
        save(world.actor("administrator"), site, SITE_HOUSE, SiteHouse(address="12 Hidden Lane"), site.house_version)
    paper = desk("desk").get("/beds/paper").text
    assert "Mirabel" in paper
    assert code in paper
    assert "Hidden Lane" not in paper
    printed = select(Trail.seq).join(TrailSubject, TrailSubject.seq == Trail.seq)
    mine = printed.where(Trail.act == Act.BEDS_PRINT, TrailSubject.client_id == client_id(code))
    assert db.session.scalars(mine).all()


def test_every_look_at_the_board_is_in_the_trail_for_each_person_shown(
    world: World, beds: Beds, desk: SignedIn
) -> None:
    code = resident(world, beds["A"])
    browser = desk("desk")
    query = select(Trail.seq).join(TrailSubject, TrailSubject.seq == Trail.seq)
    looks = query.where(TrailSubject.client_id == client_id(code), Trail.act == Act.RESIDENTS_SEE)
    before = len(db.session.scalars(looks).all())
    browser.get("/beds")
    browser.get("/beds/list")
    assert len(db.session.scalars(looks).all()) == before + 2


def test_the_board_asks_the_database_no_more_for_more_beds(world: World, desk: SignedIn) -> None:
    browser = desk("desk")
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def questions() -> int:
        asked.clear()
        assert browser.get("/beds").status_code == 200
        return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])

    few = make_beds(world, labels="AB")
    resident(world, few["A"])
    once = questions()
    for room, labels in enumerate(("ABCD", "ABCD")):
        for bed in make_beds(world, room=f"Hall {room}", labels=labels).values():
            resident(world, bed)
    assert questions() == once


def test_a_household_is_admitted_on_one_page(world: World, beds: Beds, desk: SignedIn) -> None:
    actor, code = world.actor("caseworker"), begin(world)
    child = clients.add_member(actor, AddMember(code, FirstMeeting(working_name="Bo"), "child", Told()))
    url, case = f"/people/{code}/stay/new", desk("caseworker")
    both = {"bed": beds["A"].hex(), f"with_{child}": beds["A"].hex(), "arrived": str(tonight())}
    assert "Two people cannot have one bed" in case.post(url, **both).text
    assert case.post(url, **{**both, f"with_{child}": beds["B"].hex()}).status_code == 302
    assert "family of 2" in desk("desk").get("/beds").text


def test_a_planned_stay_is_free_until_then(world: World, beds: Beds, desk: SignedIn) -> None:
    code = begin(world)
    actions.admit(world.actor("caseworker"), Admit(code, beds["A"], tonight() + timedelta(days=4)))
    browser = desk("caseworker")
    assert "free until" in browser.get("/beds").text
    assert code in browser.get(f"/beds?night={tonight() + 5 * DAY}").text
