"""What another system sent of a person and what was lived here under her other code, as an export says them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from shelter.answers import actions as answers
from shelter.answers.actions import Keep
from shelter.clients.actions import merge, undo_merge
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.db import db
from shelter.db.sections import open_section
from shelter.exchange.out.agency import Places
from shelter.exchange.out.differences import Why
from shelter.rules.interview import Stage
from shelter.stays import actions as stays
from shelter.stays.actions import Leave, Leaving
from tests.exchange.hmis.sample import enrollment, leave, tables
from tests.exchange.test_export import imported, taken
from tests.factories.agency import World
from tests.factories.clients import named
from tests.factories.stays import make_beds, stay_of


def test_a_stay_inside_an_enrollment_that_came_is_that_enrollment_once_the_two_are_one_person(
    app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts and nights are counted once: no second enrollment, its own end where the other system sent none."""
    imported(app, world, tmp_path, tables())
    came = {row["EnrollmentID"]: row["PersonalID"] for row in taken(world)[1]["Enrollment"] if row["ProjectID"] == "p0"}
    by_person = {person: enrolled for enrolled, person in came.items()}
    beds, who = make_beds(world, labels="AB"), world.actor("caseworker")
    monkeypatch.setattr(Places, "project_of", lambda _self, _site: "p0")
    begun = {}
    for person, bed in (("c1", "A"), ("c2", "B")):
        kept = begun[person] = named(world, f"Ana {person} Prueba", called="Lin")
        day = date(2025, 10, 3)
        stays.admit(who, stays.Admit(kept, beds[bed], day))
        answers.keep(who, Keep(kept, stay_of(kept).id, Stage.ENTRY, day, {"survivor": ["yes"]}, {}, {}))
        stays.leave(who, Leave(kept, stay_of(kept).id, date(2025, 10, 20), 1, Leaving(destination="family_for_good")))
    before = taken(world)[1]
    assert len([row for row in before["Enrollment"] if row["ProjectID"] == "p0"]) == len(came) + 2
    people = {read.hmis_personal_id: code for code, read in _identities(world).items() if read.hmis_personal_id}
    for person, kept in begun.items():
        merge(world.actor("supervisor"), people[person], kept)
    done, rows, _ = taken(world)
    assert sorted(row["EnrollmentID"] for row in rows["Enrollment"] if row["ProjectID"] == "p0") == sorted(came)
    ends = sorted((row["EnrollmentID"], row["ExitDate"]) for row in rows["Exit"])
    assert ends == [(by_person["c1"], "2025-10-08"), (by_person["c2"], "2025-10-20")]
    entries = [row["EnrollmentID"] for row in rows["HealthAndDV"] if row["DataCollectionStage"] == "1"]
    assert len(entries) == len(set(entries))
    assert {one.count for one in done.differences if one.why is Why.MERGED and one.file == "Enrollment"} == {2}
    undo_merge(world.actor("supervisor"), people["c1"])
    undo_merge(world.actor("supervisor"), people["c2"])
    assert len([row for row in taken(world)[1]["Enrollment"] if row["ProjectID"] == "p0"]) == len(came) + 2


def test_of_a_merged_person_a_day_in_the_american_way_is_read_and_a_deleted_enrollment_holds_no_stay(
    app: Flask, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, who = tables(), world.actor("caseworker")
    made["Enrollment"][0]["EntryDate"], made["Exit"][0]["ExitDate"] = "10/1/2025", "10/8/2025"
    gone = {"DateDeleted": "2025-10-30 08:00:00"}
    made["Enrollment"].append(enrollment("n9", "c1", "p0", "2025-10-10", "h9", "1", **gone))
    made["Exit"].append(leave("x9", "n9", "c1", "2025-10-11") | gone)
    imported(app, world, tmp_path, made)
    came = {row["EnrollmentID"] for row in taken(world)[1]["Enrollment"]}
    monkeypatch.setattr(Places, "project_of", lambda _self, _site: "p0")
    kept, bed = named(world, "Ana c1 Prueba", called="Lin"), make_beds(world)["A"]
    for first, last in ((3, 5), (12, 20)):
        stays.admit(who, stays.Admit(kept, bed, date(2025, 10, first)))
        stays.leave(who, Leave(kept, stay_of(kept).id, date(2025, 10, last), 1, Leaving(destination="family_for_good")))
    (hers,) = (code for code, read in _identities(world).items() if read.hmis_personal_id == "c1")
    merge(world.actor("supervisor"), hers, kept)
    rows = taken(world)[1]
    lived = [row for row in rows["Enrollment"] if row["EnrollmentID"] not in came]
    assert [row["EntryDate"] for row in lived] == ["2025-10-12"]
    ends = {row["EnrollmentID"]: row["ExitDate"] for row in rows["Exit"]}
    assert ends[lived[0]["EnrollmentID"]] == "2025-10-20"
    rows = taken(world, first=date(2025, 10, 1), last=date(2025, 10, 6))[1]
    assert rows["Exit"] == [], "she was enrolled until the eighth"


def _identities(world: World) -> dict[str, Identity]:
    clients = db.session.scalars(select(Client)).all()
    opened = {one.code: open_section(world.actor("supervisor"), one, IDENTITY) for one in clients}
    db.session.rollback()
    return {code: read for code, read in opened.items() if read}
