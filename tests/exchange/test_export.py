"""HMIS out: 24 files with the exact columns, what was imported comes out again, and what was written here beside it."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from shelter.answers import actions as answers
from shelter.answers.actions import Keep
from shelter.cli.export_command import export_hmis_command
from shelter.clients.actions import merge, undo_merge
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.crypto import totp
from shelter.db import db
from shelter.db.sections import open_section
from shelter.desk import actions as night_desk
from shelter.desk.actions import Ticking
from shelter.exchange.hmis import build_plan, open_export
from shelter.exchange.hmis.layout import layout_of
from shelter.exchange.out import Exported, export_hmis
from shelter.exchange.out.agency import Places
from shelter.exchange.out.differences import Why
from shelter.exchange.out.spool import BLOCK, Sealed
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.policy.errors import Denied
from shelter.rules.interview import Stage
from shelter.rules.rollcall import Seen
from shelter.stays import actions as stays
from shelter.stays.actions import Leave, Leaving
from shelter.trail.rows import wrong_rows
from tests.exchange.hmis.sample import Tables, as_zip, child, members, tables
from tests.exchange.test_import_command import import_as, typed
from tests.factories.agency import World
from tests.factories.clients import Desk, client_id, named
from tests.factories.stays import DAY, guest, make_beds, stay_of, tonight

IDS = {"ExportID"}


def taken(world: World, **period: date) -> tuple[Exported, dict[str, list[dict[str, str]]], bytes]:
    """An export as a supervisor takes it: what is said of it, its rows by file, and its bytes."""
    target = io.BytesIO()
    done = export_hmis(world.actor("supervisor"), target, **period)
    data = target.getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    rows = {name[:-4]: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()}
    heads = {name[:-4]: next(csv.reader(io.StringIO(text))) for name, text in texts.items()}
    layout = layout_of("FY2026").files
    assert heads == {name: list(file.columns) for name, file in layout.items()}
    assert len(heads) == 24
    return done, rows, data


def imported(app: Flask, world: World, tmp_path: Path, made: Tables) -> None:
    result = import_as(app, world, as_zip(tmp_path / "export.zip", members(made)))
    assert result.exit_code == 0, result.output


def test_what_was_imported_comes_out_again_field_by_field(app: Flask, world: World, tmp_path: Path) -> None:
    made = tables()
    imported(app, world, tmp_path, made)
    done, rows, _ = taken(world)
    assert len(rows["Export"]) == 1
    assert {row["ExportID"] for file in rows.values() for row in file} == {rows["Export"][0]["ExportID"]}
    for file, before in made.items():
        if file == "Export":
            continue
        key = layout_of("FY2026").files[file].key
        after = {row[key]: row for row in rows[file]}
        for row in before:
            again = {column: after[row[key]][column] for column in row if column not in IDS}
            assert again == {column: cell for column, cell in row.items() if column not in IDS}, file
    assert [one for one in done.differences if one.why is not Why.OUT_OF_REACH] == []
    assert wrong_rows() == []


def test_it_can_be_read_by_the_importer_without_a_problem(app: Flask, world: World, tmp_path: Path) -> None:
    imported(app, world, tmp_path, tables())
    _, _, data = taken(world)
    path = tmp_path / "again.zip"
    path.write_bytes(data)
    with open_export(path) as export:
        plan = build_plan(export, today=date(2026, 11, 27))
    assert len(plan.clients) == 3
    assert [one for one in plan.problems if one.fate.value == "left_out"] == []


def test_flags_of_a_victim_service_provider_are_set_and_said(app: Flask, world: World, tmp_path: Path) -> None:
    made = tables()
    made["Organization"][0]["VictimServiceProvider"] = "0"
    imported(app, world, tmp_path, made)
    done, rows, _ = taken(world)
    assert [row["VictimServiceProvider"] for row in rows["Organization"]] == ["1", "1"]
    flags = [(one.file, one.column, one.count) for one in done.differences if one.why is Why.FLAG]
    assert flags == [("Organization", "VictimServiceProvider", 1)]
    assert {row["HMISParticipationType"] for row in rows["HMISParticipation"]} == {"2"}


def test_what_was_written_here_is_there_with_what_she_answered(app: Flask, world: World) -> None:
    beds, who = make_beds(world), world.actor("caseworker")
    code = named(world, "Ana María Prueba", called="Lin")
    stays.admit(who, stays.Admit(code, beds["A"], tonight() - 9 * DAY))
    stay = stay_of(code)
    said = {"living_situation": ["jail"], "survivor": ["yes"], "violence_when": ["year"], "any_income": ["yes"]}
    said |= {"income": ["TANF"], "disability": ["chronic"]}
    skipped = {"fleeing": "does_not_know", "disabling": "prefers_not"}
    answers.keep(who, Keep(code, stay.id, Stage.ENTRY, tonight() - 8 * DAY, said, {"income_TANF": 640}, skipped))
    stays.leave(who, Leave(code, stay.id, tonight() - DAY, 1, Leaving(destination="family_for_good")))
    _, rows, _ = taken(world)
    (person,) = [row for row in rows["Client"] if row["PersonalID"] == client_id(code).hex()]
    assert (person["FirstName"], person["LastName"], person["NameDataQuality"]) == ("Ana María", "Prueba", "1")
    (one,) = rows["Enrollment"]
    told = {name: one[name] for name in ("EntryDate", "RelationshipToHoH", "LivingSituation", "DisablingCondition")}
    assert told == {
        "EntryDate": str(tonight() - 9 * DAY),
        "RelationshipToHoH": "1",
        "LivingSituation": "207",
        "DisablingCondition": "9",
    }
    assert one["ProjectID"] in {row["ProjectID"] for row in rows["Project"]}
    assert [(row["ExitDate"], row["Destination"]) for row in rows["Exit"]] == [(str(tonight() - DAY), "422")]
    (health,) = rows["HealthAndDV"]
    assert [health[name] for name in ("DomesticViolenceSurvivor", "WhenOccurred", "CurrentlyFleeing")] == [
        "1",
        "3",
        "8",
    ]
    (income,) = rows["IncomeBenefits"]
    assert [income[name] for name in ("TANF", "Earned", "SNAP", "TotalMonthlyIncome")] == ["1", "0", "99", "640.00"]
    assert [income[name] for name in ("TANFAmount", "EarnedAmount", "OtherIncomeAmount")] == ["640.00", "", ""]
    types = {row["DisabilityType"]: row["DisabilityResponse"] for row in rows["Disabilities"]}
    assert types == {"5": "0", "6": "0", "7": "1", "8": "0", "9": "0", "10": "0"}


def test_a_house_counted_night_by_night_goes_out_with_the_nights_of_its_roll(world: World) -> None:
    beds, who = make_beds(world), world.actor("caseworker")
    code = named(world, "Ana María Prueba", called="Lin")
    stays.admit(who, stays.Admit(code, beds["A"], tonight() - 4 * DAY))
    for days, seen in ((4, Seen.HERE), (3, Seen.AWAY), (2, Seen.HERE)):
        night_desk.tick(who, Ticking(code, tonight() - days * DAY, seen))
    assert taken(world)[1]["Services"] == []
    places.change_rules(world.actor("supervisor"), ChangeRules(world.sites["north"], 90, None, 0, night_by_night=True))
    _, rows, _ = taken(world)
    nights = [(row["DateProvided"], row["RecordType"], row["TypeProvided"]) for row in rows["Services"]]
    assert nights == [(str(tonight() - days * DAY), "200", "200") for days in (4, 2)]
    assert {row["EnrollmentID"] for row in rows["Services"]} == {row["EnrollmentID"] for row in rows["Enrollment"]}
    assert len({row["ServicesID"] for row in rows["Services"]}) == 2
    assert {row["ProjectID"]: row["ProjectType"] for row in rows["Project"]}[world.sites["north"].hex()] == "1"


def test_a_person_under_two_codes_goes_out_once_with_one_stay(app: Flask, world: World, tmp_path: Path) -> None:
    """Imported under one code, met again under another: one PersonalID, one row of who she is, her own stays joined,
    and who came with her under either code in one household."""
    imported(app, world, tmp_path, tables())
    beds, who, sofia = make_beds(world, labels="ABC"), world.actor("caseworker"), world.actor("supervisor")
    kept, gone, child = (named(world, f"Ana {word} Prueba", called="Lin") for word in ("Uno", "Dos", "Tres"))
    stays.admit(who, stays.Admit(kept, beds["A"], tonight() - 9 * DAY))
    stays.admit(who, stays.Admit(gone, beds["B"], tonight() - 7 * DAY, guests=(guest(child, beds["C"]),)))
    for code, version in ((kept, 4 * DAY), (gone, DAY)):
        answers.keep(who, Keep(code, stay_of(code).id, Stage.ENTRY, tonight() - 7 * DAY, {"survivor": ["yes"]}, {}, {}))
        went = Leaving(destination="family_for_good")
        stays.leave(who, Leave(code, stay_of(code).id, tonight() - version, 1, went))
    came = next(one for one in db.session.scalars(select(Client)) if one.code not in (kept, gone, child))
    _, before, _ = taken(world)
    merge(sofia, gone, kept)
    merge(sofia, came.code, kept)
    done, rows, data = taken(world)
    assert done.people == len(rows["Client"]) == len(before["Client"]) - 2
    assert {one.count for one in done.differences if one.why is Why.MERGED} == {2}
    hers = [row for row in rows["Enrollment"] if row["PersonalID"] == client_id(kept).hex()]
    own = [row for row in hers if row["EntryDate"] == str(tonight() - 9 * DAY)]
    assert len(own) == 1
    assert [row["ExitDate"] for row in rows["Exit"] if row["EnrollmentID"] == own[0]["EnrollmentID"]] == [
        str(tonight() - DAY)
    ]
    assert len([row for row in rows["HealthAndDV"] if row["EnrollmentID"] == own[0]["EnrollmentID"]]) == 1
    with_her = [row for row in rows["Enrollment"] if row["PersonalID"] == client_id(child).hex()]
    assert [row["HouseholdID"] for row in with_her] == [own[0]["HouseholdID"]]
    known = {row["PersonalID"] for row in rows["Client"]}
    assert {row["PersonalID"] for file in rows.values() for row in file if "PersonalID" in row} == known
    assert {row["EnrollmentID"] for row in before["Enrollment"]} - {row["EnrollmentID"] for row in rows["Enrollment"]}
    path = tmp_path / "merged.zip"
    path.write_bytes(data)
    with open_export(path) as export:
        assert [one for one in build_plan(export, today=tonight()).problems if one.fate.value == "left_out"] == []
    undo_merge(sofia, gone)
    undo_merge(sofia, came.code)
    assert [row["PersonalID"] for row in taken(world)[1]["Client"]] == [row["PersonalID"] for row in before["Client"]]


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


def _identities(world: World) -> dict[str, Identity]:
    clients = db.session.scalars(select(Client)).all()
    opened = {one.code: open_section(world.actor("supervisor"), one, IDENTITY) for one in clients}
    db.session.rollback()
    return {code: read for code, read in opened.items() if read}


def test_two_who_are_joined_the_other_way_round_leave_everybody_in_one_household(world: World) -> None:
    """The mother came first under the code of one household, her child under that of the other; each has a sister."""
    beds, who, sofia = make_beds(world, labels="ABCDEF"), world.actor("caseworker"), world.actor("supervisor")
    mother, young, ada, other, small, eve = (named(world, f"{one} Prueba", called="Lin") for one in "ABCDEF")
    day = tonight() - 9 * DAY
    stays.admit(who, stays.Admit(mother, beds["A"], day, guests=(guest(ada, beds["B"]),)))
    came = (guest(small, beds["D"]), guest(eve, beds["E"]))
    stays.admit(who, stays.Admit(other, beds["C"], day + DAY, guests=came))
    stays.admit(who, stays.Admit(young, beds["F"], day + 2 * DAY, joins=mother))
    merge(sofia, other, mother)
    merge(sofia, small, young)
    rows = taken(world)[1]["Enrollment"]
    assert sorted(row["RelationshipToHoH"] == "1" for row in rows) == [False, False, False, True]
    assert len({row["HouseholdID"] for row in rows}) == 1


def test_a_period_takes_the_enrollments_open_in_it_with_their_rows_up_to_its_last_day(
    app: Flask, world: World, tmp_path: Path
) -> None:
    imported(app, world, tmp_path, tables())

    def ids(first: date, last: date) -> dict[str, list[str]]:
        _, rows, _ = taken(world, first=first, last=last)
        (export,) = rows["Export"]
        assert (export["ExportStartDate"], export["ExportEndDate"]) == (str(first), str(last))
        assert export["ExportPeriodType"] == "3"
        keys = {"Client": "PersonalID", "Enrollment": "EnrollmentID", "Exit": "ExitID", "Services": "ServicesID"}
        return {file: sorted(row[key] for row in rows[file]) for file, key in keys.items()}

    assert ids(date(2025, 10, 8), date(2025, 10, 31)) == {  # n1 leaves on the first day of it: that day counts
        "Client": ["c1", "c2"],
        "Enrollment": ["n1", "n2"],
        "Exit": ["x1"],
        "Services": [],
    }
    assert ids(date(2025, 10, 1), date(2025, 10, 7)) == {  # what happened after the last day is not known yet
        "Client": ["c1", "c2"],
        "Enrollment": ["n1", "n2"],
        "Exit": [],
        "Services": [],
    }
    assert ids(date(2025, 10, 9), date(2025, 11, 2)) == {
        "Client": ["c2", "c3"],
        "Enrollment": ["n2", "n3"],
        "Exit": [],
        "Services": ["s1", "s2"],
    }
    assert ids(date(2025, 1, 1), date(2025, 9, 30)) == {
        file: [] for file in ("Client", "Enrollment", "Exit", "Services")
    }
    done, rows, _ = taken(world, first=date(2025, 10, 9), last=date(2025, 11, 2))
    left_out = {one.file: one.count for one in done.differences if one.why is Why.OUT_OF_PERIOD}
    assert left_out == {"Client": 1, "Enrollment": 1, "Exit": 1, "Services": 2, "HealthAndDV": 1}
    assert done.people == len(rows["Client"]) == 2


def test_a_deleted_exit_ended_nothing_and_parts_go_where_their_assessment_goes(
    app: Flask, world: World, tmp_path: Path
) -> None:
    made = tables()
    made["Exit"][0]["DateDeleted"] = "2025-10-09 08:00:00"
    days = {"a1": "2025-11-01", "a2": "2025-11-20"}
    made["Assessment"] = [child("AssessmentID", key, "n1", "c1", AssessmentDate=day) for key, day in days.items()]
    for file, key in (("AssessmentQuestions", "AssessmentQuestionID"), ("AssessmentResults", "AssessmentResultID")):
        made[file] = [child(key, f"of {one}", "n1", "c1", AssessmentID=one) for one in days]
    imported(app, world, tmp_path, made)
    done, rows, _ = taken(world, first=date(2025, 11, 1), last=date(2025, 11, 10))
    assert {row["EnrollmentID"] for row in rows["Enrollment"]} == {"n1", "n2", "n3"}
    parts = ("Assessment", "AssessmentQuestions", "AssessmentResults")
    assert {file: [row["AssessmentID"] for row in rows[file]] for file in parts} == {file: ["a1"] for file in parts}
    left_out = {one.file: one.count for one in done.differences if one.why is Why.OUT_OF_PERIOD}
    assert left_out == dict.fromkeys(parts, 1)


def test_stays_lived_here_belong_to_a_period_by_the_same_rule(world: World) -> None:
    beds, who = make_beds(world), world.actor("caseworker")
    code = named(world, "Ana María Prueba", called="Lin")
    first, left = tonight() - 20 * DAY, tonight() - 10 * DAY
    stays.admit(who, stays.Admit(code, beds["A"], first))
    answers.keep(who, Keep(code, stay_of(code).id, Stage.ENTRY, first + DAY, {"survivor": ["yes"]}, {}, {}))
    stays.leave(who, Leave(code, stay_of(code).id, left, 1, Leaving(destination="family_for_good")))

    def counts(start: date, end: date) -> tuple[int, ...]:
        rows = taken(world, first=start, last=end)[1]
        return tuple(len(rows[file]) for file in ("Client", "Enrollment", "Exit", "HealthAndDV"))

    assert counts(left, left) == (1, 1, 1, 1)
    assert counts(first, left - DAY) == (1, 1, 0, 1)
    assert counts(first, first) == (1, 1, 0, 0)
    assert counts(left + DAY, tonight() - DAY) == (0, 0, 0, 0)
    assert counts(first - 9 * DAY, first - DAY) == (0, 0, 0, 0)


def test_a_stay_that_is_only_planned_is_no_enrollment_yet(world: World) -> None:
    beds = make_beds(world)
    code = named(world, "Ana María Prueba", called="Lin")
    stays.admit(world.actor("caseworker"), stays.Admit(code, beds["A"], tonight() + 9 * DAY))
    assert taken(world)[1]["Enrollment"] == []


def test_the_page_says_beside_the_field_which_day_cannot_be_meant(app: Flask, world: World) -> None:
    boss = Desk(app, world, "supervisor")
    for days, field, said in (
        ({"first": "2026-02-01", "last": "2026-01-31"}, "last", "The period ends before it begins"),
        ({"first": "2026-01-01", "last": "2099-01-31"}, "last", "still to come"),
        ({"first": "1907-01-01", "last": "2026-01-31"}, "first", "before 1990"),
        ({"first": "2099-01-01"}, "first", "ends before it begins"),
        ({"first": "31 of never"}, "first", "date"),
    ):
        answer = boss.post("/exchange/hmis-out", for_us="1", **days)
        assert answer.status_code == 422, days
        assert f'id="{field}-error"' in answer.text
        assert said in answer.text
        assert all(f'value="{day}"' in answer.text for day in days.values())
    answer = boss.post("/exchange/hmis-out", for_us="1", first="2026-01-01", last="2026-01-31")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        (export,) = csv.DictReader(io.StringIO(archive.read("Export.csv").decode()))
    assert (export["ExportStartDate"], export["ExportEndDate"]) == ("2026-01-01", "2026-01-31")


@pytest.mark.parametrize("who", ["caseworker", "desk", "director", "administrator", "advocate"])
def test_supervisors_alone_take_it(world: World, who: str) -> None:
    with pytest.raises(Denied):
        export_hmis(world.actor(who), io.BytesIO())


def test_the_page_says_that_the_file_names_people_and_asks_for_a_promise(app: Flask, world: World) -> None:
    boss = Desk(app, world, "supervisor")
    assert "as identifying as her record" in boss.get("/exchange/hmis-out").text
    assert boss.post("/exchange/hmis-out").status_code == 422
    answer = boss.post("/exchange/hmis-out", for_us="1")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 24
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_command_writes_a_file_for_its_owner_alone(app: Flask, world: World, tmp_path: Path) -> None:
    path, member = tmp_path / "out.zip", world.members["supervisor"]
    result = run_export(app, world, path)
    assert result.exit_code == 0, result.output
    assert path.stat().st_mode & 0o077 == 0
    assert "upload it nowhere" in result.output
    assert member.passphrase not in result.output


def test_the_command_takes_a_period_and_refuses_one_that_cannot_be_meant(
    app: Flask, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "out.zip"
    refused = run_export(app, world, path, "--from", "2026-02-01", "--until", "2026-01-31")
    assert refused.exit_code == 1
    assert "The period ends before it begins" in refused.output
    assert not path.exists()


def run_export(app: Flask, world: World, path: Path, *more: str) -> Result:
    member = world.members["supervisor"]
    with typed(member.passphrase, totp.code_at(member.totp_secret, time.time())) as descriptor:
        arguments = [str(path), "--as", member.sign_in_name, "--passphrase-fd", str(descriptor), *more]
        result = app.test_cli_runner().invoke(export_hmis_command, arguments, env={"LANG": "en_US.UTF-8"})
    db.session.rollback()
    return result


def test_nothing_lies_open_on_the_way(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pile = Sealed(world.actor("supervisor").agency)
    words = b"Quirina Vantongeren,1991-07-23\r\n"
    while pile.write(words) and pile._file.tell() < BLOCK:
        pass
    pile._file.seek(0)
    assert b"Vantongeren" not in pile._file.read()
    assert b"".join(pile.blocks()).startswith(words)
    pile.close()
