"""Bad input as somebody types it: said beside its question, in the reader's language, with what was typed kept."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask

from shelter.clients import actions as clients
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.places import actions as places
from shelter.stays import actions
from shelter.stays.actions import Leave, Move
from shelter.web.i18n import catalogue
from tests.factories.agency import World
from tests.factories.clients import Desk, begin
from tests.factories.stays import DAY, days_of, resident, rows_of, stay_of, tonight
from tests.support.answers import Shown

DATABASES = ("sqlite",)
"""What the database has to say in it is in test_race.py."""
Beds = dict[str, bytes]
NEXT_CENTURY = "2126-01-01"


class Fault(NamedTuple):
    """What somebody types where; beside which question the page says what (the start of a sentence)."""

    who: str
    url: str
    typed: dict[str, str]
    beside: str
    said: str


@pytest.fixture(params=["en", "es"])
def typed_in(request: pytest.FixtureRequest, app: Flask, world: World) -> Callable[[Fault], None]:
    """Types it as a reader of this language does, and looks at what comes back."""

    signed_in: dict[str, Desk] = {}

    def send(fault: Fault) -> None:
        browser = signed_in.get(fault.who) or signed_in.setdefault(fault.who, Desk(app, world, fault.who))
        browser.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = request.param
        answer = browser.post(fault.url, **fault.typed)
        assert answer.status_code == 422, fault
        shown = Shown(answer.text)
        said = catalogue(request.param).gettext(fault.said).partition("%(")[0].strip()
        assert said in shown.errors.get(fault.beside, ""), (fault, shown.errors)
        asked = fault.typed.keys() - ({"bed"} if fault.beside == "bed" else set())  # what is gone is not offered again
        assert {name: shown.answers.get(name, [""]) for name in asked} == {name: [fault.typed[name]] for name in asked}

    return send


# -- an exit before entry ----------------------------------------------------------------

BEFORE = "This day is before the day of arrival"
AROUND = {"reason": "to her aunt", "destination": "family_for_now", "belongings": "two bags", "forwarding": "Box 12"}


@pytest.mark.parametrize("who", ["desk", "caseworker"])
def test_an_exit_before_entry(world: World, beds: Beds, typed_in: Callable[[Fault], None], who: str) -> None:
    code = resident(world, beds["A"], since=tonight() - 3 * DAY)
    url, early = f"/people/{code}/stay/{stay_of(code).id.hex()}", str(tonight() - 9 * DAY)
    typed_in(Fault(who, f"{url}/leave", {"exit_day": early, "version": "1", **AROUND}, "exit_day", BEFORE))
    put_right = {"arrived": str(tonight() - 3 * DAY), "left": early, "version": "1", "reason": "misread"}
    typed_in(Fault(who, f"{url}/correct", put_right, "left", BEFORE))
    room = {"expected_exit": early, "version": "0", "notes": "keeps the light on"}
    typed_in(Fault(who, f"{url}/room", room, "expected_exit", BEFORE))
    away = {"away_from": early, "back_day": str(tonight() + 4 * DAY), "back_by": "19:30", "version": "0"}
    typed_in(Fault(who, f"{url}/room", away, "away_from", "This night is before the day of arrival"))
    assert days_of(code) == [("Room 1, A", tonight() - 3 * DAY, None)]


def test_an_exit_expected_before_she_comes(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    typed = {"bed": f"{beds['A'].hex()}", "arrived": str(tonight()), "expected_exit": str(tonight() - DAY)}
    typed_in(Fault("caseworker", f"/people/{begin(world)}/stay/new", typed, "expected_exit", BEFORE))


def test_an_exit_before_the_last_move(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    actions.move(world.actor("desk"), Move(code, stay_of(code).id, beds["C"], tonight() - DAY, 1))
    url, typed = f"/people/{code}/stay/{stay_of(code).id.hex()}/leave", {"exit_day": str(tonight() - 3 * DAY)}
    said = "This day is before the last move. Choose that day or a later one"
    typed_in(Fault("desk", url, {**typed, "version": "2", **AROUND}, "exit_day", said))


# -- a second head, a night after the exit, a bed that is closed ---------------------------


def test_a_second_head_of_a_household(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    mother = resident(world, beds["A"])
    joining = AddMember(mother, FirstMeeting(working_name="Mira"), "other", Told())
    sister = clients.add_member(world.actor("caseworker"), joining)
    typed = {"bed": beds["B"].hex(), "arrived": str(tonight()), "joins": mother, "head": "1"}
    said = "This household has a head who is here. It can have one only"
    typed_in(Fault("caseworker", f"/people/{sister}/stay/new", typed, "head", said))


def test_a_night_in_a_bed_after_the_exit(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() + 2 * DAY, 1))
    stay = stay_of(code)
    typed = {"bed": beds["C"].hex(), "day": str(tonight() + 2 * DAY), "version": "2"}
    typed_in(Fault("desk", f"/people/{code}/stay/{stay.id.hex()}/move", typed, "day", "She has left by that day"))
    url = f"/people/{code}/stay/{stay.id.hex()}/beds/{rows_of(stay)[0].id.hex()}"
    put_right = typed | {"bed": beds["A"].hex(), "day": str(tonight() + 3 * DAY), "reason": "misread"}
    said = "This is her first bed. The day she came is put right with the days of the stay"
    typed_in(Fault("desk", url, put_right, "day", said))
    assert days_of(code) == [("Room 1, A", tonight() - 5 * DAY, tonight() + 2 * DAY)]


OUT = "This bed is not in use on that day. Choose another bed or another day"


def test_a_stay_lengthened_in_a_bed_that_closes(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    code = resident(world, beds["A"], since=tonight() - 5 * DAY)
    actions.leave(world.actor("desk"), Leave(code, stay_of(code).id, tonight() + 2 * DAY, 1))
    places.close_bed(world.actor("administrator"), beds["A"], tonight() + 3 * DAY)
    url, typed = f"/people/{code}/stay/{stay_of(code).id.hex()}", {"version": "2", "reason": "She needs a week more."}
    said = "This bed will be closed while she sleeps here. Choose another one"
    longer = str(tonight() + 9 * DAY)
    typed_in(Fault("desk", f"{url}/leave", {**typed, "exit_day": longer}, "exit_day", said))
    put_right = {**typed, "arrived": str(tonight() - 5 * DAY), "left": longer}
    typed_in(Fault("desk", f"{url}/correct", put_right, "left", said))


def test_a_move_into_a_closed_bed(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    code, boss = resident(world, beds["A"]), world.actor("administrator")
    places.close_bed(boss, beds["B"], tonight())
    places.close_bed(boss, beds["C"], tonight() + 3 * DAY)
    url = f"/people/{code}/stay/{stay_of(code).id.hex()}/move"
    typed = {"bed": beds["B"].hex(), "day": str(tonight()), "version": "1"}
    typed_in(Fault("desk", url, typed, "bed", OUT))
    said = "This bed will be closed while she sleeps here. Choose another one"
    typed_in(Fault("desk", url, {**typed, "bed": beds["C"].hex()}, "bed", said))
    other = {"bed": beds["B"].hex(), "arrived": str(tonight())}
    typed_in(Fault("caseworker", f"/people/{begin(world)}/stay/new", other, "bed", OUT))
    at_the_door = {**other, "working_name": "Sol", "allergies": "nuts", "legal_name": "Quirina Vantongeren"}
    typed_in(Fault("desk", "/arrivals/new", at_the_door, "bed", OUT))
    assert days_of(code) == [("Room 1, A", tonight(), None)]


# -- a date in the next century ------------------------------------------------------------

YEAR = "This day is more than %(days)s days ahead. Look at the year again"
TO_COME = "This day is still to come"


def _stay_dates(world: World, beds: Beds) -> list[Fault]:
    code, new = resident(world, beds["A"], since=tonight() - 5 * DAY), begin(world)
    stay = stay_of(code)
    url, here, now = f"/people/{code}/stay/{stay.id.hex()}", str(tonight() - 5 * DAY), str(tonight())
    admit = {"bed": beds["B"].hex(), "arrived": now, "expected_exit": ""}
    put_right = {"arrived": here, "left": "", "reason": "misread", "version": "1"}
    room = {"expected_exit": "", "away_from": "", "back_day": "", "version": "0", "notes": "a light sleeper"}
    bed_row = f"{url}/beds/{rows_of(stay)[0].id.hex()}"
    asked = [
        ("caseworker", f"/people/{new}/stay/new", admit, "arrived"),
        ("caseworker", f"/people/{new}/stay/new", admit, "expected_exit"),
        ("desk", f"{url}/leave", {"exit_day": now, "version": "1", **AROUND}, "exit_day"),
        ("desk", f"{url}/move", {"bed": beds["B"].hex(), "day": now, "version": "1"}, "day"),
        ("desk", f"{url}/correct", put_right, "arrived"),
        ("desk", f"{url}/correct", put_right, "left"),
        ("desk", bed_row, {"bed": beds["B"].hex(), "day": now, "reason": "misread", "version": "1"}, "day"),
        ("desk", f"{url}/room", room, "expected_exit"),
        ("desk", f"{url}/room", {**room, "back_day": str(tonight() + 3 * DAY)}, "away_from"),
        ("desk", f"{url}/room", {**room, "away_from": now}, "back_day"),
        ("desk", f"/beds/{beds['D'].hex()}/out", {"reason": "repair", "from_day": now}, "from_day"),
        ("desk", f"/beds/{beds['D'].hex()}/out", {"reason": "repair", "from_day": now}, "until_day"),
        ("desk", "/arrivals/new", {"working_name": "Sol", "bed": beds["B"].hex(), "allergies": "nuts"}, "arrived"),
        ("supervisor", f"/places/beds/{beds['D'].hex()}/close", {}, "until_day"),
    ]
    return [Fault(who, path, {**typed, field: NEXT_CENTURY}, field, YEAR) for who, path, typed, field in asked]


def test_a_date_of_a_stay_in_the_next_century(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    for fault in _stay_dates(world, beds):
        typed_in(fault)


def test_a_date_in_a_book_in_the_next_century(world: World, beds: Beds, typed_in: Callable[[Fault], None]) -> None:
    north, owner = world.sites["north"].hex(), world.members["desk"].id.hex()
    code = resident(world, beds["A"])
    turn = {"staff": world.members["supervisor"].id.hex(), "phone": "555 0142", "site": north}
    happened = {"kind": "injury", "words": "Slipped.", "owner": owner, "site": north, "injuries": "a wrist"}
    ban = {"names": "Anselmo", "looks": "a blue car", "reason": "He waited outside.", "site": north}
    turned_away = {"reason": "capacity", "adults": "1", "children": "2", "referred": "the county line", "site": north}
    now, far = str(tonight()), "Nobody is kept out for longer than %(days)s days without a look. Choose a nearer day"
    stay = stay_of(code).id.hex()
    coming = {"site": north, "people": "3", "note": "She called."}
    for who, path, typed, field, said in (
        ("desk", "/incidents/new", happened, "day", TO_COME),
        ("supervisor", "/on-call/new", {**turn, "last": NEXT_CENTURY}, "first", YEAR),
        ("supervisor", "/on-call/new", {**turn, "first": now}, "last", YEAR),
        ("desk", "/not-to-admit/new", ban, "review", far),
        ("desk", "/requests/turned-away", turned_away, "day", TO_COME),
        ("caseworker", f"/people/{begin(world)}/course/coming/new", coming, "day", YEAR),
        ("caseworker", f"/people/{code}/course/{stay}/more-time", {"reason": "School."}, "until", YEAR),
    ):
        typed_in(Fault(who, path, {**typed, field: NEXT_CENTURY}, field, said))
