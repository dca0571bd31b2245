"""What would be created: everybody in her place, nothing under a wrong person, every row accounted for."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date

import pytest

from shelter.exchange.hmis import Plan, Reason, summary
from shelter.exchange.hmis.plan import BirthDate
from tests.exchange.hmis.conftest import MakePlan
from tests.exchange.hmis.sample import child, enrollment, leave, person, tables

HASHED = hashlib.sha256(b"ana").hexdigest()


def listed(plan: Plan) -> list[tuple[str, int, Reason]]:
    return [(p.file, p.line, p.reason) for p in plan.problems]


def test_a_clean_export_becomes_what_it_says(planned: MakePlan) -> None:
    plan = planned(tables())
    counts = summary(plan)
    assert counts.planned == {
        **{"organizations": 1, "projects": 3, "clients": 3},
        **{"households": 2, "enrollments": 3, "stays": 4},
    }
    assert (counts.problems, counts.names_are_hashed, counts.year) == ({}, False, "FY2026")
    ana, bo, dee = plan.clients
    assert (ana.display_name, ana.birth_date, ana.birth_date_is) == (
        *("Ana Prueba", date(1990, 2, 3), BirthDate.EXACT),
    )
    assert (bo.birth_date_is, bo.sex, bo.genders) == (BirthDate.APPROXIMATE, 1, None)
    assert (dee.birth_date, dee.birth_date_is) == (None, BirthDate.DECLINED)
    together, alone = plan.households
    assert (together.person_keys, together.head_key) == (("c1", "c2"), "c1")
    assert (alone.enrollment_keys, alone.head_key) == (("n3",), "c3")
    left = plan.enrollments[0]
    assert (left.exit, left.destination, left.has_exit) == (date(2025, 10, 8), 410, True)
    assert left.exit_row is not None
    assert left.exit_row.raw["Destination"] == "410"
    assert plan.organizations[0].is_victim_service_provider


def test_rows_about_people_come_one_by_one_with_their_keys(planned: MakePlan) -> None:
    plan = planned(tables())
    night = next(plan.services())
    assert (night.key, night.code("RecordType"), night.day("DateProvided")) == ("s1", 200, date(2025, 11, 1))
    answer = next(plan.health_answers())
    assert (answer.person_key, answer.enrollment_key, answer.code("DomesticViolenceSurvivor")) == (*("c1", "n1", 1),)
    assert [row.file for row in plan.other_rows()] == ["Export"]
    assert list(plan.aside_rows()) == []


def test_a_row_that_cannot_be_placed_is_listed_and_left_out(planned: MakePlan) -> None:
    world = tables()
    world["Client"].append(person("", FirstName="Nadie"))
    world["Enrollment"] += [
        enrollment("n7", "nobody", "p0", "2025-10-01", "h7", "1"),
        enrollment("n8", "c1", "nowhere", "2025-10-01", "h8", "1"),
    ]
    world["HealthAndDV"] += [
        child("HealthAndDVID", "d2", "n7", "c1"),
        child("HealthAndDVID", "d3", "n1", "c2", DomesticViolenceSurvivor="1"),
        child("HealthAndDVID", "d4", "n1", ""),
    ]
    world["Exit"].append(leave("x2", "n1", "c1", "2025-10-09"))
    plan = planned(world)
    assert listed(plan) == [
        ("Client", 5, Reason.KEY_MISSING),
        ("Enrollment", 5, Reason.UNKNOWN_PERSON),
        ("Enrollment", 6, Reason.UNKNOWN_PROJECT),
        ("Exit", 3, Reason.SECOND_EXIT),
        ("HealthAndDV", 3, Reason.UNKNOWN_ENROLLMENT),
        ("HealthAndDV", 4, Reason.OTHER_PERSON),
        ("HealthAndDV", 5, Reason.UNKNOWN_PERSON),
    ]
    assert [row.key for row in plan.health_answers()] == ["d1"]
    assert plan.enrollments[0].exit == date(2025, 10, 8)


def test_the_same_row_counts_once_and_the_same_key_with_other_words_is_left_out(planned: MakePlan) -> None:
    world = tables()
    world["Client"] += [world["Client"][0], person("c1", FirstName="Otra")]
    plan = planned(world)
    assert listed(plan) == [("Client", 5, Reason.ROW_TWICE), ("Client", 6, Reason.KEY_TWICE)]
    assert [client.first_name for client in plan.clients] == ["Ana", "Bo", "Dee"]
    count = plan.counts["Client"]
    assert (count.read, count.placed, count.once, count.left_out) == (5, 3, 1, 1)


def test_a_row_that_was_left_out_does_not_take_a_key_from_a_good_one(planned: MakePlan) -> None:
    world = tables()
    world["Enrollment"].insert(0, enrollment("n1", "nobody", "p0", "2025-10-01", "h1", "1"))
    plan = planned(world)
    assert listed(plan) == [("Enrollment", 2, Reason.UNKNOWN_PERSON)]
    assert len(plan.enrollments) == 3


def test_deleted_rows_and_theirs_are_kept_aside(planned: MakePlan) -> None:
    world = tables()
    for row in world["Client"]:
        row["DateDeleted"] = "2026-01-01 00:00:00" if row["PersonalID"] == "c3" else ""
    world["Services"][0]["DateDeleted"] = "not a date"
    plan = planned(world)
    assert {client.key for client in plan.clients} == {"c1", "c2"}
    aside = Counter(row.file for row in plan.aside_rows())
    assert aside == {"Client": 1, "Enrollment": 1, "Services": 4}
    assert all(row.is_aside for row in plan.aside_rows())
    assert list(plan.services()) == []
    assert plan.counts["Services"].aside == 4


def test_a_deleted_and_a_live_row_of_one_key_are_one_live_record(planned: MakePlan) -> None:
    world = tables()
    world["Client"].insert(0, person("c1", FirstName="Antes", DateDeleted="2026-01-01"))
    plan = planned(world)
    assert [client.first_name for client in plan.clients] == ["Ana", "Bo", "Dee"]
    assert len(plan.enrollments) == 3


@pytest.mark.parametrize("status", ["2", "3", "4"])
def test_hashed_names_are_kept_and_never_shown(planned: MakePlan, status: str) -> None:
    world = tables()
    world["Export"][0]["HashStatus"] = status
    world["Client"] = [
        person("c1", FirstName=HASHED, LastName=HASHED, SSN=f"1234{HASHED}"),
        person("c2", FirstName="Readable"),
        person("c3"),
    ]
    plan = planned(world)
    assert plan.names_are_hashed
    assert all(client.names_are_hashed for client in plan.clients)
    assert {(c.display_name, c.first_name, c.last_name, c.ssn) for c in plan.clients} == {(None,) * 4}
    assert plan.clients[0].row.raw["FirstName"] == HASHED
    assert listed(plan) == [("Client", 3, Reason.NAME_IS_NOT_HASHED)]


@pytest.mark.parametrize("length", [32, 40, 64])
def test_a_name_of_the_shape_of_a_hash_is_hashed_whatever_the_export_says(planned: MakePlan, length: int) -> None:
    world = tables()
    world["Client"][0] |= {"FirstName": HASHED[:length].upper(), "SSN": "123456789"}
    world["Client"][1] |= {"SSN": HASHED[:length]}
    plan = planned(world)
    assert [client.names_are_hashed for client in plan.clients] == [True, False, False]
    assert (plan.clients[0].display_name, plan.clients[0].ssn) == (None, None)
    assert (plan.clients[1].display_name, plan.clients[1].ssn) == ("Bo Prueba", None)
    assert listed(plan) == [("Client", 2, Reason.NAME_IS_HASHED)]


def test_doubtful_households_are_listed(planned: MakePlan) -> None:
    world = tables()
    world["Enrollment"] = [
        enrollment("a", "c1", "p0", "2025-10-01", "two heads", "1"),
        enrollment("b", "c2", "p0", "2025-10-01", "two heads", "1"),
        enrollment("c", "c3", "p0", "2025-10-01", "none", "2"),
        enrollment("d", "c1", "p13", "2025-10-01", "", "1"),
        enrollment("e", "c2", "p13", "2025-10-01", "two projects", "1"),
        enrollment("f", "c2", "p1", "2025-10-01", "two projects", "1"),
    ]
    for name in ("Exit", "Services", "HealthAndDV"):
        del world[name]
    plan = planned(world)
    assert {(line, reason) for _, line, reason in listed(plan) if "household" in reason} == {
        (2, Reason.HOUSEHOLD_WITH_HEADS),
        (4, Reason.HOUSEHOLD_WITHOUT_HEAD),
        (5, Reason.HOUSEHOLD_MISSING),
        (6, Reason.HOUSEHOLD_IN_PROJECTS),
    }
    assert [household.head_key for household in plan.households] == [None, None, "c2"]


def test_a_field_that_cannot_be_read_is_kept_as_written_and_listed(planned: MakePlan) -> None:
    world = tables()
    world["Client"][0] |= {"DOB": "03-11-21", "Sex": "7", "DateUpdated": "03-11-21"}
    world["Project"][0] |= {"OrganizationID": "gone"}
    plan = planned(world)
    raw = plan.clients[0].row.raw
    assert (raw["DOB"], raw["Sex"], raw["DateUpdated"]) == ("03-11-21", "7", "03-11-21")
    assert (plan.clients[0].birth_date, plan.clients[0].sex) == (None, None)
    assert listed(plan) == [
        ("Project", 2, Reason.UNKNOWN_ORGANIZATION),
        ("Client", 2, Reason.UNREADABLE_DATE),
        ("Client", 2, Reason.NOT_IN_LIST),
        ("Client", 2, Reason.UNREADABLE_DATE),
    ]


def test_a_birth_date_beside_a_declined_answer_is_not_used(planned: MakePlan) -> None:
    world = tables()
    world["Client"] = [
        person("c1", DOB="1990-01-01", DOBDataQuality="9"),
        person("c2", DOB="1990-01-01", DOBDataQuality="99"),
        person("c3", DOB="2025-12-24", DOBDataQuality="1"),
    ]
    plan = planned(world)
    assert [(client.birth_date is None, client.birth_date_is) for client in plan.clients] == [
        (True, BirthDate.DECLINED),
        (False, BirthDate.APPROXIMATE),
        (False, BirthDate.EXACT),
    ]
    assert [reason for *_, reason in listed(plan)] == [*(Reason.BIRTH_DECLINED_BUT_GIVEN, Reason.BIRTH_AFTER_ENTRY)]


def test_an_fy2022_export_is_read_as_todays_words_with_its_own_codes_kept(planned: MakePlan) -> None:
    world = tables()
    world["Export"][0]["CSVVersion"] = "FY2022"
    world["Project"] = [
        {"ProjectID": "p0", "ProjectType": "1", "TrackingMethod": "0"},
        {"ProjectID": "p1", "ProjectType": "1", "TrackingMethod": "3"},
    ]
    flags = {"Ethnicity": "1", "Female": "1", "Male": "0", "NoSingleGender": "1", "Asian": "1"}
    world["Client"] = [person(key, **flags) for key in ("c1", "c2", "c3")]
    world["Enrollment"][0]["LivingSituation"] = "31"
    world["Exit"][0]["Destination"] = "1"
    world["HealthAndDV"][0]["DomesticViolenceVictim"] = world["HealthAndDV"][0].pop("DomesticViolenceSurvivor")
    plan = planned(world)
    assert [project.project_type for project in plan.projects] == [0, 1]
    assert plan.clients[0].races == ("Asian", "HispanicLatinao")
    assert (plan.clients[0].genders, plan.clients[0].sex) == (("Woman", "NonBinary"), None)
    first = plan.enrollments[0]
    assert (first.living_situation, first.living_situation_subsidy, first.destination) == (435, 431, 101)
    assert first.row.raw["LivingSituation"] == "31"
    answer = next(plan.health_answers())
    assert answer.code("DomesticViolenceSurvivor") == 1
    assert answer.row.raw["DomesticViolenceVictim"] == "1"


def test_rows_of_another_export_are_listed(planned: MakePlan) -> None:
    world = tables()
    for number, row in enumerate(world["Client"]):
        row["ExportID"] = "e1" if number else "other"
    assert listed(planned(world)) == [("Client", 2, Reason.OTHER_EXPORT)]


def test_a_second_export_of_the_same_records_has_the_same_keys_and_digests(planned: MakePlan) -> None:
    first, world = planned(tables()), tables()
    world["Export"][0]["ExportID"] = "e2"
    for name, rows in world.items():
        if name != "Export":
            world[name] = [dict(reversed((row | {"ExportID": "e2", "New": ""}).items())) for row in rows]
    second = planned(world)

    def marks(plan: Plan) -> set[tuple[str, bytes]]:
        held = [*plan.organizations, *plan.projects, *plan.clients, *plan.enrollments]
        rows = [one.row for one in held] + [row.row for row in [*plan.services(), *plan.health_answers()]]
        return {(row.row_key, row.digest) for row in rows}

    assert marks(first) == marks(second)
    world["Client"][0]["LastName"] = "Nuevo"
    changed = marks(planned(world)) - marks(first)
    assert {key for key, _ in changed} == {"Client:c1"}
