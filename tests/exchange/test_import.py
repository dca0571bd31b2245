"""An export comes in: where each part lands, that nothing is lost, that a second time adds nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shelter.clients import directory
from shelter.clients.actions import save_part
from shelter.clients.models import DESK_CARD, Assignment, Client, Denial, HouseholdMember
from shelter.clients.parts import Names, Part, Progress, SavePart
from shelter.clients.queries import find, my_people
from shelter.db import db, segments
from shelter.db.agency import Site
from shelter.db.sections import open_section
from shelter.exchange import job
from shelter.exchange.models import PROJECT_HOUSE, Project
from shelter.policy.errors import Denied
from shelter.reports.ledger import current
from shelter.rules.broken import Broken
from shelter.stays.models import Stay, StayBed
from shelter.trail.proof import prove
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.exchange.hmis.sample import Tables, child, enrollment, leave, person, tables
from tests.factories.agency import World
from tests.factories.exports import (
    WRITTEN_ALONG,
    bring_in_tables,
    enrollments,
    everything,
    identities,
    kept_rows,
)

HASH = "2cb30d5ef678412db20875ccf25c63ff"


def days(client: Client) -> list[tuple[date, date | None]]:
    query = select(StayBed.from_day, StayBed.until_day).join(Stay, Stay.id == StayBed.stay_id)
    return sorted(
        ((start, end) for start, end in db.session.execute(query.where(Stay.client_id == client.id))), key=repr
    )


def heads() -> dict[bytes, bool]:
    query = select(HouseholdMember.client_id, HouseholdMember.head)
    return {client: head for client, head in db.session.execute(query)}  # noqa: C416 - dict() takes a result for a mapping


def hashed(of: Tables) -> Tables:
    of["Export"][0]["HashStatus"] = "4"
    for row in of["Client"]:
        row.update(FirstName=HASH, LastName=HASH, SSN=HASH)
    return of


def test_people_come_with_their_names_birth_dates_households_and_nights(world: World, tmp_path: Path) -> None:
    done = bring_in_tables(world, tmp_path, tables())
    assert (done.new, done.changed, done.unchanged, done.stays) == (3, 0, 0, 4)
    known = identities(world)
    ana, bo, dee = (known[key] for key in ("c1", "c2", "c3"))
    assert [one.birth.precision for _, one in (ana, bo, dee)] == ["exact", "approximate", "declined"]
    assert (ana[1].legal_name, ana[1].birth.year, ana[1].birth.month, ana[1].birth.day) == ("Ana Prueba", 1990, 2, 3)
    assert days(ana[0]) == [(date(2025, 10, 1), date(2025, 10, 8))]
    assert days(bo[0]) == [(date(2025, 10, 1), None)]
    assert days(dee[0]) == [(date(2025, 11, 1), date(2025, 11, 4)), (date(2025, 11, 7), date(2025, 11, 8))]
    assert heads() == {ana[0].id: True, bo[0].id: False}
    parties = db.session.scalars(select(Stay.party_id).where(Stay.client_id.in_([ana[0].id, bo[0].id]))).all()
    assert len(parties) == 2
    assert len(set(parties)) == 1


def test_each_house_is_a_site_whose_real_name_is_sealed_and_where_the_importer_works(
    world: World, tmp_path: Path
) -> None:
    bring_in_tables(world, tmp_path, tables())
    sites = {site.code_name: site for site in db.session.scalars(select(Site))}
    assert {"Project p0", "Project p1"} <= sites.keys()
    assert "Project p13" not in sites  # rapid re-housing is no place of the agency
    assert not any(site.closed for site in sites.values())
    actor = world.actor("supervisor")
    houses = [open_section(actor, row, PROJECT_HOUSE) for row in db.session.scalars(select(Project))]
    assert {(one.name, one.organization) for one in houses if one} >= {("Alba house", "Casa Alba")}
    known = identities(world)
    assert known["c1"][0].site_id == sites["Project p0"].id
    assert known["c3"][0].site_id == sites["Project p1"].id
    assert {row.called for row in my_people(actor).rows} == {"c1", "c2", "c3"}
    assert {row.code for row in find(actor, "prueba ana")} >= {known["c1"][0].code}


def test_the_desk_gets_no_name_and_no_working_name_is_made_of_a_legal_one(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    client, identity = identities(world)["c1"]
    card = open_section(world.actor("desk"), client, DESK_CARD)
    assert card is not None
    assert (card.working_name, card.hmis_personal_id, identity.working_name) == ("", "c1", "")


def test_every_column_of_every_file_is_kept_as_it_was_written(world: World, tmp_path: Path) -> None:
    of = tables()
    of["Client"][0]["Favourite Colour"] = "=HYPERLINK(1)"
    of["HealthAndDV"].append(child("HealthAndDVID", "d9", "n1", "c1", DateDeleted="2025-12-01 10:00:00"))
    of["Client"].append(person("c9", FirstName="Gone", DateDeleted="2025-12-01 10:00:00"))
    of["Enrollment"].append(enrollment("n9", "c9", "p0", "2025-10-01", "h9", "1"))
    bring_in_tables(world, tmp_path, of)
    kept = kept_rows(world)
    for file, rows in of.items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        written = [{name: row.get(name, "") for name in columns} for row in rows]
        assert sorted(kept[file], key=repr) == sorted(written, key=repr), file
    assert "c9" not in identities(world)


def test_answers_stay_with_their_enrollment(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    _, ana = enrollments(world, identities(world)["c1"][0])["n1"]
    assert (ana.entry, ana.exit, ana.destination) == (date(2025, 10, 1), date(2025, 10, 8), 410)
    assert [(one.on, one.survivor, one.stage) for one in ana.violence] == [(date(2025, 10, 1), 1, 1)]


def test_the_same_file_again_adds_nothing(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    before = everything(but=WRITTEN_ALONG)
    done = bring_in_tables(world, tmp_path, tables())
    assert (done.new, done.changed, done.unchanged, done.stays) == (0, 0, 3, 0)
    assert everything(but=WRITTEN_ALONG) == before


def test_a_later_file_adds_what_is_new_and_changes_what_nobody_here_has_changed(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    dee = identities(world)["c3"][0]
    names = SavePart(dee.code, Part.NAMES, 0, Names("Dolores Ejemplo", ()), progress=Progress.DONE)
    save_part(world.actor("supervisor"), names)
    later = tables()
    later["Client"][1]["LastName"] = "Nueva"
    later["Client"][2]["FirstName"] = "Della"
    later["Client"].append(person("c4", FirstName="Eva", LastName="Prueba", DOB="1970-01-01", DOBDataQuality="1"))
    later["Enrollment"].append(enrollment("n4", "c4", "p0", "2025-12-01", "h1", "3"))
    later["Enrollment"].append(enrollment("n5", "c1", "p0", "2026-01-05", "h5", "1"))
    later["Exit"].append(leave("x2", "n2", "c2", "2025-12-24"))
    done = bring_in_tables(world, tmp_path, later)
    assert (done.new, done.changed, done.unchanged) == (1, 3, 0)
    known = identities(world)
    assert {key: one.legal_name for key, (_, one) in known.items()} == {
        **{"c1": "Ana Prueba", "c2": "Bo Nueva", "c3": "Dolores Ejemplo", "c4": "Eva Prueba"}
    }
    assert days(known["c2"][0]) == [(date(2025, 10, 1), date(2025, 12, 24))]
    assert days(known["c1"][0]) == [(date(2025, 10, 1), date(2025, 10, 8)), (date(2026, 1, 5), None)]
    assert set(enrollments(world, known["c1"][0])) == {"n1", "n5"}
    assert heads().keys() == {known[key][0].id for key in ("c1", "c2", "c4")}
    actor = world.actor("supervisor")
    assert find(actor, "bo nueva")[0].called == "c2"
    assert everything(but=WRITTEN_ALONG) == _after_a_second_time(world, tmp_path, later)
    assert wrong_rows() == []


def _after_a_second_time(world: World, folder: Path, of: Tables) -> object:
    bring_in_tables(world, folder, of)
    return everything(but=WRITTEN_ALONG)


def test_a_stay_that_people_here_have_changed_is_left_to_them(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    bo = identities(world)["c2"][0]
    with recorded(world.actor("supervisor"), "corrected"):
        row = db.session.scalars(select(StayBed).join(Stay, Stay.id == StayBed.stay_id).where(Stay.client_id == bo.id))
        row.one().until_day = date(2025, 11, 11)
    later = tables()
    later["Exit"].append(leave("x2", "n2", "c2", "2025-12-24"))
    bring_in_tables(world, tmp_path, later)
    assert days(bo) == [(date(2025, 10, 1), date(2025, 11, 11))]


def test_a_record_that_the_importer_may_not_open_is_left_alone(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    bo = identities(world)["c2"][0]
    with recorded(None, "conflict"):
        db.session.add(Denial(client_id=bo.id, staff_id=world.members["supervisor"].id))
    later = tables()
    later["Client"][1]["LastName"] = "Nueva"
    before = everything(but=WRITTEN_ALONG)
    done = bring_in_tables(world, tmp_path, later)
    assert (done.changed, done.unchanged, done.out_of_reach) == (0, 2, 1)
    assert everything(but=WRITTEN_ALONG) == before


def test_hashed_names_are_kept_and_found_by_nobody(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, hashed(tables()))
    actor = world.actor("supervisor")
    assert {one.legal_name for _, one in identities(world).values()} == {""}
    with segments.scanning(actor, directory.shelf(actor, directory.Lane.NAMES)) as contents:
        assert list(contents) == []
    assert [row["FirstName"] for row in kept_rows(world)["Client"]] == [HASH] * 3
    assert {row.called for row in my_people(actor).rows} == {"c1", "c2", "c3"}
    assert find(actor, HASH[:20].strip("0123456789")) == []


def test_reports_learn_years_and_months_and_nothing_else(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    facts = current(world.actor("director"))
    assert sorted(one.values["born"] for one in facts if one.what == "person") == [0, 1990, 2015]
    spans = sorted((one.values["from"], one.values["until"]) for one in facts if one.what == "stay")
    assert spans == [("2025-10", ""), ("2025-10", "2025-10"), ("2025-11", "2025-11"), ("2025-11", "2025-11")]


def test_every_sealed_row_is_in_the_trail_and_the_trail_proves_itself(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    assert wrong_rows() == []
    assert prove().holds


def test_children_that_seal_bring_the_same(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "TASK", 1)
    monkeypatch.setattr(job, "CHILDREN_FROM", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    done = bring_in_tables(world, tmp_path, tables())
    assert done.new == 3
    known = identities(world)
    assert {one.legal_name for _, one in known.values()} == {"Ana Prueba", "Bo Prueba", "Dee Ejemplo"}
    assert [row.called for row in find(world.actor("supervisor"), "dee ejemplo")] == ["c3"]
    assert wrong_rows() == []


@pytest.mark.parametrize("who", ["caseworker", "advocate", "director", "administrator", "desk", "auditor"])
def test_only_supervisors_import(world: World, tmp_path: Path, who: str) -> None:
    before = everything()
    with pytest.raises(Denied):
        bring_in_tables(world, tmp_path, tables(), who)
    assert everything() == before


def test_somebody_who_works_nowhere_cannot_import(world: World, tmp_path: Path) -> None:
    with recorded(None, "closed"):
        for site in db.session.scalars(select(Site)):
            site.closed = True
    with pytest.raises(Broken) as refused:
        bring_in_tables(world, tmp_path, tables())
    assert refused.value.message_key == "import.no_site"
    assert db.session.scalar(select(func.count()).select_from(Client)) == 0
    assert db.session.scalar(select(func.count()).select_from(Assignment)) == 0
