"""The kit of FY2022 and the demonstration of FY2026, imported whole."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shelter.clients import directory
from shelter.clients.queries import find, my_people
from shelter.db import db, segments
from shelter.exchange.hmis import build_plan, open_export
from shelter.exchange.hmis.layout import layout_of
from shelter.exchange.models import Enrollment
from shelter.exchange.out import export_hmis
from shelter.exchange.out.differences import Why
from shelter.stays.models import Stay
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.exchange.hmis.conftest import shared_data
from tests.factories.agency import World
from tests.factories.exports import WRITTEN_ALONG, bring_in, everything, identities, kept_rows

__all__ = ["shared_data"]


def test_everybody_of_the_kit_is_found_by_name(world: World, shared_data: Path) -> None:
    folder = shared_data / "hmis_caper_fy2021" / "input"
    done = bring_in(world, folder)
    assert (done.new, done.stays) == (37, 37)
    actor = world.actor("supervisor")
    found = set()
    for key, (client, identity) in identities(world).items():
        if client.code in {row.code for row in find(actor, identity.legal_name)}:
            found.add(key)
    assert len(found) == 37
    assert len(my_people(actor).rows) == 37
    with open_export(folder) as export:
        plan = build_plan(export, today=date(2026, 2, 1))
        written = {file: count.read for file, count in plan.counts.items() if count.read}
    assert {file: len(rows) for file, rows in kept_rows(world).items()} == written


@pytest.mark.slow
def test_the_demonstration_comes_in_once_and_by_no_name(world: World, shared_data: Path) -> None:
    path = shared_data / "hmis_demo_2026" / "demo.zip"
    done = bring_in(world, path)
    assert (done.new, done.stays) == (4146, 1304)
    assert db.session.scalar(select(func.count()).select_from(Enrollment)) == 4771
    assert db.session.scalar(select(func.count()).select_from(Stay)) == 1304
    actor = world.actor("supervisor")
    with segments.scanning(actor, directory.shelf(actor, directory.Lane.NAMES)) as contents:
        assert list(contents) == []
    page = my_people(actor)
    assert len(page.rows) == 50
    assert all(row.called.isdigit() for row in page.rows)
    assert wrong_rows() == []
    assert prove().holds
    ours = {"HMISParticipation": 3, "Organization": 1, "Project": 3, "User": 1}
    assert differences(path, world) == {(file, "rows"): count for file, count in ours.items()}
    before = everything(but=WRITTEN_ALONG)
    again = bring_in(world, path)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4146)
    assert everything(but=WRITTEN_ALONG) == before


def differences(path: Path, world: World) -> dict[tuple[str, str], int]:
    """What comes out of the demonstration otherwise than it went in, by file and column, beside what the export lists.

    The serial number and the one row that describes the export are those of the new one.
    """
    target, found = io.BytesIO(), Counter[tuple[str, str]]()
    done = export_hmis(world.actor("supervisor"), target)
    listed = Counter({(one.file, one.column): one.count for one in done.differences if one.why is not Why.OUT_OF_REACH})
    with zipfile.ZipFile(path) as went_in, zipfile.ZipFile(target) as came_out:
        for file, layout in layout_of("FY2026").files.items():
            if file == "Export":
                continue
            after = {row[layout.key]: row for row in rows_of(came_out, file)}
            before = rows_of(went_in, file)
            found[file, "rows"] += len(after) - len(before)
            for row in before:
                again = after.get(row[layout.key], {})
                found.update(
                    (file, column) for column in row if column != "ExportID" and again.get(column) != row[column]
                )
    return {place: count for place, count in found.items() if count and count != listed[place]}


def rows_of(archive: zipfile.ZipFile, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(f"{file}.csv").decode("utf-8-sig"), newline="")))
