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
from shelter.clients.models import Client
from shelter.crypto import totp
from shelter.db import db
from shelter.desk import actions as night_desk
from shelter.desk.actions import Ticking
from shelter.exchange.hmis import build_plan, open_export
from shelter.exchange.hmis.layout import layout_of
from shelter.exchange.out import Exported, export_hmis
from shelter.exchange.out.differences import Why
from shelter.exchange.out.spool import BLOCK, Sealed
from shelter.places import actions as places
from shelter.places.actions import ChangeRules, MoveBed, NewBeds, NewUnit
from shelter.policy.errors import Denied
from shelter.rules.interview import Stage
from shelter.rules.rollcall import Seen
from shelter.stays import actions as stays
from shelter.stays.actions import Leave, Leaving
from shelter.trail.rows import wrong_rows
from tests.exchange.hmis.sample import Tables, as_zip, members, tables
from tests.exchange.test_import_command import import_as, typed
from tests.factories.agency import World
from tests.factories.clients import Desk, client_id, named, save_birth
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


def test_a_house_is_no_younger_for_a_bed_that_was_moved(world: World) -> None:
    bed = make_beds(world)["A"]
    unit = places.add_unit(world.actor("administrator"), NewUnit(world.sites["north"], "Room 9", NewBeds(("Z",))))
    places.move_bed(world.actor("administrator"), MoveBed(bed, unit, tonight()))
    rows, house = taken(world)[1], world.sites["north"].hex()
    starts = {
        "Project": "OperatingStartDate",
        "HMISParticipation": "HMISParticipationStatusStartDate",
        "Inventory": "InventoryStartDate",
    }
    for file, column in starts.items():
        assert [row[column] for row in rows[file] if row["ProjectID"] == house] == ["1990-01-01"]


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


def test_what_is_not_asked_of_a_child_stays_empty_and_violence_a_year_later_is_an_update(
    app: Flask, world: World
) -> None:
    beds, who = make_beds(world, labels="ABC"), world.actor("caseworker")
    mother, small, grown = named(world, "Ana Prueba"), named(world, "Ben Prueba"), named(world, "Cia Prueba")
    save_birth(who, small, tonight().year - 8)
    save_birth(who, grown, 1990)
    came = (guest(small, beds["B"]), guest(grown, beds["C"]))
    stays.admit(who, stays.Admit(mother, beds["A"], tonight() - 400 * DAY, guests=came))
    for code in (mother, small, grown):
        answers.keep(who, Keep(code, stay_of(code).id, Stage.ENTRY, tonight() - 399 * DAY, {"any_insurance": ["no"]}))
    answers.keep(who, Keep(mother, stay_of(mother).id, Stage.ANNUAL, tonight() - 30 * DAY, {"survivor": ["yes"]}))
    _, rows, _ = taken(world)
    id_of = {code: client_id(code).hex() for code in (mother, small, grown)}

    def cells(file: str, column: str) -> dict[str, str]:
        return {row["PersonalID"]: row[column] for row in rows[file]}

    assert cells("Enrollment", "LivingSituation") == {id_of[mother]: "99", id_of[grown]: "99", id_of[small]: ""}
    assert set(cells("Enrollment", "DisablingCondition").values()) == {"99"}
    income = {row["PersonalID"]: row for row in rows["IncomeBenefits"] if row["DataCollectionStage"] == "1"}
    assert {one: row["InsuranceFromAnySource"] for one, row in income.items()} == dict.fromkeys(id_of.values(), "0")
    assert [income[id_of[code]]["IncomeFromAnySource"] for code in (mother, small, grown)] == ["99", "", "99"]
    health = sorted((row["PersonalID"], row["DataCollectionStage"]) for row in rows["HealthAndDV"])
    assert health == sorted([(id_of[mother], "1"), (id_of[mother], "2"), (id_of[grown], "1")])


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
