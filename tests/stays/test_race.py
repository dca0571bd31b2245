"""Two people never get one bed: use-cases raced through threads with connections of their own, and rows put straight
into the database behind the application's back."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from shelter.db import db, new_id
from shelter.desk import actions as desk
from shelter.desk.actions import Arrival
from shelter.rules.broken import Broken
from shelter.stays import actions
from shelter.stays.actions import Admit, Move
from shelter.stays.models import NO_OVERLAP, Bed, Hold, Stay, StayBed
from shelter.web.i18n import catalogue
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id
from tests.factories.stays import days_of, make_beds, resident, stay_of, tonight
from tests.support.answers import Shown

Beds = dict[str, bytes]
FIRST = date(2026, 1, 10)


def race(app: Flask, *racers: Callable[[], object]) -> list[str]:
    """Runs all at once, each in a thread with its own session; what became of each."""
    gate, told = Barrier(len(racers)), [""] * len(racers)

    def run(number: int, racer: Callable[[], object]) -> None:
        with app.app_context():
            try:
                gate.wait(timeout=30)
                racer()
                told[number] = "got it"
            except Broken as broken:
                told[number] = broken.message_key
            except Exception as error:
                told[number] = repr(error)

    threads = [Thread(target=run, args=(number, racer)) for number, racer in enumerate(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def in_bed(bed_id: bytes) -> int:
    db.session.rollback()
    here = (Bed.id == bed_id, StayBed.until_day.is_(None))
    return (
        db.session.scalar(select(func.count(StayBed.id)).join(Bed, Bed.number == StayBed.bed_number).where(*here)) or 0
    )


def test_of_two_desks_exactly_one_gets_the_last_bed(
    app: Flask, world: World, beds: Beds, rounds: Callable[[int, int], int]
) -> None:
    for number in range(rounds(12, 200)):
        bed = make_beds(world, room=f"Race {number}", labels="Z")["Z"]
        codes = [begin(world), begin(world, "supervisor")]
        db.session.commit()  # nothing of this thread is in the way
        who = ("caseworker", "supervisor")
        told = race(
            app,
            *(
                lambda w=w, c=c, b=bed: actions.admit(world.actor(w), Admit(c, b, tonight()))
                for w, c in zip(who, codes, strict=True)
            ),
        )
        assert sorted(told) == ["got it", "stays.bed_taken"], told
        assert in_bed(bed) == 1


def test_a_hold_an_arrival_and_a_move_race_for_one_bed(
    app: Flask, world: World, beds: Beds, rounds: Callable[[int, int], int]
) -> None:
    code = resident(world, beds["A"])
    db.session.commit()
    for number in range(rounds(8, 100)):
        bed = make_beds(world, room=f"Race {number}", labels="Z")["Z"]
        stay = stay_of(code)
        db.session.commit()
        told = race(
            app,
            lambda b=bed: actions.hold(world.actor("caseworker"), b),
            lambda b=bed: desk.take_arrival(world.actor("desk"), Arrival((b,), tonight(), "Sol")),
            lambda b=bed, s=stay: actions.move(
                world.actor("supervisor"), Move(code, s.id, b, tonight(), s.days_version)
            ),
        )
        assert sorted(told) == ["got it", "stays.bed_taken", "stays.bed_taken"], told
        holds = db.session.scalar(select(func.count(Hold.id)).where(Hold.bed_id == bed))
        assert in_bed(bed) + (holds or 0) == 1


def test_two_families_swapping_beds_in_opposite_order_do_not_wait_for_each_other(
    app: Flask, world: World, beds: Beds, rounds: Callable[[int, int], int]
) -> None:
    for number in range(rounds(6, 60)):
        pair = make_beds(world, room=f"Race {number}", labels="YZ")
        ways = [(pair["Y"], pair["Z"]), (pair["Z"], pair["Y"])]
        told = race(
            app,
            *(
                lambda w=w: desk.take_arrival(world.actor("desk"), Arrival(w, tonight(), "Sol", companions=("Bo",)))
                for w in ways
            ),
        )
        assert sorted(told) == ["got it", "stays.bed_taken"], told
        assert [in_bed(bed) for bed in pair.values()] == [1, 1]


def test_one_person_pressed_twice_gets_one_bed(app: Flask, world: World, beds: Beds) -> None:
    code = begin(world)
    db.session.commit()
    told = race(
        app,
        *(
            lambda b=b: actions.admit(world.actor("caseworker"), Admit(code, b, tonight()))
            for b in (beds["A"], beds["B"])
        ),
    )
    assert sorted(told) == ["got it", "stays.already_here"], told
    assert len(days_of(code)) == 1


# -- behind the application's back --------------------------------------------------------


@pytest.fixture
def row(world: World, beds: Beds) -> Callable[..., dict[str, Any]]:
    """A row of days as somebody with the database alone would write it."""
    code = begin(world)
    with_id = Stay(client_id=client_id(code), site_id=world.sites["north"], party_id=new_id())
    db.session.add(with_id)
    db.session.commit()

    def make(first: int, last: int | None, number: int | None = 1) -> dict[str, Any]:
        until = None if last is None else FIRST + timedelta(days=last)
        days = {"from_day": FIRST + timedelta(days=first), "until_day": until}
        return {"id": new_id(), "stay_id": with_id.id, "bed_number": number, **days}

    return make


@pytest.mark.parametrize("there", [(0, 5), (0, None), (4, 5), (9, 12), (3, None), (2, 20)])
def test_the_database_refuses_every_overlap_in_a_real_bed(row: Any, there: tuple[int, int | None]) -> None:
    db.session.execute(insert(StayBed).values(**row(*there)))
    db.session.commit()
    with pytest.raises(DBAPIError, match=NO_OVERLAP):
        db.session.execute(insert(StayBed).values(**row(4, 10)))
    db.session.rollback()


@pytest.mark.parametrize("there", [(0, 4), (10, None), (10, 12), (6, 6), (4, 4), (10, 10)])
def test_the_database_lets_neighbours_and_empty_days_be(row: Any, there: tuple[int, int | None]) -> None:
    db.session.execute(insert(StayBed).values(**row(*there)))
    db.session.execute(insert(StayBed).values(**row(4, 10)))
    db.session.execute(insert(StayBed).values(**row(4, 10, number=2)))
    db.session.commit()


def test_the_unassigned_bed_is_outside_the_rule(row: Any) -> None:
    for _ in range(3):
        db.session.execute(insert(StayBed).values(**row(0, None, number=None)))
    db.session.commit()


@pytest.mark.parametrize("change", [{"bed_number": 1}, {"from_day": FIRST}, {"until_day": None}])
def test_the_database_refuses_a_row_changed_into_an_overlap(row: Any, change: dict[str, Any]) -> None:
    number = 2 if "bed_number" in change else 1
    db.session.execute(insert(StayBed).values(**row(0, 3)))
    db.session.execute(insert(StayBed).values(**row(20, None)))
    moving = row(0, 5, number=2) if number == 2 else row(4, 10)
    db.session.execute(insert(StayBed).values(**moving))
    db.session.commit()
    with pytest.raises(DBAPIError, match=NO_OVERLAP):
        db.session.execute(update(StayBed).where(StayBed.id == moving["id"]).values(**change))
    db.session.rollback()


def test_a_row_may_be_written_again_as_it_is(row: Any) -> None:
    one = row(0, None)
    db.session.execute(insert(StayBed).values(**one))
    db.session.execute(update(StayBed).where(StayBed.id == one["id"]).values(from_day=one["from_day"], until_day=None))
    db.session.commit()


def test_a_day_of_leaving_before_arriving_is_no_row(row: Any) -> None:
    with pytest.raises(DBAPIError, match=r"days|range"):
        db.session.execute(insert(StayBed).values(**row(5, 4)))
    db.session.rollback()


def test_rows_of_two_connections_cannot_both_stand(app: Flask, world: World, beds: Beds, row: Any) -> None:
    """Without any use-case: two connections insert one bed at once; the database keeps one."""
    for _ in range(10):
        with_both = [row(0, None), row(0, None)]
        db.session.execute(text("delete from stay_bed"))
        db.session.commit()

        def put(values: dict[str, Any]) -> None:
            db.session.execute(insert(StayBed).values(**values))
            db.session.commit()

        told = race(app, *(lambda v=v: put(v) for v in with_both))
        assert sum(one == "got it" for one in told) == 1, told
        assert in_bed(beds["A"]) == 1


# -- as the two desks read it ---------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_of_two_desks_at_their_pages_the_slower_reads_it_beside_the_bed_and_loses_no_word(
    app: Flask, world: World, language: str, rounds: Callable[[int, int], int]
) -> None:
    desks = [Desk(app, world, who) for who in ("desk", "caseworker")]
    for hand in desks:
        hand.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    for number in range(rounds(3, 40)):
        bed = make_beds(world, room=f"Race {number}", labels="Z")["Z"]
        typed = {
            "bed": bed.hex(),
            "working_name": f"Sol {number}",
            "allergies": "nuts",
            "companions_told": "",
            "legal_name": "Quirina Vantongeren",
            "danger_names": "Bartholomew",
            "danger": "He has a blue car.",
            "at_door": "A blue car.",
        }
        sent = [hand.made_ready("/arrivals/new", arrived=str(tonight()), **typed) for hand in desks]
        db.session.rollback()
        answers: list[TestResponse] = []
        race(app, *(lambda s=send, a=answers: a.append(s()) for send in sent))
        assert sorted(one.status_code for one in answers) == [302, 422]
        (slower,) = (Shown(one.text) for one in answers if one.status_code == 422)
        says = catalogue(language).gettext("Bed %(bed)s was taken a moment ago. The board below shows how it is now.")
        assert says % {"bed": "Z"} in slower.errors["bed"]
        kept = {name: slower.answers.get(name) for name in typed if name != "bed"}
        assert kept == {name: [words] for name, words in typed.items() if name != "bed"}
        assert in_bed(bed) == 1
