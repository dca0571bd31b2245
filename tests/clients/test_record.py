"""The record in parts: nobody's text is lost, what is hidden is revealed in the trail, nothing moves between rows."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from shelter.clients import actions, queries
from shelter.clients.models import Client, DoorAlert, HouseholdMember
from shelter.clients.parts import (
    AddMember,
    Born,
    FirstMeeting,
    Numbers,
    Part,
    Progress,
    SaveContact,
    SaveDanger,
    SavePart,
    Told,
)
from shelter.db.errors import Conflict, Missing
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import commit_reads, commit_refusals
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import begin, client_id, named, save_names
from tests.factories.settings import ask


def danger(code: str, version: int = 0, **more: Any) -> SaveDanger:
    values = {"names": ("Viktor",), "description": "tall, scar on the left hand", "respond": "call_police"} | more
    return SaveDanger(code=code, version=version, **{"id": "", **values})


def test_two_people_may_save_different_parts_and_not_one_part_over_the_other(world: World) -> None:
    code = begin(world)
    one, two = world.actor("caseworker"), world.actor("supervisor")
    save_names(one, code, "Adela Rossi")
    actions.save_part(two, SavePart(code, Part.BIRTH, 0, Born(Told("approximate", 1999))))
    with pytest.raises(Conflict):
        save_names(two, code, "Adela Russo")
    assert actions.reveal(one, code, "names").legal_name == "Adela Rossi"


def test_a_save_from_an_old_desk_card_is_refused_whole(world: World) -> None:
    code, actor = begin(world, called="Lin"), world.actor("caseworker")
    first = SavePart(code, Part.FIRST, 1, FirstMeeting(working_name="Mei"), desk_version=0)
    with pytest.raises(Conflict):
        actions.save_part(actor, first)
    assert queries.overview(actor, code).card.working_name == "Lin"


def test_what_is_skipped_keeps_its_reason_and_an_answer_takes_it_away(world: World) -> None:
    code, actor = begin(world), world.actor("caseworker")
    actions.save_part(actor, SavePart(code, Part.BIRTH, 0, Born(Told("declined")), {"birth": "not_safe"}))
    assert queries.part(actor, code, Part.BIRTH).skipped == {"birth": "not_safe"}
    actions.save_part(actor, SavePart(code, Part.BIRTH, 1, Born(Told("exact", 1990, 5, 1))))
    assert queries.part(actor, code, Part.BIRTH).skipped == {}


def test_an_age_is_counted_on_the_day_and_said_to_be_about_where_it_is(world: World) -> None:
    code, actor = begin(world), world.actor("caseworker")
    actions.save_part(actor, SavePart(code, Part.BIRTH, 0, Born(Told("exact", 2000, 11, 22))))
    for day, years in ((21, 25), (22, 26)):
        with frozen(datetime(2026, 11, day, 20, tzinfo=UTC)):
            age = queries.overview(actor, code).card.age
            assert age is not None
            assert (age.years, age.about) == (years, False)


def test_the_record_says_nothing_of_names_until_they_are_revealed(app: Flask, world: World) -> None:
    code = named(world, "Quirina Vantongeren", "Candy")
    actor = world.actor("caseworker")
    shown = queries.overview(actor, code)
    with app.test_request_context():  # words in the reader's language are put in when they are read
        said = repr(shown)
    assert shown.has_names
    assert "Quirina" not in said
    assert "Candy" not in said


def test_a_reveal_is_in_the_trail_before_anything_is_shown(world: World, db: Any) -> None:
    code = named(world, "Quirina Vantongeren")
    reveals = (
        select(func.count())
        .select_from(Trail)
        .join(TrailSubject, TrailSubject.seq == Trail.seq)
        .where(Trail.act == Act.CLIENTS_REVEAL, TrailSubject.client_id == client_id(code))
    )
    before = db.session.scalar(reveals)
    assert actions.reveal(world.actor("supervisor"), code, "names").legal_name == "Quirina Vantongeren"
    assert db.session.scalar(reveals) == before + 1


@pytest.mark.parametrize("who", ["caseworker_two", "stranger", "advocate", "desk", "director"])
def test_who_has_nothing_to_do_with_her_reaches_nothing(world: World, who: str) -> None:
    code = named(world, "Quirina Vantongeren")
    actor = world.actor(who)
    for reach in (
        lambda: queries.overview(actor, code),
        lambda: queries.part(actor, code, Part.NAMES),
        lambda: queries.contact(actor, code),
        lambda: queries.looked(actor, code),
        lambda: actions.reveal(actor, code, "names"),
        lambda: save_names(actor, code, "Somebody Else", version=1),
        lambda: actions.save_danger(actor, danger(code)),
        lambda: actions.assign(actor, code, actor.id),
    ):
        with pytest.raises((Missing, Denied)):
            reach()


def test_a_social_security_number_is_not_taken_unless_a_funder_asks(world: World) -> None:
    code, actor = begin(world), world.actor("caseworker")
    with pytest.raises(Broken):
        actions.save_part(actor, SavePart(code, Part.NUMBERS, 0, Numbers(ssn="123-45-6789")))
    ask(world, "ssn")
    actions.save_part(actor, SavePart(code, Part.NUMBERS, 0, Numbers("a 123-456-789", "123-45-6789")))
    assert queries.part(actor, code, Part.NUMBERS).values == {"a_number": "A123456789", "ssn": ""}
    actions.save_part(actor, SavePart(code, Part.NUMBERS, 1, Numbers("A123456789", None)))
    assert actions.reveal(actor, code, "ssn").ssn == "123456789"
    assert [row.code for row in queries.find(actor, "A123-456-789")] == [code]


# -- safe contact ----------------------------------------------------------------------


def contact(code: str, version: int, **more: Any) -> SaveContact:
    return SaveContact(**{"code": code, "version": version, "channel": "text", "allowed": "allowed", **more})


def test_nothing_is_safe_before_it_was_asked_and_not_for_ever(world: World) -> None:
    code, actor = begin(world), world.actor("caseworker")
    assert queries.overview(actor, code).card.contact is None
    actions.save_contact(actor, contact(code, 0, confirmed=date(2026, 10, 1)))
    for day, state in ((date(2026, 10, 30), "fresh"), (date(2026, 11, 20), "stale")):
        with frozen(datetime(day.year, day.month, day.day, 20, tzinfo=UTC)):
            line = queries.overview(actor, code).card.contact
            assert line is not None
            assert line.state == state


def test_hours_that_never_begin_are_refused(world: World) -> None:
    code, actor = begin(world), world.actor("caseworker")
    with pytest.raises(Broken):
        actions.save_contact(actor, contact(code, 0, hours_from=time(9), hours_to=time(9)))


# -- people who endanger her -------------------------------------------------------------


def test_the_door_learns_what_to_do_and_not_whom_it_protects(world: World, db: Any) -> None:
    code = named(world, "Quirina Vantongeren", called="Lin")
    actions.save_danger(world.actor("caseworker"), danger(code, vehicle="white van"))
    alerts = queries.door_alerts(world.actor("desk"))
    assert [(one.description, one.vehicle, one.respond) for one in alerts] == [
        ("tall, scar on the left hand", "white van", "call_police")
    ]
    assert not {"Viktor", "Lin", "Quirina", code} & set(repr(alerts).replace("'", " ").split())
    row = db.session.scalars(select(DoorAlert)).one()
    assert client_id(code) not in (row.id, row.site_id)
    assert queries.door_alerts(world.actor("stranger")) == []


def test_an_alert_follows_the_danger_and_goes_with_it(world: World, db: Any) -> None:
    code, actor = begin(world), world.actor("caseworker")
    actions.save_danger(actor, danger(code))
    known = queries.dangers(actor, code).dangers[0]
    actions.save_danger(actor, danger(code, 1, id=known.id, description="shaved head"))
    assert [one.description for one in queries.door_alerts(world.actor("desk"))] == ["shaved head"]
    with pytest.raises(Conflict):
        actions.remove_danger(actor, code, known.id, 1)
    actions.remove_danger(actor, code, known.id, 2)
    assert queries.door_alerts(world.actor("desk")) == []
    assert db.session.scalar(select(func.count()).select_from(DoorAlert)) == 0


def test_without_a_description_there_is_nothing_to_alert_the_door_to(world: World) -> None:
    code = begin(world)
    with pytest.raises(Broken):
        actions.save_danger(world.actor("caseworker"), danger(code, description="", vehicle=""))
    actions.save_danger(world.actor("caseworker"), danger(code, description="", at_door=False))
    assert queries.door_alerts(world.actor("desk")) == []


# -- household and colleagues --------------------------------------------------------------


def test_each_member_of_a_household_is_a_client_whom_the_same_people_open(world: World) -> None:
    code, actor = begin(world, called="Rosa"), world.actor("caseworker")
    actions.assign(world.actor("supervisor"), code, world.members["caseworker_two"].id)
    child = AddMember(
        code,
        FirstMeeting("Nico"),
        "child",
        Told("exact", 2018, 2, 3),
        minor_consent="parent",
        minor_consent_note="Rosa",
    )
    child_code = actions.add_member(actor, child)
    for who in ("caseworker", "caseworker_two", "supervisor"):
        members = queries.household(world.actor(who), child_code)
        assert {(one.called, one.head, one.consent) for one in members} == {
            ("Rosa", True, ""),
            ("Nico", False, "parent"),
        }


def test_a_member_whose_record_is_closed_to_the_reader_shows_by_code_alone(world: World, db: Any) -> None:
    code, actor = begin(world, called="Rosa"), world.actor("supervisor")
    other = begin(world, "caseworker_two", called="Teresa")
    actions.join_household(actor, code, other)
    assert db.session.scalar(select(func.count()).select_from(HouseholdMember)) == 2
    members = queries.household(world.actor("caseworker"), code)
    assert {(one.code, one.called, one.open) for one in members} == {(code, "Rosa", True), (other, "", False)}


def test_assignment_opens_the_record_and_its_end_closes_it(world: World) -> None:
    code, boss = begin(world), world.actor("supervisor")
    theirs = world.members["caseworker_two"].id
    actions.assign(boss, code, theirs)
    assert [row.code for row in queries.my_people(world.actor("caseworker_two")).rows] == [code]
    actions.unassign(boss, code, theirs)
    assert queries.my_people(world.actor("caseworker_two")).rows == []
    with pytest.raises(Broken):
        actions.assign(boss, code, world.members["stranger"].id)
    with pytest.raises(Broken):
        actions.assign(boss, code, world.members["desk"].id)
    actions.deny(boss, code, theirs)
    with pytest.raises(Broken):
        actions.assign(boss, code, theirs)


def test_who_looked_is_told_by_day_with_the_reason(world: World) -> None:
    code = named(world, "Quirina Vantongeren")
    queries.overview(world.actor("supervisor"), code)
    commit_reads()
    days = queries.looked(world.actor("caseworker"), code)
    looks = {(look.who, look.act, look.outside) for day in days for look in day.looks}
    assert ("Supervisor", Act.CLIENTS_READ, True) in looks
    assert ("Caseworker", Act.CLIENTS_CREATE, False) in looks


# -- at rest -----------------------------------------------------------------------------


def test_an_identity_moved_to_another_client_is_refused_written_down_and_hurts_no_neighbour(
    world: World, db: Any
) -> None:
    one, two, three = (named(world, name, called=name[:4]) for name in ("Anna Kovacs", "Bela Nagy", "Cili Toth"))
    stolen = db.session.scalar(select(Client.identity).where(Client.code == one))
    db.session.execute(
        update(Client).where(Client.code == two).values(identity=stolen).execution_options(synchronize_session=False)
    )
    db.session.commit()
    db.session.expire_all()
    rows = {row.code: row for row in queries.my_people(world.actor("caseworker")).rows}
    assert (rows[one].called, rows[three].called) == ("Anna", "Cili")
    assert (rows[two].called, rows[two].broken) == ("", True)
    commit_refusals(world.actor("caseworker"))  # as every request ends
    subject = select(TrailSubject.client_id).join(Trail, Trail.seq == TrailSubject.seq)
    assert db.session.scalar(subject.where(Trail.act == "refused:seal")) == client_id(two)
    assert wrong_rows()


def test_no_word_about_anybody_is_in_the_database(world: World, db: Any, database_kind: str) -> None:
    if database_kind != "sqlite":
        pytest.skip("reads the file of SQLite")
    canaries = ("Quirzanne", "Vantongerloo", "Zuzkanary", "scarrface", "5550147", "grapefruitword", "A987654321")
    code = named(world, "Quirzanne Vantongerloo", "Zuzkanary", called="Zuzkanary")
    actor = world.actor("caseworker")
    actions.save_danger(actor, danger(code, description="scarrface"))
    actions.save_contact(actor, contact(code, 0, value="415 555 0147", code_word="grapefruitword"))
    actions.save_part(actor, SavePart(code, Part.NUMBERS, 0, Numbers("A987654321"), progress=Progress.DONE))
    queries.find(actor, "Zuzkanary")
    actions.send_message(actor, code, world.members["supervisor"].id, "Zuzkanary is here")
    commit_reads()
    path = db.engine.url.database
    db.session.close()
    raw = b"".join(Path(path + end).read_bytes() for end in ("", "-wal"))
    for word in canaries:
        for encoded in (word.encode(), word.encode("utf-16-le"), word.encode().hex().encode(), word.lower().encode()):
            assert encoded not in raw


def test_the_head_of_the_page_says_since_when_she_is_with_us(world: World) -> None:
    with frozen(datetime(2026, 3, 3, 20, tzinfo=UTC)):
        code = begin(world)
    assert queries.card_of(world.actor("caseworker"), code).since == date(2026, 3, 3)
